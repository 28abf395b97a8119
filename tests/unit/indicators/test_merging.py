"""Two cards become one: not one visit more or less, and U right, whatever was folded before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.checkin.models import Attendance
from integration.checkin.services import follow_late_scans, follow_merging, record_scans
from integration.indicators.queries.facts import programme_facts
from integration.indicators.services import fold_due, rebuild
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.registration.events import HouseholdsMerged
from integration.registration.services import merge_households
from tests.factories.activities import make_session
from tests.factories.checkin import make_card_with_places, make_device, make_running_session
from tests.factories.figures import close, make_attendance
from tests.factories.registration import make_card
from tests.unit.indicators.test_folding import NOW, compare, folded, make_history, make_world, session_facts, wish_of

rows = st.tuples(
    st.tuples(st.none() | st.integers(1, 4), st.integers(0, 2)),
    st.integers(0, 2),
    st.integers(0, 5),
    st.integers(0, 3),
    st.integers(0, 2),
)
"""Places, whole scans, arrivals and people beyond, as doors leave them."""


def visits(db_session: DbSession) -> dict[int, tuple[int, int]]:
    """People counted, by session."""
    found = db_session.execute(
        sa.select(Attendance.session_id, sa.func.sum(Attendance.adults), sa.func.sum(Attendance.children)).group_by(
            Attendance.session_id
        )
    )
    return {session_id: (adults, children) for session_id, adults, children in found}


@given(facts=st.lists(session_facts, min_size=1, max_size=8), fold_first=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_figures_equal_a_recount_after_merging(
    app: Flask, db_session: DbSession, facts: list[dict[str, Any]], fold_first: bool
) -> None:
    db_session.rollback()
    with app.app_context():
        world = make_world(db_session)
        make_history(db_session, world, facts)
        if fold_first:
            fold_due(db_session, NOW)
        before = visits(db_session)
        follow_merging(db_session, HouseholdsMerged(1, 2, "k1", "k2", NOW))
        assert visits(db_session) == before
        assert not db_session.scalar(sa.select(sa.exists().where(Attendance.visitor_key == "k2")))
        compare(db_session, world, council=True)
        fold_due(db_session, NOW)
        compare(db_session, world, council=True)
        compare(db_session, world, council=False)
        done = folded(db_session)
        rebuild(db_session, NOW)
        assert folded(db_session) == done


@given(one=rows, other=rows)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_at_one_session_are_counted_as_before(app: Flask, db_session: DbSession, one: Any, other: Any) -> None:
    db_session.rollback()
    with app.app_context():
        session = make_session(db_session, starts_at=datetime(2026, 8, 5, 12, tzinfo=UTC))
        for key, (places, whole, adults, children, beyond) in (("k1", one), ("k2", other)):
            over = {"places_adults": places[0], "places_children": places[1] if places[0] else None, "whole": whole}
            make_attendance(db_session, session, key, adults, children, beyond_adults=beyond, **over)
        before = visits(db_session)
        follow_merging(db_session, HouseholdsMerged(1, 2, "k1", "k2", NOW))
        assert visits(db_session) == before
        assert db_session.scalars(sa.select(Attendance.visitor_key)).all() == ["k1"]


def test_u_counts_the_family_once(app: Flask, db_session: DbSession) -> None:
    """Two at one session under one card, three at another under the other: three persons, five visits."""
    world = make_world(db_session)
    kept, gone = make_card(db_session), make_card(db_session)
    for card, adults in ((kept, 2), (gone, 3)):
        session = make_session(db_session, activity=world.activities[0], starts_at=datetime(2026, 8, 5, 12, tzinfo=UTC))
        make_attendance(db_session, session, card.visitor_key, adults)
        close(db_session, session)
    fold_due(db_session, NOW)
    assert programme_facts(db_session, wish_of(world, council=False))[0, 2026].persons == 5
    with app.app_context():
        merge_households(db_session, kept, gone, account_id=None, now=NOW)
    fold_due(db_session, NOW)
    facts = programme_facts(db_session, wish_of(world, council=False))[0, 2026]
    assert facts.persons == 3
    assert sum(visits(db_session)[key][0] for key in visits(db_session)) == 5
    compare(db_session, world, council=True)


def test_a_scan_that_was_on_its_way_follows(app: Flask, db_session: DbSession) -> None:
    session = make_running_session(db_session)
    kept, gone = make_card(db_session), make_card(db_session)
    with app.app_context():
        merge_households(db_session, kept, gone, account_id=None, now=utc_now())
        make_attendance(db_session, session, gone.visitor_key, 2)
        follow_late_scans(db_session, utc_now())
        follow_late_scans(db_session, utc_now())
    assert db_session.execute(sa.select(Attendance.visitor_key, Attendance.adults)).all() == [(kept.visitor_key, 2)]


def test_an_undo_after_merging_takes_back_what_the_scan_counted(app: Flask, db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, "token")
    kept = make_card(db_session)
    gone, _places = make_card_with_places(db_session, session, 2, 1)
    scanned = {"id": "00000000-0000-4000-8000-000000000001", "digest": gone.pass_digest}
    with app.app_context():
        record_scans(db_session, "token", [scanned], utc_now())
        merge_households(db_session, kept, gone, account_id=None, now=utc_now())
        assert visits(db_session) == {session.id: (2, 1)}
        undo = {"id": "00000000-0000-4000-8000-000000000002", "kind": "undo", "undoes": scanned["id"]}
        record_scans(db_session, "token", [undo], utc_now())
    assert visits(db_session) == {session.id: (0, 0)}
