"""A phone sends its scans days later, when its session is folded and the year's figure is locked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session as DbSession

from integration.checkin.models import Attendance, Scan
from integration.checkin.queries import flagged_scans, people_in
from integration.checkin.services import accept_scan, mark_held, record_scans
from integration.indicators.queries import exact_figures, programme_figures
from integration.indicators.services import close_year_if_final, fold_due, lock_figure, rebuild
from integration.programme.models import Measure
from integration.programme.queries import programme_outline
from tests.factories.activities import make_activity, make_session
from tests.factories.checkin import iso, make_card_with_places, make_device, scan_of
from tests.factories.figures import computed, make_action, make_line, make_programme, serve
from tests.factories.world import COORDINATOR

BEGAN = datetime(2025, 12, 30, 12, tzinfo=UTC)
LOCKED = datetime(2026, 1, 2, 8, tzinfo=UTC)
COUNCIL = 5


def test_a_late_scan_counts_beside_the_locked_figure(app: Flask, db_session: DbSession) -> None:
    programme = make_programme(db_session)
    action = make_action(db_session, programme)
    make_line(db_session, action, computed(Measure.VISITS), computed(Measure.HELD))
    activity = make_activity(db_session)
    serve(db_session, activity, action)
    session = make_session(db_session, activity=activity, starts_at=BEGAN)
    make_device(db_session, session, "in time")
    make_device(db_session, session, "late")
    cards = [make_card_with_places(db_session, session, 2, 1)[0] for _ in range(3)]
    outline = programme_outline(db_session, programme.id)
    assert outline is not None
    visits, held = outline.lines[0].indicators

    def figures(now: datetime) -> list[tuple[int | None, int | None]]:
        found = programme_figures(db_session, outline, now.date(), council=True)
        years = (next(each for each in found.of(one) if each.year == 2025) for one in (visits, held))
        return [(each.value, each.now) for each in years]

    def fold(now: datetime) -> None:
        for _ in range(3):
            fold_due(db_session, now)

    record_scans(db_session, "in time", [scan_of(cards[0], scanned_at=iso(BEGAN))], BEGAN)
    mark_held(db_session, session.ends_at + timedelta(hours=1))
    fold(LOCKED)
    exact = exact_figures(db_session, outline, 2025, date(2026, 1, 2))
    for one in (visits, held):
        lock_figure(db_session, one, 2025, exact[one.id], account_id=COUNCIL, now=LOCKED)
    assert [value for value, _now in figures(LOCKED)] == [3, 1]

    sent = [scan_of(cards[0], scanned_at=iso(BEGAN)), scan_of(cards[1], scanned_at=iso(BEGAN), adults=2)]
    for days in (7, 8):  # the second time it is all known already
        now = BEGAN + timedelta(days=days)
        assert [each["result"] for each in record_scans(db_session, "late", sent, now)] == ["already", "accepted"]
        assert figures(now)[0] == (3, 5), "unfolded: counted live"
        fold(now)
        assert figures(now)[0] == (3, 5), "folded again"
    assert figures(now)[1][0] == 1
    rebuild(db_session, now)
    assert figures(now)[0] == (3, 5)

    too_late = session.ends_at + timedelta(days=14, hours=2, minutes=1)
    (answer,) = record_scans(db_session, "late", [scan_of(cards[2], scanned_at=iso(BEGAN))], too_late)
    assert (answer["result"], answer["flag"]) == ("flagged", "late")
    assert figures(too_late)[0] == (3, 5), "it waits for a person"


def test_after_the_keys_are_cleared_a_card_that_was_counted_waits_for_a_person(
    app: Flask, db_session: DbSession
) -> None:
    programme = make_programme(db_session)
    action = make_action(db_session, programme)
    make_line(db_session, action, computed(Measure.VISITS))
    activity = make_activity(db_session)
    serve(db_session, activity, action)
    session, without_cards = (make_session(db_session, activity=activity, starts_at=BEGAN) for _ in range(2))
    for each in (session, without_cards):
        make_device(db_session, each, f"door {each.id}")
    (card, _), (other, _) = (make_card_with_places(db_session, session, 2, 1) for _ in range(2))
    scan = scan_of(card, scanned_at=iso(BEGAN))
    record_scans(db_session, f"door {session.id}", [scan], BEGAN)
    record_scans(db_session, f"door {without_cards.id}", [scan_of(kind="walk_in")], BEGAN)
    mark_held(db_session, session.ends_at + timedelta(hours=1))
    outline = programme_outline(db_session, programme.id)
    assert outline is not None
    (visits,) = outline.lines[0].indicators
    exact = exact_figures(db_session, outline, 2025, date(2026, 1, 2))
    lock_figure(db_session, visits, 2025, exact[visits.id], account_id=COUNCIL, now=LOCKED)
    assert close_year_if_final(db_session, outline, 2025, account_id=COUNCIL, now=LOCKED)

    def keys() -> list[str]:
        kept = (
            *db_session.scalars(sa.select(Attendance.visitor_key)),
            *db_session.scalars(sa.select(Scan.visitor_key)),
        )
        return [each for each in kept if each in (card.visitor_key, other.visitor_key)]

    late = LOCKED + timedelta(days=5)
    sent = [scan, scan_of(card, scanned_at=iso(BEGAN)), scan_of(kind="walk_in", scanned_at=iso(BEGAN))]
    answers = record_scans(db_session, f"door {session.id}", sent, late)
    assert [each["result"] for each in answers] == ["accepted", "flagged", "accepted"]
    assert (people_in(db_session, session.id), keys()) == ((3, 1), []), "the walk-in is a fact, the card may be here"
    (waiting,) = flagged_scans(db_session, session.id)
    assert (waiting.flag, waiting.people) == ("cleared", (2, 1))
    accept_scan(db_session, waiting.id, COORDINATOR, late)
    assert (people_in(db_session, session.id), keys()) == ((5, 2), [])

    def shown(now: datetime) -> tuple[int | None, int | None]:
        figures = programme_figures(db_session, outline, now.date(), council=True)
        figure = next(each for each in figures.of(visits) if each.year == 2025)
        return figure.value, figure.now

    assert shown(late) == (4, 8)
    undo = scan_of(undoes=scan["id"], scanned_at=iso(BEGAN))
    for days in (5, 6):  # sent again it takes nobody else away
        now = LOCKED + timedelta(days=days)
        record_scans(db_session, f"door {session.id}", [undo], now)
        assert (people_in(db_session, session.id), shown(now)) == ((3, 1), (4, 5))
        fold_due(db_session, now)
        rebuild(db_session, now)
        assert (shown(now), keys()) == ((4, 5), [])

    for _ in range(2):
        record_scans(db_session, f"door {without_cards.id}", [scan_of(other, scanned_at=iso(BEGAN))], late)
    assert people_in(db_session, without_cards.id).total == 2, "its first scan counts, the second one waits"
    assert not keys()
