"""A person's word on a scan: it counts, or it does not. The scan stays as it was sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import Activity, Session
from integration.audit.services import Audited, record
from integration.checkin.errors import UnknownScan, UntraceableScan
from integration.checkin.events import AttendanceChanged
from integration.checkin.models import Scan, ScanDecision
from integration.checkin.queries.live import live_scans, lock_session, untraceable_ids, with_their_targets
from integration.checkin.rules import People
from integration.checkin.services.attendance_rows import count_changes, differences
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.registration.models import Card, Registration


def decide_scan(db_session: DbSession, scan_id: str, accepted: bool, actor: Actor, now: datetime) -> None:
    """Let a scan count (``accepted``) or not, whatever it was flagged for; the latest word holds.

    An accepted surplus counts beyond the places of its card. Raise UnknownScan or NotPermitted.
    """
    decide_scans(db_session, [scan_id], accepted, actor, now)


def accept_scan(db_session: DbSession, scan_id: str, actor: Actor, now: datetime) -> None:
    """Let a scan count."""
    decide_scan(db_session, scan_id, True, actor, now)


def reject_scan(db_session: DbSession, scan_id: str, actor: Actor, now: datetime) -> None:
    """Let a scan not count."""
    decide_scan(db_session, scan_id, False, actor, now)


def decide_scans(db_session: DbSession, ids: Collection[str], accepted: bool, actor: Actor, now: datetime) -> None:
    """The same word on several scans of one session. Raise UntraceableScan where it would take nobody away."""
    session = _session_of(db_session, ids)
    if not actor.can(Permission.SESSIONS_CLOSE, session.organisation_id):
        raise NotPermitted
    connection = db_session.connection()
    lock_session(connection, session.id)
    touched = with_their_targets(connection, session.id, with_their_targets(connection, session.id, ids))
    before = live_scans(connection, session.id, touched)
    taken = with_their_targets(connection, session.id, ids) - set(ids) if accepted else ids
    if untraceable_ids(connection, session.id, taken):
        raise UntraceableScan
    for scan_id in sorted(ids):
        db_session.add(ScanDecision(scan_id=scan_id, accepted=accepted, account_id=actor.account_id, decided_at=now))
        facts = {"session": session.id, "accepted": accepted}
        record(db_session, Audited.SCAN_DECIDED, "scan", scan_id, account_id=actor.account_id, now=now, **facts)
    db_session.flush()
    after = live_scans(connection, session.id, touched)
    places = _places(db_session, session.id, {each.visitor_key for each in after.values() if each.visitor_key})
    changes = differences(before, after, places, sensitive=session.sensitive)
    if changes:
        count_changes(connection, session.id, changes)
        publish(db_session, AttendanceChanged(session.id, now))


def _session_of(db_session: DbSession, ids: Collection[str]) -> Any:
    """The one session of these scans: its id, organisation, and whether it is sensitive."""
    rows = db_session.execute(
        sa.select(Session.id, Activity.organisation_id, Session.sensitive, sa.func.count().label("scans"))
        .join(Scan, Scan.session_id == Session.id)
        .join(Activity, Activity.id == Session.activity_id)
        .where(Scan.id.in_(list(ids)))
        .group_by(Session.id, Activity.organisation_id, Session.sensitive)
    ).all()
    if len(rows) != 1 or rows[0].scans != len(set(ids)):
        raise UnknownScan
    return rows[0]


def _places(db_session: DbSession, session_id: int, keys: Collection[str]) -> dict[str, People | None]:
    rows = db_session.execute(
        sa.select(Card.visitor_key, Registration.adults, Registration.children)
        .join(Registration, Registration.household_id == Card.household_id)
        .where(
            Card.visitor_key.in_(list(keys)), Registration.session_id == session_id, Registration.cancelled_at.is_(None)
        )
    )
    return {key: People(adults, children) for key, adults, children in rows}
