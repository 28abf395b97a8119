"""What an activity and its sessions say about themselves, without asking anything but the rows at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from integration.activities.models import (
    Activity,
    Audience,
    Session,
    SessionKind,
    SessionPlaces,
    SessionStatus,
    SignUpMode,
    Visibility,
)
from integration.i18n.texts import missing_languages
from integration.kernel.database import Texts

FEW = 3
"""So many places or fewer are called few."""


class PlacesState(StrEnum):
    """The one word that a list says about a session."""

    OPEN = "open"
    PLACES = "places"
    FEW = "few"
    FULL = "full"
    CANCELLED = "cancelled"


class TextPart(StrEnum):
    """What must exist in Swedish and Finnish before anything is public (rule 15)."""

    TITLE = "title"
    DESCRIPTION = "description"
    VENUE = "venue"


@dataclass(frozen=True)
class Gap:
    """A text that is missing in one of the equal languages."""

    part: TextPart
    language: str


@dataclass(frozen=True)
class SessionDetails:
    """Everything of a session that staff write down, apart from its time; the activity gives the first values."""

    kind: SessionKind
    audience: Audience
    visibility: Visibility
    sign_up: SignUpMode
    capacity: int | None
    venue_id: int | None
    title: Texts | None
    description: Texts | None
    online_url: str | None
    languages: tuple[str, ...]
    language_support: tuple[str, ...]
    sensitive: bool
    group_name: str | None
    contact_role: Texts
    contact_phone: str
    partner_ids: frozenset[int]


def details_of_activity(activity: Activity) -> SessionDetails:
    """What a new session of this activity is like unless staff say otherwise."""
    return SessionDetails(
        kind=activity.kind,
        audience=activity.audience,
        visibility=activity.visibility,
        sign_up=activity.sign_up,
        capacity=activity.capacity,
        venue_id=activity.venue_id,
        title=None,
        description=None,
        online_url=None,
        languages=tuple(activity.languages),
        language_support=tuple(activity.language_support),
        sensitive=activity.sensitive,
        group_name=None,
        contact_role=activity.contact_role,
        contact_phone=activity.contact_phone,
        partner_ids=frozenset(each.organisation_id for each in activity.partners),
    )


def details_of_session(session: Session) -> SessionDetails:
    """What this session is like now."""
    return SessionDetails(
        kind=session.kind,
        audience=session.audience,
        visibility=session.visibility,
        sign_up=session.sign_up,
        capacity=session.places.capacity,
        venue_id=session.venue_id,
        title=session.title,
        description=session.description,
        online_url=session.online_url,
        languages=tuple(session.languages),
        language_support=tuple(session.language_support),
        sensitive=session.sensitive,
        group_name=session.group_name,
        contact_role=session.contact_role,
        contact_phone=session.contact_phone,
        partner_ids=frozenset(each.organisation_id for each in session.partners),
    )


def title_of(session: Session) -> Texts:
    """The session's own title, else its activity's; never a mixture, for languages are equal."""
    return session.title or session.activity.title


def description_of(session: Session) -> Texts:
    """The session's own description, else its activity's."""
    return session.description or session.activity.description


def text_gaps(title: Texts | None, description: Texts | None, venue: Texts | None) -> tuple[Gap, ...]:
    """Which of these texts are missing in Swedish or Finnish."""
    texts = ((TextPart.TITLE, title), (TextPart.DESCRIPTION, description), (TextPart.VENUE, venue))
    return tuple(Gap(part, code) for part, text in texts for code in missing_languages(text))


def session_gaps(session: Session) -> tuple[Gap, ...]:
    """What keeps a session from being public; one that is only online needs no venue."""
    venue = session.venue.name if session.venue else None
    gaps = text_gaps(title_of(session), description_of(session), venue)
    if session.venue is None and session.online_url:
        return tuple(gap for gap in gaps if gap.part != TextPart.VENUE)
    return gaps


def seats_left(places: SessionPlaces) -> int | None:
    """How many passers-by may come: none while anyone waits (rule 13); None where there is no limit."""
    return 0 if places.waiting and places.capacity is not None else free_places(places)


def free_places(places: SessionPlaces) -> int | None:
    """How many places nobody has and nobody is offered, none below zero; None where there is no limit."""
    if places.capacity is None:
        return None
    return max(0, places.capacity - places.taken - places.offered)


def over_by(places: SessionPlaces) -> int:
    """By how many people a session is over its capacity, after that was lowered (rule 13)."""
    return max(0, places.taken + places.offered - places.capacity) if places.capacity is not None else 0


def places_state(session: Session) -> PlacesState | None:
    """The one word about a session's places; None where sign-up is required and has no limit."""
    if session.status == SessionStatus.CANCELLED:
        return PlacesState.CANCELLED
    left = seats_left(session.places)
    if session.sign_up == SignUpMode.NONE:
        return PlacesState.OPEN
    if left is None:
        return PlacesState.OPEN if session.sign_up == SignUpMode.OPEN else None
    if left == 0:
        return PlacesState.FULL
    return PlacesState.FEW if left <= FEW else PlacesState.PLACES


def takes_sign_up(session: Session, now: datetime) -> bool:
    """Whether people may sign up: not cancelled, begun to end, closed by staff, drop-in or sensitive."""
    return (
        session.status == SessionStatus.PLANNED
        and session.sign_up != SignUpMode.NONE
        and not session.sign_up_closed
        and not session.sensitive
        and session.ends_at > now
    )
