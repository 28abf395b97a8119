"""Doors: the phones of a session, the link that pairs the next one, and where a phone may go on to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Activity, Session, SessionStatus
from integration.checkin.models import DoorDevice, DoorLink, Scan, ScanKind
from integration.checkin.rules import OWN_PAGES, pairing_window
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.kernel.tokens import digest

_WHOLE_SESSION = (
    joinedload(DoorDevice.session, innerjoin=True).joinedload(Session.activity, innerjoin=True),
    joinedload(DoorDevice.session, innerjoin=True).joinedload(Session.venue),
    joinedload(DoorDevice.session, innerjoin=True).joinedload(Session.places, innerjoin=True),
)


@dataclass(frozen=True)
class DoorSeen:
    """One phone of a session as its organiser sees it."""

    device: DoorDevice
    seen_at: datetime
    scans: int


def device_with_token(db_session: DbSession, token: str) -> DoorDevice | None:
    """The phone that has this token, with all of its session."""
    statement = sa.select(DoorDevice).where(DoorDevice.token_digest == digest(token)).options(*_WHOLE_SESSION)
    return db_session.scalar(statement)


def doors_of_session(db_session: DbSession, session_id: int) -> list[DoorSeen]:
    """The phones paired with a session's door, when each was last heard of, and how many scans it sent."""
    arrivals = sa.func.sum(sa.case((Scan.kind != ScanKind.UNDO, 1), else_=0))
    sent = (
        sa.select(Scan.device_id, sa.func.max(Scan.received_at).label("last"), arrivals.label("scans"))
        .where(Scan.session_id == session_id)
        .group_by(Scan.device_id)
        .subquery()
    )
    rows = db_session.execute(
        sa.select(DoorDevice, sent.c.last, sent.c.scans)
        .outerjoin(sent, sent.c.device_id == DoorDevice.id)
        .where(
            DoorDevice.session_id == session_id,
            sa.or_(DoorDevice.handset.is_not(None), sent.c.scans > 0),
            DoorDevice.name.not_in(OWN_PAGES) | DoorDevice.handset.is_not(None),
        )
        .order_by(DoorDevice.id)
    )
    return [
        DoorSeen(device, max(each for each in (device.paired_at, device.seen_at, last) if each), int(scans or 0))
        for device, last, scans in rows
    ]


def live_link(db_session: DbSession, session_id: int) -> DoorLink | None:
    """The link that pairs the next phone, if the organiser has made one."""
    return db_session.scalar(
        sa.select(DoorLink).where(
            DoorLink.session_id == session_id, DoorLink.used_at.is_(None), DoorLink.revoked_at.is_(None)
        )
    )


def link_with_secret(db_session: DbSession, secret: str) -> tuple[DoorLink, Session] | None:
    """The link with this secret, whatever became of it, and the session that its door is of."""
    row = db_session.execute(
        sa.select(DoorLink, Session)
        .join(Session, Session.id == DoorLink.session_id)
        .where(DoorLink.secret_digest == digest(secret))
        .options(joinedload(Session.activity, innerjoin=True), joinedload(Session.venue))
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def next_doors(db_session: DbSession, session: Session, now: datetime) -> list[Session]:
    """The same organisation's other sessions of this day that are not over: a phone may move on to them."""
    today = local_date(now)
    statement = (
        sa.select(Session)
        .join(Session.activity)
        .where(
            Activity.organisation_id == session.activity.organisation_id,
            Session.local_on.in_({today, session.local_on}),
            Session.id != session.id,
            Session.status == SessionStatus.PLANNED,
            Session.ends_at > now,
            Session.starts_at < now + timedelta(hours=18),
        )
        .options(joinedload(Session.activity, innerjoin=True))
        .order_by(Session.starts_at, Session.id)
        .limit(5)
    )
    return list(db_session.scalars(statement))


def may_pair(session: Session, now: datetime) -> bool:
    """Whether the session takes place and its door may be opened by phones just now."""
    opens_at, closes_at = pairing_window(session.starts_at, session.ends_at)
    return session.status == SessionStatus.PLANNED and opens_at <= now <= closes_at
