"""Pair phones with doors: links, the one phone that each pairs, moving on, renaming and revoking."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import Session, SessionStatus
from integration.activities.queries import session_by_key
from integration.audit.services import Audited, record
from integration.checkin import rules
from integration.checkin.errors import DoorNotOpen, LinkNotUsable, SessionIsCancelled
from integration.checkin.models import DoorDevice, DoorLink
from integration.checkin.queries.devices import device_with_token, link_with_secret
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.kernel.tokens import derived_secret, digest, random_id, random_token


def link_secret(card_key: str, link_id: int) -> str:
    """The secret of a link: derived, so that the organiser's page can show it again; the database has its digest."""
    return derived_secret(card_key, "door", link_id)


def renew_link(
    db_session: DbSession, actor: Actor, session: Session, card_key: str, now: datetime, *, may_search: bool
) -> DoorLink:
    """Make the link that pairs the next phone; the one before it dies. Raise NotPermitted or SessionIsCancelled."""
    _check(actor, session)
    if session.status == SessionStatus.CANCELLED:
        raise SessionIsCancelled
    _kill_link(db_session, session.id, now)
    link = _new_link(db_session, session.id, actor.account_id, card_key, now, may_search=may_search)
    record(db_session, Audited.DOOR_LINK_MADE, "session", session.id, account_id=actor.account_id, now=now)
    return link


def withdraw_link(db_session: DbSession, actor: Actor, session: Session, now: datetime) -> None:
    """Let no further phone be paired until the organiser makes a new link."""
    _check(actor, session)
    _kill_link(db_session, session.id, now)


def pair_phone(db_session: DbSession, secret: str, card_key: str, now: datetime) -> tuple[DoorDevice, str]:
    """Pair this phone with the door of the link, and make the next link; the phone's bearer token, told only here.

    Of phones that come at once exactly one wins. Raise LinkNotUsable, or DoorNotOpen outside the door's hours.
    """
    found = link_with_secret(db_session, secret)
    if found is None or found[1].status == SessionStatus.CANCELLED:
        raise LinkNotUsable
    link, session = found
    opens_at, closes_at = rules.pairing_window(session.starts_at, session.ends_at)
    if not opens_at <= now <= closes_at and link.used_at is None and link.revoked_at is None:
        raise DoorNotOpen(too_early=now < opens_at)
    unused = (DoorLink.id == link.id, DoorLink.used_at.is_(None), DoorLink.revoked_at.is_(None))
    taken: Any = db_session.execute(
        sa.update(DoorLink).where(*unused).values(used_at=now).execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        raise LinkNotUsable
    token = random_token()
    device = _new_device(db_session, session, token, now, link_id=link.id, may_search=link.may_search)
    _new_link(db_session, session.id, link.account_id, card_key, now, may_search=link.may_search)
    record(
        db_session, Audited.DOOR_PAIRED, "session", session.id, account_id=None, now=now, device=device.id, link=link.id
    )
    return device, token


def move_on(db_session: DbSession, token: str, key: str, now: datetime) -> tuple[DoorDevice, str]:
    """Make a phone a door of another session of its organisation; the device and its new bearer token.

    The old one goes on taking what was scanned before. Raise NotFound, SessionIsCancelled or DoorNotOpen.
    """
    before = device_with_token(db_session, token)
    session = session_by_key(db_session, key)
    if before is None or session.activity.organisation_id != before.session.activity.organisation_id:
        raise NotFound
    if session.status == SessionStatus.CANCELLED:
        raise SessionIsCancelled
    opens_at, closes_at = rules.pairing_window(session.starts_at, session.ends_at)
    if before.revoked_at is not None or not opens_at <= now <= closes_at:
        raise DoorNotOpen(too_early=now < opens_at)
    if before.handset is None:
        before.handset = random_token()
    new_token = random_token()
    device = _new_device(
        db_session,
        session,
        new_token,
        now,
        handset=before.handset,
        name=before.name,
        may_search=before.may_search,
        account_id=before.account_id,
    )
    facts = {"device": device.id, "before": before.id}
    record(db_session, Audited.DOOR_PAIRED, "session", session.id, account_id=before.account_id, now=now, **facts)
    return device, new_token


def change_door(
    db_session: DbSession, actor: Actor, session: Session, device_id: int, *, name: str, may_search: bool
) -> None:
    """Call a door by another name, or let its phone find people by name. Raise NotPermitted or NotFound."""
    device = _own_device(db_session, actor, session, device_id)
    device.name = name.strip()[:40] or device.name
    device.may_search = may_search


def revoke_door(db_session: DbSession, actor: Actor, session: Session, device_id: int, now: datetime) -> None:
    """Stop a phone at once, at every door that it moved on to. Raise NotPermitted or NotFound."""
    device = _own_device(db_session, actor, session, device_id)
    same = DoorDevice.handset == device.handset if device.handset else DoorDevice.id == device.id
    db_session.execute(sa.update(DoorDevice).where(same, DoorDevice.revoked_at.is_(None)).values(revoked_at=now))
    record(
        db_session,
        Audited.DOOR_REVOKED,
        "session",
        session.id,
        account_id=actor.account_id,
        now=now,
        device=device.id,
    )


def door_name(number: int) -> str:
    """ "A", "B" ... "Z", "AA": doors as they are called until somebody renames them."""
    letters = ""
    while number > 0:
        number, value = divmod(number - 1, 26)
        letters = chr(ord("A") + value) + letters
    return letters


def _check(actor: Actor, session: Session) -> None:
    if not actor.can(Permission.DOOR_OPEN, session.activity.organisation_id):
        raise NotPermitted


def _own_device(db_session: DbSession, actor: Actor, session: Session, device_id: int) -> DoorDevice:
    _check(actor, session)
    device = db_session.get(DoorDevice, device_id)
    if device is None or device.session_id != session.id:
        raise NotFound
    return device


def _kill_link(db_session: DbSession, session_id: int, now: datetime) -> None:
    live = (DoorLink.session_id == session_id, DoorLink.used_at.is_(None), DoorLink.revoked_at.is_(None))
    db_session.execute(sa.update(DoorLink).where(*live).values(revoked_at=now))


def _new_link(
    db_session: DbSession, session_id: int, account_id: int, card_key: str, now: datetime, *, may_search: bool
) -> DoorLink:
    link_id = random_id()
    link = DoorLink(
        id=link_id,
        session_id=session_id,
        secret_digest=digest(link_secret(card_key, link_id)),
        may_search=may_search,
        account_id=account_id,
        created_at=now,
    )
    db_session.add(link)
    db_session.flush()
    return link


def _new_device(db_session: DbSession, session: Session, token: str, now: datetime, **given: Any) -> DoorDevice:
    opens_at, closes_at = rules.pairing_window(session.starts_at, session.ends_at)
    paired = sa.select(sa.func.count()).where(DoorDevice.session_id == session.id, DoorDevice.handset.is_not(None))
    values = {
        "session_id": session.id,
        "name": door_name((db_session.scalar(paired) or 0) + 1),
        "token_digest": digest(token),
        "account_id": None,
        "handset": random_token(),
        "paired_at": now,
        "opens_at": opens_at,
        "closes_at": closes_at,
    }
    device = DoorDevice(**{**values, **given})
    db_session.add(device)
    db_session.flush()
    return device
