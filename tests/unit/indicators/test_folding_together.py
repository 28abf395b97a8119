"""Folding beside the door: nothing that happens meanwhile is lost, and the command says what it did."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session as OrmSession

from integration.checkin.events import AttendanceChanged
from integration.indicators.models import FoldedSession, FoldedSum
from integration.indicators.services import fold_due, unfold
from integration.kernel.database import DbSession
from tests.factories.activities import make_activity, make_session
from tests.factories.figures import close, make_action, make_attendance, make_programme, serve

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def _held_session(db_session: DbSession) -> int:
    activity = make_activity(db_session)
    serve(db_session, activity, make_action(db_session, make_programme(db_session)))
    session = make_session(db_session, activity=activity, starts_at=datetime(2026, 9, 1, 12, tzinfo=UTC))
    make_attendance(db_session, session, "k1", 2)
    close(db_session, session)
    db_session.commit()
    return session.id


def _scan_late(url: str, session_id: int) -> None:
    """Another worker receives a late scan and reports it."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with OrmSession(engine) as other:
        from_card = sa.text(
            "UPDATE attendance SET arrived_adults = 7 WHERE session_id = :session AND visitor_key = 'k1'"
        )
        other.execute(from_card, {"session": session_id})
        unfold(other, AttendanceChanged(session_id, NOW))
        other.commit()
    engine.dispose()


def test_a_scan_that_arrives_while_its_session_is_folded_is_not_lost(
    db_session: DbSession, database_url: str, engine_name: str
) -> None:
    if engine_name == "sqlite":
        pytest.skip("an embedded database has one writer at a time")
    session_id = _held_session(db_session)
    fold_due(db_session, NOW)
    late = threading.Thread(target=_scan_late, args=(database_url, session_id))
    late.start()
    late.join(0.5)
    assert late.is_alive(), "the scan waits for the fold"
    db_session.commit()
    late.join(10)
    assert db_session.scalar(sa.select(sa.func.count()).select_from(FoldedSession)) == 0
    fold_due(db_session, NOW)
    assert db_session.scalar(sa.select(FoldedSum.adults).where(FoldedSum.action_id == 0)) == 7


def test_the_command_counts_again_and_says_how_many(app: Flask, db_session: DbSession) -> None:
    _held_session(db_session)
    said = app.test_cli_runner().invoke(args=["figures", "rebuild"])
    assert said.exit_code == 0
    assert "1 sessions folded." in said.output
    db_session.rollback()
    assert db_session.scalar(sa.select(FoldedSum.adults).where(FoldedSum.action_id == 0)) == 2
