"""A programme's pages are kept and never stale: whatever is written, they say what a new process would say."""

from __future__ import annotations

import gc
import random
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.activities.models import Activity, ActivityAction, Session
from integration.activities.services import cancel_session, move_session, restore_session
from integration.checkin.services import Report as Told
from integration.checkin.services import close_session, record_scans
from integration.history.models import Import
from integration.indicators.queries import exact_figures, newest_report
from integration.indicators.rules import Said
from integration.indicators.services import (
    accept_report,
    clear_old_keys,
    fold_due,
    lock_figure,
    rebuild,
    reopen_figure,
    save_report,
)
from integration.kernel.baked import Baked
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import Base, DbSession, transaction
from integration.kernel.errors import Refusal
from integration.kernel.versions import versions
from integration.organisations.models import Organisation
from integration.programme.models import (
    Action,
    Indicator,
    IndicatorKind,
    Measure,
    Part,
    Programme,
    Responsibility,
    TargetForm,
    TargetPeriod,
)
from integration.programme.queries import IndicatorOutline, ProgrammeOutline, programme_outline
from integration.programme.rules import TargetTerm
from integration.programme.services import Editor, edit_row, set_targets
from integration.report.models import ReportKind
from integration.report.routes.keeping import FIGURES, LIVE, WATCHED
from integration.report.services import order_edition
from integration.web import keeping as pieces
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import make_actor, sign_in_as
from tests.factories.checkin import make_device, scan_of
from tests.factories.figures import close, computed, indicator, make_action, make_attendance, make_line, make_programme
from tests.factories.figures import serve as let_serve
from tests.factories.organisations import make_organisation
from tests.factories.registration import make_card
from tests.factories.spreadsheets import bring_in, csv_of, decide
from tests.sampling import EVERYTHING

Statements = Callable[[], AbstractContextManager[list[str]]]
NOW = utc_now()
YEAR = local_date(NOW).year
TOKEN = "TOKEN-OF-THE-DOOR"
PUBLIC = "/sv/programmes/town"
PAGES = (PUBLIC, f"/en/programmes/town?year={YEAR - 1}", "/fi/programmes/town/framework")
STEPS = 200 if EVERYTHING else 0
_numbers = count(1)


@dataclass
class Town:
    """A programme with sessions of this year and the last; ids, for every write has a database session of its own."""

    programme: Programme
    actions: list[Action]
    activity: Activity
    sessions: list[int]
    running: int
    partner: int
    digests: list[str]


@pytest.fixture
def town(db_session: DbSession) -> Town:
    """What counts is counted by one action; of the other everything is reported."""
    programme = make_programme(db_session, slug="town", first_year=YEAR - 3, last_year=YEAR)
    years = {"first_year": YEAR - 3, "last_year": YEAR}
    actions = [make_action(db_session, programme, number=str(number), **years) for number in (1, 2)]
    for measure in Measure:
        make_line(db_session, actions[0], computed(measure, **years), slug=f"cafe-{measure}")
    make_line(db_session, actions[1], indicator(IndicatorKind.REPORTED, slug="owed", **years))
    partner = make_organisation(db_session).id
    db_session.add(
        Responsibility(
            action_id=actions[1].id, organisation_id=partner, part=Part.RESPONSIBLE, starts_on=date(2020, 1, 1)
        )
    )
    activity = make_activity(db_session, slug="culture-cafe", title={"sv": "Kulturkafé", "fi": "Kulttuurikahvila"})
    let_serve(db_session, activity, actions[0])
    sessions = []
    for days in (3, 40, 200, 370, 400):
        session = make_session(
            db_session,
            activity=activity,
            starts_at=NOW - timedelta(days=days),
            group_name=f"Group {days}",
            sensitive=days == 370,
            partners={partner: True},
        )
        make_attendance(db_session, session, f"key {days % 3}", 3, 4)
        close(db_session, session)
        sessions.append(session.id)
    running = make_session(db_session, activity=activity, starts_at=NOW - timedelta(minutes=30))
    make_device(db_session, running, TOKEN, closes_at=NOW + timedelta(days=2))
    cards = [make_card(db_session) for _ in range(3)]
    return Town(programme, actions, activity, sessions, running.id, partner, [card.pass_digest for card in cards])


@contextmanager
def writing(app: Flask) -> Iterator[DbSession]:
    """A transaction as a request or a job has one; a refusal leaves no trace."""
    with app.app_context():
        try:
            with transaction() as db_session:
                yield db_session
        except Refusal:
            pass


def outline(db_session: DbSession, town: Town) -> tuple[ProgrammeOutline, list[IndicatorOutline]]:
    """The programme as it is now, and its indicators."""
    found = programme_outline(db_session, town.programme.id)
    assert found is not None
    return found, [each for line in found.lines for each in line.indicators]


def scan(app: Flask, town: Town, dice: random.Random) -> None:
    """Somebody comes, with a card or without."""
    with writing(app) as db_session:
        digest = dice.choice([*town.digests, None])
        more: dict[str, Any] = {"digest": digest} if digest else {}
        answers = record_scans(db_session, TOKEN, [scan_of(adults=dice.randint(1, 9), children=2, **more)], utc_now())
        assert answers


def close_one(app: Flask, town: Town, dice: random.Random) -> None:
    """The organiser says how it went."""
    with writing(app) as db_session:
        session = db_session.get_one(Session, dice.choice([town.running, *town.sessions]))
        present = frozenset({town.partner} if dice.random() < 0.5 else ())
        told = Told(held=dice.random() < 0.7, although_nobody=True, partners_present=present)
        close_session(db_session, make_actor(), session, told, utc_now())


def fold(app: Flask, _town: Town, _dice: random.Random) -> None:
    """The job that folds."""
    with writing(app) as db_session:
        fold_due(db_session, utc_now())


def count_again(app: Flask, _town: Town, _dice: random.Random) -> None:
    """The command that counts everything again."""
    with writing(app) as db_session:
        rebuild(db_session, utc_now())


def cancel_or_restore(app: Flask, town: Town, dice: random.Random) -> None:
    """A session will not be held, or will after all."""
    with writing(app) as db_session:
        session = db_session.get_one(Session, dice.choice([town.running, *town.sessions]))
        change = dice.choice([cancel_session, restore_session])
        change(db_session, make_actor(), session, now=utc_now())


def move(app: Flask, town: Town, dice: random.Random) -> None:
    """A session gets another date."""
    with writing(app) as db_session:
        session = db_session.get_one(Session, dice.choice(town.sessions))
        starts_at = NOW - timedelta(days=dice.randint(1, 500))
        move_session(
            *(db_session, make_actor(), session, starts_at, starts_at + timedelta(hours=1)),
            venue_id=session.venue_id,
            now=utc_now(),
        )


def plan(app: Flask, town: Town, dice: random.Random) -> None:
    """A date to come."""
    with writing(app) as db_session:
        activity = db_session.get_one(Activity, town.activity.id)
        make_session(db_session, activity=activity, starts_at=NOW + timedelta(days=dice.randint(0, 20)))


def report(app: Flask, town: Town, dice: random.Random) -> None:
    """The responsible party types a number, or hands it in."""
    with writing(app) as db_session:
        _found, indicators = outline(db_session, town)
        year = YEAR - dice.randint(0, 2)
        said, hand_in = Said(value=dice.randint(0, 99)), dice.random() < 0.7
        save_report(db_session, indicators[-1], year, said, hand_in=hand_in, account_id=1, now=utc_now())


def go_on_with(app: Flask, town: Town, dice: random.Random) -> None:
    """The council accepts, locks or opens a figure again."""
    with writing(app) as db_session:
        found, indicators = outline(db_session, town)
        year, one = YEAR - dice.randint(1, 2), dice.choice([indicators[-1], *indicators])
        known = newest_report(db_session, one.id, year)
        if known is not None and dice.random() < 0.4:
            accept_report(db_session, known, account_id=2, now=utc_now())
        elif known is not None and dice.random() < 0.3:
            reopen_figure(db_session, known, "Räknat på nytt", account_id=2, now=utc_now())
        else:
            exact = exact_figures(db_session, found, year, local_date(utc_now())).get(one.id)
            lock_figure(db_session, one, year, exact, account_id=2, now=utc_now())


def edit(app: Flask, town: Town, dice: random.Random) -> None:
    """The council changes words, a target or who answers."""
    with writing(app) as db_session:
        programme, by = db_session.get_one(Programme, town.programme.id), Editor(2, utc_now())
        number = next(_numbers)
        match dice.randint(0, 3):
            case 0:
                action = db_session.get_one(Action, town.actions[0].id)
                edit_row(db_session, programme, action, {"title": {"sv": f"Rubrik {number}", "fi": "F"}}, by)
            case 1:
                one = db_session.scalars(sa.select(Indicator).order_by(Indicator.id)).first()
                assert one is not None
                term = TargetTerm(None, TargetForm.MINIMUM, TargetPeriod.YEAR, number)
                set_targets(db_session, programme, one, [term], by)
            case 2:
                db_session.get_one(Organisation, town.partner).name = {"sv": f"Enhet {number}", "fi": "F", "en": "E"}
            case _:
                # A bulk statement, as services write them: no object of the session changes.
                rename = sa.update(Action).where(Action.id == town.actions[1].id)
                db_session.execute(rename.values(title={"sv": f"Åtgärd {number}", "fi": "F"}))


def serve(app: Flask, town: Town, dice: random.Random) -> None:
    """The activity serves the other action too, for a while."""
    with writing(app) as db_session:
        begun = local_date(NOW) - timedelta(days=dice.randint(1, 300))
        serving = {"activity_id": town.activity.id, "action_id": town.actions[1].id}
        db_session.add(ActivityAction(**serving, starts_on=begun, ends_on=None))


def publish(app: Flask, town: Town, _dice: random.Random) -> None:
    """An edition prints U, which later pages may not give away."""
    with writing(app) as db_session:
        found, _indicators = outline(db_session, town)
        order_edition(*(db_session, found, ReportKind.ANNUAL, YEAR - 1), number=1, account_id=2, now=utc_now())


def import_or_undo(app: Flask, town: Town, dice: random.Random) -> None:
    """Sessions of the past come in from a spreadsheet, or go again."""
    with writing(app) as db_session:
        known = db_session.scalar(sa.select(sa.func.max(Import.id)))
    if known is not None and dice.random() < 0.5:
        with writing(app):
            decide(app, known, undo=True)
        return
    row = (f"{dice.randint(1, 28)}.2.{YEAR - 2}", "culture-cafe", "", dice.randint(5, 50), "", "", "Ny", "sv", "Pärm")
    bring_in(app, town.programme, csv_of([row]))


def clear_keys(app: Flask, _town: Town, _dice: random.Random) -> None:
    """The night's job."""
    with writing(app) as db_session:
        clear_old_keys(db_session, utc_now())


ACTS = (
    *(scan, scan, fold, close_one, fold, scan, cancel_or_restore, move, fold, plan, report, go_on_with, edit, serve),
    *(publish, import_or_undo, fold, count_again, clear_keys, import_or_undo),
)


def forget(app: Flask) -> None:
    """Be as a process is that has just begun."""
    for name in ("programme_shelf", "programme_parts"):
        app.extensions[name].clear()
    pieces._pieces.clear()


def shown(client: FlaskClient, address: str) -> str:
    """A page, without what is made anew for every copy of it."""
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r'name="csrf_token" value="[^"]*"', "", answer.get_data(as_text=True))


def test_after_any_write_a_kept_page_is_what_a_new_process_makes(
    app: Flask, db_session: DbSession, town: Town, new_client: Callable[[], FlaskClient]
) -> None:
    public, council = new_client(), new_client()
    sign_in_as(council, db_session, Role.COUNCIL)
    dice = random.Random(4)
    said = {shown(client, PUBLIC) for client in (public, council)}
    acts = [*ACTS, *(dice.choice(ACTS) for _ in range(STEPS))]
    for number, act in enumerate(acts):
        act(app, town, dice)
        places = [(public, PUBLIC), [(council, PUBLIC), *((public, page) for page in PAGES[1:])][number % len(PAGES)]]
        kept = [shown(*place) for place in places]
        forget(app)
        assert kept == [shown(*place) for place in places], f"after {act.__name__}, step {number}"
        said |= set(kept)
    assert len(said) > len(acts) * 3 // 4, "the writes do change the pages"


def test_a_scan_moves_the_page_at_once_and_no_version(
    app: Flask, client: FlaskClient, db_session: DbSession, town: Town, statements: Statements
) -> None:
    before, words = shown(client, PUBLIC), versions(db_session)
    db_session.rollback()
    with statements() as said:
        assert shown(client, PUBLIC) == before
    assert len(said) <= 3, "the versions, and what the door has counted"
    scan(app, town, random.Random(1))
    db_session.rollback()
    assert versions(db_session) == words, "doors do not wait for one another"
    assert shown(client, PUBLIC) != before
    fold(app, town, random.Random(1))
    db_session.rollback()
    assert versions(db_session)[FIGURES] != words[FIGURES]


def test_no_statement_that_goes_past_the_listener_writes_to_what_is_watched(app: Flask) -> None:
    baked = [each.statement for each in gc.get_objects() if isinstance(each, Baked)]
    written = {each.table.name for each in baked if each.is_dml}
    assert {"attendance"} <= written, "they are found"
    assert not written & {name for names in WATCHED.values() for name in names}, "use SQLAlchemy's own way for these"


def test_whatever_a_page_reads_is_watched_or_read_every_time(
    app: Flask, client: FlaskClient, db_session: DbSession, town: Town, statements: Statements
) -> None:
    db_session.commit()
    fold(app, town, random.Random(1))
    with statements() as said:
        for address in PAGES:
            forget(app)
            shown(client, address)
    read = {name for each in said for name in re.findall(r"\w+", each)} & set(Base.metadata.tables)
    watched = {name for names in WATCHED.values() for name in names}
    assert read - watched - {*LIVE, "versions"} == set(), "keeping.WATCHED has to name these tables"
    assert {"folded_marks", "folded_sums", "reports", "editions", "targets", "attendance"} <= read
