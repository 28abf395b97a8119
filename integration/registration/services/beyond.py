"""Staff let people in although there is no room, or others wait: their word counts, and leaves a trace."""

from __future__ import annotations

from datetime import datetime

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import Session, SessionPlaces
from integration.activities.rules import free_places, over_by
from integration.activities.services import count_places
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession


def take_beyond(
    db_session: DbSession, session: Session, places: SessionPlaces, people: int, actor: Actor, now: datetime
) -> None:
    """Take places whether there is room or not; the caller has locked the counters. Raises NotPermitted."""
    if not actor.can(Permission.SESSIONS_WRITE, session.activity.organisation_id):
        raise NotPermitted(session.id)
    free = free_places(places)
    count_places(db_session, places, taken=people)
    if free is None or (people <= free and not places.waiting):
        return
    facts = {"people": people, "over": over_by(places), "waiting": places.waiting}
    record(db_session, Audited.PLACES_BEYOND, "session", session.id, account_id=actor.account_id, now=now, **facts)
