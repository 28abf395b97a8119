"""Making and editing a venue. Venues are shared: whoever may write activities may write down where they are."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.errors import VenueHasNoName
from integration.activities.models import Session, Venue
from integration.activities.rules import VenueDetails, slug_of
from integration.activities.services.sessions import tell
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.kernel.tokens import random_key


def create_venue(db_session: DbSession, actor: Actor, details: VenueDetails, *, now: datetime) -> Venue:
    """Add a venue."""
    _check(actor, details)
    venue = Venue(slug=_free_slug(db_session, slug_of(details.name)), **vars(details))
    db_session.add(venue)
    db_session.flush()
    record(db_session, Audited.VENUE_SAVED, "venue", venue.id, account_id=actor.account_id, now=now)
    return venue


def edit_venue(db_session: DbSession, actor: Actor, venue: Venue, details: VenueDetails, *, now: datetime) -> None:
    """Change what a venue is called and how it is found; calendars of the sessions to come there follow."""
    _check(actor, details)
    changed = sorted(name for name, value in vars(details).items() if getattr(venue, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(venue, name, getattr(details, name))
    db_session.flush()
    facts: dict[str, object] = {"changed": changed}
    record(db_session, Audited.VENUE_SAVED, "venue", venue.id, account_id=actor.account_id, now=now, **facts)
    for session in db_session.scalars(sa.select(Session).where(Session.venue_id == venue.id, Session.ends_at > now)):
        session.sequence += 1
        session.modified_at = now
        db_session.flush()
        tell(db_session, session, now, facts_too=False)


def _check(actor: Actor, details: VenueDetails) -> None:
    if not actor.can(Permission.ACTIVITIES_WRITE):
        raise NotPermitted
    if not any(details.name.values()):
        raise VenueHasNoName


def _free_slug(db_session: DbSession, wanted: str) -> str:
    if wanted and db_session.scalar(sa.select(Venue.id).where(Venue.slug == wanted)) is None:
        return wanted
    return f"{wanted}-{random_key(5)}".strip("-")
