"""Making and editing a session."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.errors import SensitiveTakesNoSignUp, SessionEndsBeforeItStarts
from integration.activities.events import SessionAdded, SessionChanged, SessionFactsChanged, SessionMoved
from integration.activities.models import (
    Activity,
    Session,
    SessionPartner,
    SessionPlaces,
    SessionStatus,
    SignUpMode,
)
from integration.activities.rules import SessionDetails, details_of_activity, details_of_session
from integration.audit.services import Audited, record
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.kernel.tokens import random_key

FOLLOWED = frozenset(
    {
        "title",
        "description",
        "venue_id",
        "online_url",
        "visibility",
        "sensitive",
        "languages",
        "contact_role",
        "contact_phone",
    }
)
"""What stands in a session's calendar entry: a change raises the sequence (RFC 5545, 3.8.7.4)."""

COUNTED = frozenset({"kind", "audience", "sensitive", "group_name", "language_support", "partner_ids"})
"""What figures are made from: a change makes them follow."""

WHERE = frozenset({"venue_id", "online_url"})
"""Where people go: a change is told to everybody who signed up."""

_APART = frozenset({"capacity", "partner_ids"})
"""Kept in tables of their own."""


def require_permission(actor: Actor, activity: Activity) -> None:
    """Raise NotPermitted unless the actor may arrange sessions in the activity's organisation."""
    if not actor.can(Permission.SESSIONS_WRITE, activity.organisation_id):
        raise NotPermitted(activity.id)


def create_session(
    db_session: DbSession,
    actor: Actor,
    activity: Activity,
    starts_at: datetime,
    *,
    now: datetime,
    ends_at: datetime | None = None,
    details: SessionDetails | None = None,
) -> Session:
    """Add one session; what nobody says comes from the activity. Raises NotPermitted and refusals of its facts."""
    require_permission(actor, activity)
    ends_at = ends_at or starts_at + timedelta(minutes=activity.duration_minutes)
    session = add_session(db_session, activity, starts_at, ends_at, details or details_of_activity(activity), now)
    db_session.flush()
    facts: dict[str, object] = {"activity_id": activity.id, "on": session.local_on.isoformat()}
    record(db_session, Audited.SESSION_SAVED, "session", session.id, account_id=actor.account_id, now=now, **facts)
    publish(db_session, SessionAdded(session.id, now))
    tell(db_session, session, now, facts_too=True)
    return session


def edit_session(
    db_session: DbSession, actor: Actor, session: Session, details: SessionDetails, *, now: datetime
) -> None:
    """Replace what a session is like, its time apart; saving what is already so changes nothing."""
    require_permission(actor, session.activity)
    check(details)
    before = details_of_session(session)
    if before == details:
        return
    changed = {name for name in vars(details) if getattr(before, name) != getattr(details, name)}
    _write(session, details)
    session.modified_at = now
    session.sequence += 1 if changed & FOLLOWED else 0
    db_session.flush()
    db_session.expire(session, ["venue"])
    facts = {"changed": sorted(changed)}
    record(db_session, Audited.SESSION_SAVED, "session", session.id, account_id=actor.account_id, now=now, **facts)
    if changed & WHERE and session.status == SessionStatus.PLANNED:
        publish(db_session, SessionMoved(session.id, now))
    tell(db_session, session, now, facts_too=bool(changed & COUNTED))


def add_session(
    db_session: DbSession,
    activity: Activity,
    starts_at: datetime,
    ends_at: datetime,
    details: SessionDetails,
    now: datetime,
    *,
    rule_id: int | None = None,
    occurrence_on: date | None = None,
) -> Session:
    """The row of a new session and those that hang on it; permission, trail and news are the caller's."""
    check(details)
    check_times(starts_at, ends_at)
    session = Session(
        key=random_key(),
        activity=activity,
        rule_id=rule_id,
        occurrence_on=occurrence_on,
        starts_at=starts_at,
        ends_at=ends_at,
        local_on=local_date(starts_at),
        status=SessionStatus.PLANNED,
        sign_up_closed=False,
        sequence=0,
        created_at=now,
        modified_at=now,
        places=SessionPlaces(capacity=details.capacity, taken=0, offered=0),
    )
    _write(session, details)
    db_session.add(session)
    return session


def check(details: SessionDetails) -> None:
    """Refuse what cannot be together."""
    if details.sensitive and details.sign_up != SignUpMode.NONE:
        raise SensitiveTakesNoSignUp


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """Refuse a session that would end before it has begun."""
    if ends_at <= starts_at:
        raise SessionEndsBeforeItStarts


def tell(db_session: DbSession, session: Session, now: datetime, *, facts_too: bool) -> None:
    """Tell the features downstream that a session has changed, and whether its figures must follow."""
    publish(db_session, SessionChanged(session.id, now))
    if facts_too:
        publish(db_session, SessionFactsChanged(session.id, now))


def _write(session: Session, details: SessionDetails) -> None:
    for name in vars(details).keys() - _APART:
        value = getattr(details, name)
        setattr(session, name, list(value) if isinstance(value, tuple) else value)
    session.title, session.description = details.title or None, details.description or None
    session.places.capacity = details.capacity
    _write_partners(session, details.partner_ids)


def _write_partners(session: Session, organisation_ids: frozenset[int]) -> None:
    """Keep what is known of those who stay: a partner confirmed present stays confirmed."""
    present = {each.organisation_id: each for each in session.partners}
    session.partners = [
        present.get(each) or SessionPartner(organisation_id=each, present=None) for each in sorted(organisation_ids)
    ]
