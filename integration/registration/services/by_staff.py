"""What staff do for a household: add it, change, move and cancel its places. Each leaves a trace, in ids."""

from __future__ import annotations

from datetime import datetime

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import Session
from integration.activities.services import lock_places
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.kernel.tokens import random_token
from integration.registration.errors import AnotherActivity
from integration.registration.models import Registration, WaitingEntry
from integration.registration.rules import People
from integration.registration.services.changing import change_places
from integration.registration.services.giving_back import cancel_registration
from integration.registration.services.signing_up import SignedUp, register
from integration.registration.services.waiting import leave_queue


def add_by_staff(
    db_session: DbSession,
    actor: Actor,
    session: Session,
    *,
    name: str,
    people: People,
    phone: str | None,
    email: str | None,
    help: str | None,
    language: str,
    form_token: str,
    may_wait: bool,
    beyond: bool,
    card_key: str,
    now: datetime,
) -> SignedUp:
    """Sign a new household up that has rung or come to the desk; contact or not. Raises what ``register`` raises."""
    _require(actor, session)
    signed_up = register(
        db_session,
        session,
        None,
        name=name,
        people=people,
        phone=phone,
        email=email,
        help=help,
        language=language,
        form_token=form_token,
        card_key=card_key,
        now=now,
        may_wait=may_wait,
        beyond=actor if beyond else None,
    )
    made = signed_up.registration or signed_up.entry
    facts = {"people": people.total, "waits": signed_up.registration is None, "number": made.id if made else None}
    _record(db_session, Audited.REGISTRATION_ADDED, actor, session, now, **facts)
    return signed_up


def change_by_staff(
    db_session: DbSession, actor: Actor, registration: Registration, session: Session, people: People, now: datetime
) -> Registration | WaitingEntry:
    """Change for how many; more than there is room for wait as an entry of their own."""
    _require(actor, session)
    number = registration.id
    changed = change_places(db_session, registration, session, people, now)
    _record(db_session, Audited.REGISTRATION_CHANGED, actor, session, now, number=number, people=people.total)
    return changed


def move_by_staff(
    db_session: DbSession,
    actor: Actor,
    registration: Registration,
    session: Session,
    target: Session,
    card_key: str,
    now: datetime,
    *,
    told: bool,
) -> Registration:
    """Take the household's places at another date of the activity and give back those here, or neither.

    Raises SessionFull with what is left there, AlreadyRegistered, or a reason of ``rules.require_open``. Both
    counters are locked in the order of their ids, so that two moves that cross do not wait for each other.
    """
    _require(actor, session)
    if target.activity_id != session.activity_id or target.id == session.id:
        raise AnotherActivity
    for session_id in sorted((session.id, target.id)):
        lock_places(db_session, session_id)
    moved = _register_at(db_session, target, registration, card_key, now).registration
    if moved is None:
        raise AnotherActivity
    number = registration.id
    cancel_registration(db_session, registration, session, now, told=told)
    _record(db_session, Audited.REGISTRATION_MOVED, actor, session, now, number=number, to=target.id, new=moved.id)
    return moved


def queue_by_staff(
    db_session: DbSession,
    actor: Actor,
    registration: Registration,
    session: Session,
    target: Session,
    card_key: str,
    now: datetime,
) -> SignedUp:
    """Let the household wait for another date that is full; it keeps its places here until then."""
    _require(actor, session)
    if target.activity_id != session.activity_id or target.id == session.id:
        raise AnotherActivity
    signed_up = _register_at(db_session, target, registration, card_key, now, may_wait=True)
    _record(db_session, Audited.REGISTRATION_ADDED, actor, target, now, people=_people(registration).total, waits=True)
    return signed_up


def cancel_by_staff(
    db_session: DbSession, actor: Actor, registration: Registration, session: Session, now: datetime, *, told: bool
) -> bool:
    """Give the household's places back for it; ``told`` says whether it gets a message. False if there were none."""
    _require(actor, session)
    number = registration.id
    cancelled = cancel_registration(db_session, registration, session, now, told=told)
    if cancelled:
        _record(db_session, Audited.REGISTRATION_CANCELLED, actor, session, now, number=number, told=told)
    return cancelled


def leave_queue_by_staff(
    db_session: DbSession, actor: Actor, entry: WaitingEntry, session: Session, now: datetime
) -> bool:
    """Take the household out of the queue because it asked to."""
    _require(actor, session)
    left = leave_queue(db_session, entry, session, now)
    if left:
        _record(db_session, Audited.REGISTRATION_CANCELLED, actor, session, now, number=entry.id, waited=True)
    return left


def _register_at(
    db_session: DbSession,
    target: Session,
    registration: Registration,
    card_key: str,
    now: datetime,
    *,
    may_wait: bool = False,
) -> SignedUp:
    """Sign the household of a registration up for another date, as many as it is here."""
    household = registration.household
    return register(
        db_session,
        target,
        household,
        name=household.name or "",
        people=_people(registration),
        help=registration.help,
        language=household.language,
        form_token=random_token(),
        card_key=card_key,
        now=now,
        may_wait=may_wait,
    )


def _people(row: Registration) -> People:
    return People(row.adults, row.children, row.children_0_6, row.children_7_12, row.children_13_17)


def _require(actor: Actor, session: Session) -> None:
    if not actor.can(Permission.REGISTRATIONS_WRITE, session.activity.organisation_id):
        raise NotPermitted(session.id)


def _record(
    db_session: DbSession, action: Audited, actor: Actor, session: Session, now: datetime, **facts: object
) -> None:
    record(db_session, action, "session", session.id, account_id=actor.account_id, now=now, **facts)
