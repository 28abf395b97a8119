"""Sessions in the words of schema.org, for search engines and other sites."""

from __future__ import annotations

from typing import Any

from integration.activities.models import Session, SessionStatus, SignUpMode
from integration.activities.rules.sessions import description_of, seats_left, title_of
from integration.i18n.texts import localize
from integration.kernel.clock import local
from integration.kernel.database import Texts

CONTEXT = "https://schema.org"
STATUS = {SessionStatus.PLANNED: "EventScheduled", SessionStatus.CANCELLED: "EventCancelled"}


def event(session: Session, code: str, url: str) -> dict[str, Any]:
    """The session as a schema.org Event in one language, under its page's full address.

    What is for those signed up alone, the link of an online session, is not in it.
    """
    facts = {
        "@type": "Event",
        "@id": url,
        "url": url,
        "identifier": session.key,
        "name": _text(title_of(session), code),
        "description": _text(description_of(session), code),
        "inLanguage": list(session.languages),
        "startDate": local(session.starts_at).isoformat(),
        "endDate": local(session.ends_at).isoformat(),
        "eventStatus": f"{CONTEXT}/{STATUS[session.status]}",
        "eventAttendanceMode": f"{CONTEXT}/{'Online' if session.venue is None else 'Offline'}EventAttendanceMode",
        "location": _location(session, code, url),
        "organizer": {"@type": "Organization", "name": _text(session.activity.organisation.name, code)},
        "isAccessibleForFree": True,
        **_places(session, url),
    }
    return {name: value for name, value in facts.items() if value not in ("", None, [])}


def event_document(session: Session, code: str, url: str) -> dict[str, Any]:
    """The JSON-LD document of one session."""
    return {"@context": CONTEXT, **event(session, code, url)}


def events_document(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The JSON-LD document of many."""
    return {"@context": CONTEXT, "@graph": events}


def _location(session: Session, code: str, url: str) -> dict[str, Any]:
    venue = session.venue
    if venue is None:
        return {"@type": "VirtualLocation", "url": url}
    place: dict[str, Any] = {"@type": "Place", "name": _text(venue.name, code), "address": _text(venue.address, code)}
    if venue.latitude is not None and venue.longitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": venue.latitude, "longitude": venue.longitude}
    return {name: value for name, value in place.items() if value}


def _places(session: Session, url: str) -> dict[str, Any]:
    """How many fit, and an offer that costs nothing where people sign up."""
    if session.sign_up == SignUpMode.NONE:
        return {}
    left = seats_left(session.places)
    available = "SoldOut" if left == 0 or session.sign_up_closed else "InStock"
    offer = {"@type": "Offer", "price": "0", "priceCurrency": "EUR", "url": url}
    return {
        "maximumAttendeeCapacity": session.places.capacity,
        "remainingAttendeeCapacity": left,
        "offers": {**offer, "availability": f"{CONTEXT}/{available}"},
    }


def _text(texts: Texts, code: str) -> str:
    return localize(texts, code).text
