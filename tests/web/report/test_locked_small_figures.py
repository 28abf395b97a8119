"""A locked figure is printed or not as when it was locked, and with all that comes later gives no small one away."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.checkin.events import AttendanceChanged
from integration.checkin.models import Attendance
from integration.indicators.queries import as_printed, exact_figures, newest_report
from integration.indicators.queries import figures as figure_queries
from integration.indicators.rules import Cell, Standing
from integration.indicators.rules import figures as figure_rules
from integration.indicators.services import fold_due, lock_figure, reopen_figure, unfold
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession
from integration.programme.queries import programme_outline
from integration.report.queries import told_persons
from tests.factories.small_city import YEAR, Came, City, crowd, grow, make_city, quiet
from tests.giving_away import LOCKED, Seen, given_away
from tests.outsider import look
from tests.sampling import EVERYTHING
from tests.web.report.test_small_figures import FAMILIES, came

COUNCIL = 5


def lock(db_session: DbSession, city: City, *names: str) -> None:
    """Make these figures final, named as in ``visits-0``; all of them where none is named."""
    outline = programme_outline(db_session, city.programme.id)
    assert outline is not None
    told = told_persons(db_session, outline.id)
    exact = exact_figures(db_session, outline, YEAR, local_date(utc_now()), told=told)
    for one in (each for line in outline.lines for each in line.indicators):
        if one.id in exact and (not names or one.slug.partition("-")[2] in names):
            lock_figure(db_session, one, YEAR, exact[one.id], account_id=COUNCIL, now=utc_now())
    db_session.commit()


def recount(db_session: DbSession, city: City, number: int, people: int) -> None:
    """It turns out that so many came to a session, by its place in the city's list."""
    _sort, session = city.sessions[number]
    attendance = db_session.scalars(sa.select(Attendance).where(Attendance.session_id == session.id)).one()
    attendance.arrived_adults = people
    db_session.flush()
    unfold(db_session, AttendanceChanged(session.id, utc_now()))
    fold_due(db_session, utc_now() + timedelta(seconds=1))
    db_session.commit()


def locked_city(
    app: Flask, client: FlaskClient, db_session: DbSession, first: list[Came], then: list[Came], *names: str
) -> tuple[City, list[Seen]]:
    """All that is printed when figures are locked and after the later sessions; both times an edition is published."""
    city = make_city(db_session)
    grow(db_session, city, first)
    lock(db_session, city, *names)
    seen = [look(app, client, db_session, city)]
    grow(db_session, city, then)
    return city, [*seen, look(app, client, db_session, city)]


def test_what_was_hidden_when_it_was_locked_stays_hidden(
    app: Flask, client: FlaskClient, db_session: DbSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three people were at the sensitive sessions; with eight of them everything of today may be shown."""
    first, then = [crowd(0, 20), crowd(1, 30), quiet(2, 3)], [quiet(2, 5)]
    city, seen = locked_city(app, client, db_session, first, then, "visits-whole", "visits-0", "held-2")
    whole = city.place(-1)
    assert [each.cells[f"{LOCKED}visits", whole] for each in seen] == ["not shown", "not shown"]
    assert [each.cells["visits", whole] for each in seen] == ["at least 50", "58"]
    assert seen[0].cells["visits", city.place(2)] == "<5"
    assert seen[1].cells[f"{LOCKED}visits", city.place(0)] == "20", "what was printed is printed on"
    assert given_away(seen) == []
    monkeypatch.setattr(figure_rules, "why_hidden", lambda *_args: None)
    assert given_away([seen[0], look(app, client, db_session, city)]), "the outsider would have found it"


def test_a_hidden_figure_that_is_opened_again_is_in_no_form(db_session: DbSession) -> None:
    city = make_city(db_session)
    grow(db_session, city, [crowd(0, 20), quiet(2, 3)])
    lock(db_session, city, "visits-2")
    outline = programme_outline(db_session, city.programme.id)
    assert outline is not None
    one = next(each for line in outline.lines for each in line.indicators if each.slug.endswith("visits-2"))
    locked = newest_report(db_session, one.id, YEAR)
    assert locked is not None
    again = reopen_figure(db_session, locked, "Somebody was forgotten.", account_id=COUNCIL, now=utc_now())
    assert (locked.value, as_printed(one, locked), again.value) == (3, Cell(None, Standing.SUPPRESSED), None)


def test_a_figure_of_ordinary_sessions_is_printed_however_small(
    app: Flask, client: FlaskClient, db_session: DbSession
) -> None:
    """Three came, and nobody to the sensitive session: that is no secret before the lock, and none after it."""
    city, seen = locked_city(app, client, db_session, [crowd(0, 3), quiet(0, 0), crowd(1, 9)], [crowd(0, 1)])
    first = city.place(0)
    assert [each.cells[f"{LOCKED}visits", first] for each in seen] == ["3", "3"]
    assert [each.cells["visits", first] for each in seen] == ["3", "4"], "now 4, reported 3"
    assert given_away(seen) == []


def test_a_locked_figure_stays_when_few_come_later_and_says_nothing_of_them(
    app: Flask, client: FlaskClient, db_session: DbSession
) -> None:
    city, seen = locked_city(app, client, db_session, [crowd(0, 20), quiet(0, 0), crowd(1, 9)], [quiet(0, 3)])
    first = city.place(0)
    assert [each.cells[f"{LOCKED}visits", first] for each in seen] == ["20", "20"]
    assert seen[1].cells["visits", first] == "at least 20"
    recount(db_session, city, len(city.sessions) - 1, 7)
    seen.append(look(app, client, db_session, city))
    assert (seen[2].cells[f"{LOCKED}visits", first], seen[2].cells["visits", first]) == ("20", "27")
    assert given_away(seen) == []


@pytest.mark.parametrize("locks_are_known", [True, False])
def test_locked_people_are_known_people(
    app: Flask, client: FlaskClient, db_session: DbSession, monkeypatch: pytest.MonkeyPatch, locks_are_known: bool
) -> None:
    """One was at the last action, and four more than then at all of them: the locked figures alone tell that."""
    for module in ("services.publishing", "routes.meter_line", "routes.open_data", "routes.keeping"):
        monkeypatch.setattr(f"integration.report.{module}.told_persons", lambda *_args: {})
    if not locks_are_known:
        monkeypatch.setattr(figure_queries, "told_with_locks", lambda _programme, _reports, told: told)
    first = [Came((0,), FAMILIES[:6]), Came((1,), FAMILIES[3:9]), Came((2,), ((10, 1, 0),), (9, 0))]
    then = [Came((2,), ((11, 2, 0), (12, 1, 0), (13, 1, 0)))]
    names = [f"unique-{where}" for where in ("whole", 0, 1, 2)]
    city, seen = locked_city(app, client, db_session, first, then, *names)
    assert seen[1].cells[f"{LOCKED}persons", city.place(2)] == "<5"
    assert seen[1].cells["persons", city.place(2)] == "5"
    assert (given_away(seen) == []) is locks_are_known


@settings(
    max_examples=60 if EVERYTHING else 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    first=st.lists(came, min_size=2, max_size=6),
    then=st.lists(came, max_size=2),
    names=st.lists(
        st.sampled_from([f"{name}-{where}" for name in ("visits", "unique") for where in (0, 1, 2, "whole")]),
        max_size=4,
    ),
)
def test_no_lock_gives_a_small_figure_away(
    app: Flask, client: FlaskClient, db_session: DbSession, first: list[Came], then: list[Came], names: list[str]
) -> None:
    _city, seen = locked_city(app, client, db_session, first, then, *names)
    assert given_away(seen) == []
