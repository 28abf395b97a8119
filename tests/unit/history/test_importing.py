"""Importing history: the dry run, sending again, undoing, and what figures say of it, on both databases."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from integration.activities.models import Session, SessionPartner, Visibility
from integration.checkin.models import Attendance, Closing, Source
from integration.history.errors import NotNow
from integration.history.models import Import, ImportRow, Progress, RowState
from integration.history.queries import origins_of_reports, origins_of_sessions
from integration.history.services import undoing, work_on_imports, writing
from integration.history.services.claiming import GIVEN_UP_AFTER, TakenOver, claim_next
from integration.indicators.models import FoldedMark, FoldedSession, FoldedSum, Provenance, Report, Stage
from integration.indicators.queries import programme_figures
from integration.indicators.rules import Figure
from integration.indicators.services import rebuild
from integration.kernel.clock import Watch, utc_now
from integration.kernel.database import DbSession
from integration.programme.errors import ProgrammeClosed
from integration.programme.models import Indicator, IndicatorKind
from integration.programme.queries import programme_outline
from tests.factories.activities import make_session
from tests.factories.figures import indicator, make_line
from tests.factories.spreadsheets import (
    TOTAL_HEADS,
    Town,
    bring_in,
    check,
    csv_of,
    decide,
    plant_town,
    xlsx_of,
)

TODAY = date(2026, 11, 1)
FIRST = ("1.2.2023", "Kulturkafé", "Huset", 14, 10, 4, "Röda korset, Ny förening", "sv, ar, tolk", "Pärm A")
SECOND = ("8.2.2023", "culture-cafe", "Huset", 20, "", "", "Ny förening", "", "Pärm A")
ROWS = (FIRST, SECOND)


@pytest.fixture
def town(db_session: DbSession) -> Town:
    """A programme with one café."""
    return plant_town(db_session)


def figures(db_session: DbSession, town: Town, year: int = 2023) -> dict[str, Figure]:
    """The year's figures as the council sees them, by indicator."""
    db_session.rollback()
    db_session.expire_all()
    outline = programme_outline(db_session, town.programme.id)
    assert outline is not None
    found = programme_figures(db_session, outline, TODAY, council=True)
    return {
        each.slug: next(one for one in found.of(each) if one.year == year)
        for line in outline.lines
        for each in line.indicators
    }


def values(db_session: DbSession, town: Town, year: int = 2023) -> list[int | None]:
    """Sessions held, visits, people and partners of the year."""
    found = figures(db_session, town, year)
    return [found[f"cafe-{name}"].value for name in ("held", "visits", "unique", "partners")]


def the_import(db_session: DbSession, number: int) -> Import:
    """The import as it stands."""
    db_session.rollback()
    db_session.expire_all()
    return db_session.get_one(Import, number)


def counts(each: Import) -> tuple[int, int, int, int]:
    """New, changed, the same, wrong."""
    return each.new, each.changed, each.same, each.wrong


def everything(db_session: DbSession) -> list[list[tuple[Any, ...]]]:
    """All that figures are made from, to see that nothing is left or changed."""
    db_session.rollback()
    columns = (
        (Session.activity_id, Session.local_on, Session.starts_at, Session.venue_id),
        (Attendance.source, Attendance.adults, Attendance.children),
        (Closing.held,),
        (SessionPartner.organisation_id, SessionPartner.present),
        (FoldedSession.local_on, FoldedSession.imported, FoldedSession.held),
        (FoldedSum.action_id, FoldedSum.year, FoldedSum.held, FoldedSum.imported, FoldedSum.sessions),
        (FoldedMark.action_id, FoldedMark.year, FoldedMark.mark, FoldedMark.value),
        (Report.indicator_id, Report.year, Report.value, Report.stage, Report.comment),
    )
    return [sorted((tuple(row) for row in db_session.execute(sa.select(*each))), key=str) for each in columns]


def test_a_dry_run_changes_nothing_and_foresees_the_figures(app: Flask, db_session: DbSession, town: Town) -> None:
    before = everything(db_session)
    number = check(app, town.programme, csv_of(ROWS))
    found = the_import(db_session, number)
    assert (found.progress, counts(found)) == (Progress.CHECKED, (2, 0, 0, 0))
    assert everything(db_session) == before
    assert found.content is None and found.preview is not None
    foreseen = {each["indicator"]: (each["before"], each["after"]) for each in found.preview["figures"]}
    ids = {each.slug: each.id for each in db_session.scalars(sa.select(Indicator))}
    assert foreseen == {
        ids["cafe-held"]: (None, 2),
        ids["cafe-visits"]: (None, 34),
        ids["cafe-partners"]: (None, 2),
    }
    assert found.preview["undivided"] == 1
    assert set(found.preview["all_partners"].values()) == {"Röda korset", "Ny förening"}
    decide(app, number)
    assert values(db_session, town) == [2, 34, None, 2]


def test_imported_visits_are_no_people(app: Flask, db_session: DbSession, town: Town) -> None:
    bring_in(app, town.programme, csv_of(ROWS))
    unique = figures(db_session, town)["cafe-unique"]
    assert unique.value is None and unique.standing == "missing"
    assert set(db_session.scalars(sa.select(Attendance.source))) == {Source.IMPORTED}
    assert db_session.scalars(sa.select(Attendance.visitor_key)).all() == [None, None]
    assert set(db_session.scalars(sa.select(Session.visibility))) == {Visibility.CLOSED}


def test_folded_at_once_they_are_what_a_recount_gives(app: Flask, db_session: DbSession, town: Town) -> None:
    bring_in(app, town.programme, csv_of(ROWS))
    folded = everything(db_session)
    rebuild(db_session, utc_now())
    db_session.commit()
    assert everything(db_session) == folded


@pytest.mark.parametrize("again", ["same", "shuffled", "xlsx"])
def test_the_same_rows_again_change_nothing(app: Flask, db_session: DbSession, town: Town, again: str) -> None:
    bring_in(app, town.programme, csv_of(ROWS))
    before = everything(db_session)
    typed = [(date(2023, 2, 1), *FIRST[1:]), (date(2023, 2, 8), "KULTURKAFÉ ", *SECOND[2:])]
    files = {"same": csv_of(ROWS), "shuffled": csv_of(ROWS[::-1], encoding="utf-8-sig"), "xlsx": xlsx_of(typed)}
    number = bring_in(app, town.programme, files[again])
    assert counts(the_import(db_session, number)) == (0, 0, 2, 0)
    assert everything(db_session) == before
    decide(app, number, undo=True)
    assert everything(db_session) == before


def test_a_corrected_row_replaces_what_it_said_before(app: Flask, db_session: DbSession, town: Town) -> None:
    first = bring_in(app, town.programme, csv_of(ROWS))
    before = everything(db_session)
    corrected = ("8.2.2023", "Kulturkafé", "Huset", 25, 20, 5, "", "", "Pärm B")
    number = bring_in(app, town.programme, csv_of((FIRST, corrected)))
    assert counts(the_import(db_session, number)) == (0, 1, 1, 0)
    assert values(db_session, town) == [2, 39, None, 2]
    origins = origins_of_sessions(db_session, town.programme.id, town.action.id, 2023)
    assert [(each.import_id, each.rows, each.first, each.source) for each in origins] == [
        (first, 1, 2, "Pärm A"),
        (number, 1, 3, "Pärm B"),
    ]
    decide(app, number, undo=True)
    assert everything(db_session) == before


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_undoing_everything_leaves_nothing(app: Flask, db_session: DbSession, town: Town, order: Sequence[int]) -> None:
    before = everything(db_session)
    corrected = csv_of([("1.2.2023", "Kulturkafé", "Huset", 5, 5, 0, "", "", "")])
    numbers = [bring_in(app, town.programme, csv_of(ROWS)), bring_in(app, town.programme, corrected)]
    assert values(db_session, town) == [2, 25, None, 1]
    for place in order:
        decide(app, numbers[place], undo=True)
        assert the_import(db_session, numbers[place]).progress is Progress.UNDONE
    assert everything(db_session) == before
    with pytest.raises(NotNow):
        decide(app, numbers[0], undo=True)


def dies_at_the_second_slice(monkeypatch: pytest.MonkeyPatch, module: Any, verb: str) -> None:
    """Slices are of one row, and the worker falls over in the transaction of the second, once."""
    real, calls = getattr(module, verb), itertools.count(1)

    def dying(*arguments: Any) -> None:
        real(*arguments)
        if next(calls) == 2:
            raise ConnectionError

    monkeypatch.setattr(module, "SLICE", 1)
    monkeypatch.setattr(module, verb, dying)


def test_another_worker_goes_on_where_one_has_died(
    app: Flask, db_session: DbSession, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(db_session)
    number = check(app, town.programme, csv_of(ROWS))
    for module, verb, undo in ((writing, "fold_together", False), (undoing, "unfold_together", True)):
        dies_at_the_second_slice(monkeypatch, module, verb)
        with pytest.raises(ConnectionError):
            decide(app, number, undo=undo)
        assert values(db_session, town)[0] == 1
        with app.app_context():
            work_on_imports(utc_now() + timedelta(minutes=5))
        assert the_import(db_session, number).progress is (Progress.UNDONE if undo else Progress.DONE)
        assert values(db_session, town) == ([None, None, None, None] if undo else [2, 34, None, 2])
    assert everything(db_session) == before


def test_a_worker_that_was_silent_for_too_long_writes_no_row(app: Flask, db_session: DbSession, town: Town) -> None:
    """It was not dead: when it wakes up, another one has the import."""
    number = check(app, town.programme, csv_of(ROWS))
    decide(app, number, work=False)
    now = utc_now()
    with app.app_context():
        silent, other = claim_next(now), claim_next(now + GIVEN_UP_AFTER + timedelta(seconds=1))
        assert silent is not None and other is not None
        with pytest.raises(TakenOver):
            writing.write_rows(silent, Watch(now))
        assert values(db_session, town)[0] is None
        writing.write_rows(other, Watch(now))
    assert values(db_session, town) == [2, 34, None, 2]
    assert the_import(db_session, number).progress is Progress.DONE


def test_rows_of_an_action_alone_count_for_it(app: Flask, db_session: DbSession, town: Town) -> None:
    heads = ("Päivämäärä", "Toimenpide", "Käynnit")
    number = bring_in(app, town.programme, csv_of([("1.3.2024", "1", "7"), ("2.3.2024", "Kahvila", "1 234")], heads))
    assert counts(the_import(db_session, number)) == (2, 0, 0, 0)
    assert values(db_session, town, 2024)[:2] == [2, 1241]
    decide(app, number, undo=True)
    assert values(db_session, town, 2024)[:2] == [None, None]


def test_what_is_wrong_is_told_row_by_row(app: Flask, db_session: DbSession, town: Town) -> None:
    make_session(db_session, activity=town.cafe, starts_at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    db_session.commit()
    rows = (
        ("31.2.2023", "Kulturkafé", "", 3, "", "", "", "", ""),
        ("1.2.2023", "Kulturkafe", "", "många", "", "", "", "", ""),
        ("1.2.2099", "Kulturkafé", "", "3,5", "", "", "", "klingonska", ""),
        ("1.2.2023", "Kulturkafé", "", 10, 8, 4, "", "", ""),
        ("1.2.2019", "Kulturkafé", "", 10, "", "", "", "", ""),
        ("5.3.2026", "Kulturkafé", "", 10, "", "", "", "", ""),
        FIRST,
        FIRST,
    )
    number = check(app, town.programme, csv_of(rows))
    found = db_session.scalars(sa.select(ImportRow).where(ImportRow.state == RowState.WRONG).order_by(ImportRow.number))
    told = {each.number: [(one["column"], one["code"]) for one in each.facts["problems"]] for each in found}
    assert told == {
        2: [("on", "day")],
        3: [("activity", "unknown"), ("visits", "number")],
        4: [("on", "ahead"), ("visits", "whole"), ("languages", "unknown")],
        5: [("visits", "sum")],
        6: [("activity", "serves_nothing")],
        7: [("on", "counted_here")],
        9: [("on", "twice")],
    }
    decide(app, number)
    assert values(db_session, town) == [1, 14, None, 2]


def plant_reported(db_session: DbSession, town: Town, slug: str = "guides", **over: Any) -> Indicator:
    """A figure that somebody reports."""
    made = indicator(
        IndicatorKind.REPORTED, slug=slug, title={"sv": "Guider" if slug == "guides" else slug, "fi": slug}, **over
    )
    make_line(db_session, town.action, made)
    db_session.commit()
    return made


def test_a_yearly_total_is_handed_in_as_imported(app: Flask, db_session: DbSession, town: Town) -> None:
    plant_reported(db_session, town)
    plant_reported(db_session, town, "support", unit="share")
    shares = (("", "support", 2023, "9/20", ""), ("", "support", 2024, "55 %", ""))
    number = bring_in(app, town.programme, csv_of([("1", "Guider", 2023, "1 200", "Årsbok"), *shares], TOTAL_HEADS))
    assert counts(the_import(db_session, number)) == (3, 0, 0, 0)
    report = figures(db_session, town)["guides"].report
    assert report is not None and (report.value, report.comment) == (1200, "Årsbok")
    assert (report.provenance, report.stage) == (Provenance.IMPORTED, Stage.REPORTED)
    share = figures(db_session, town)["support"].report
    assert share is not None and (share.value, share.part, share.of) == (45, 9, 20)
    assert [each.file_name for each in origins_of_reports(db_session, [report.id])] == ["historia.csv"]
    again = bring_in(app, town.programme, csv_of(shares, TOTAL_HEADS))
    assert counts(the_import(db_session, again)) == (0, 0, 2, 0)
    decide(app, number, undo=True)
    assert figures(db_session, town)["guides"].report is None


def test_a_total_beside_sessions_stands_aside(app: Flask, db_session: DbSession, town: Town) -> None:
    totals = csv_of([("", "cafe-visits", 2023, 50, ""), ("", "cafe-visits", 2024, 60, "")], TOTAL_HEADS)
    bring_in(app, town.programme, totals)
    assert values(db_session, town)[1] == 50
    number = check(app, town.programme, csv_of(ROWS))
    preview = the_import(db_session, number).preview
    assert preview is not None and [each["total"] for each in preview["figures"] if each["total"]] == [50]
    decide(app, number)
    beside = figures(db_session, town)["cafe-visits"]
    assert beside.value == 34 and beside.report is not None and beside.report.value == 50
    assert beside.provenance is Provenance.COMPUTED
    assert values(db_session, town, 2024)[1] == 60


@pytest.mark.parametrize(
    ("stage", "provenance", "code"),
    [
        (Stage.LOCKED, Provenance.IMPORTED, "locked"),
        (Stage.ACCEPTED, Provenance.IMPORTED, "accepted"),
        (Stage.REPORTED, Provenance.REPORTED, "reported"),
    ],
)
def test_what_is_firm_stays(
    app: Flask, db_session: DbSession, town: Town, stage: Stage, provenance: Provenance, code: str
) -> None:
    plant_reported(db_session, town)
    first = bring_in(app, town.programme, csv_of([("", "guides", 2023, 4100, "")], TOTAL_HEADS))
    db_session.execute(sa.update(Report).values(stage=stage, provenance=provenance))
    db_session.commit()
    number = check(app, town.programme, csv_of([("", "guides", 2023, 4300, "")], TOTAL_HEADS))
    row = db_session.scalars(sa.select(ImportRow).where(ImportRow.import_id == number)).one()
    assert [(each["code"], each["facts"]["value"]) for each in row.facts["problems"]] == [(code, 4100)]
    decide(app, first, undo=True)
    assert the_import(db_session, first).kept == 1
    assert db_session.scalars(sa.select(Report.value)).all() == [4100]


def test_a_closed_programme_takes_nothing_in(app: Flask, db_session: DbSession, town: Town) -> None:
    number = check(app, town.programme, csv_of(ROWS))
    town.programme.closed_at = utc_now()
    db_session.commit()
    with pytest.raises(ProgrammeClosed):
        check(app, town.programme, csv_of(ROWS))
    with pytest.raises(ProgrammeClosed):
        decide(app, number)


def test_a_locked_figure_keeps_its_value_beside_what_is_imported_now(
    app: Flask, db_session: DbSession, town: Town
) -> None:
    bring_in(app, town.programme, csv_of([("", "cafe-visits", 2023, 41, "")], TOTAL_HEADS))
    db_session.execute(sa.update(Report).values(stage=Stage.LOCKED))
    db_session.commit()
    bring_in(app, town.programme, csv_of(ROWS))
    locked = figures(db_session, town)["cafe-visits"]
    assert (locked.value, locked.now) == (41, 34)
