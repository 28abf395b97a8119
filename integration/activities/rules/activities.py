"""What staff write down about an activity."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from integration.activities.models import Activity, Audience, SessionKind, SignUpMode, Visibility
from integration.activities.rules.sessions import Gap, text_gaps
from integration.kernel.database import Texts

MARKS = ("social", "work", "education", "health", "youth", "housing", "safety", "follow")
ICONS = ("cafe", "cv", "work", "fair", "family", "well", "visit")


@dataclass(frozen=True)
class Serves:
    """An action of a programme that an activity serves, both days included; without an end it goes on."""

    action_id: int
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class ActivityDetails:
    """Everything of an activity that staff write down; new sessions are made from it."""

    title: Texts
    description: Texts
    mark: str
    icon: str
    kind: SessionKind
    audience: Audience
    visibility: Visibility
    sign_up: SignUpMode
    capacity: int | None
    duration_minutes: int
    venue_id: int | None
    languages: tuple[str, ...]
    language_support: tuple[str, ...]
    asks_age_groups: bool
    series: bool
    sensitive: bool
    contact_role: Texts
    contact_phone: str
    partner_ids: frozenset[int]
    serves: frozenset[Serves]


@dataclass(frozen=True)
class VenueDetails:
    """What staff write down about a venue."""

    name: Texts
    address: Texts
    directions: Texts


def activity_details(activity: Activity) -> ActivityDetails:
    """What this activity is like now."""
    apart = {"languages", "language_support", "partner_ids", "serves"}
    same = {name: getattr(activity, name) for name in ActivityDetails.__dataclass_fields__ if name not in apart}
    return ActivityDetails(
        **same,
        languages=tuple(activity.languages),
        language_support=tuple(activity.language_support),
        partner_ids=frozenset(each.organisation_id for each in activity.partners),
        serves=frozenset(Serves(each.action_id, each.starts_on, each.ends_on) for each in activity.serves),
    )


def activity_gaps(activity: Activity) -> tuple[Gap, ...]:
    """What an activity's own texts lack before its sessions can be public."""
    return text_gaps(activity.title, activity.description, activity.venue.name if activity.venue else None)


def slug_of(title: Texts) -> str:
    """A title's letters and figures as part of an address; empty when it has none that fit."""
    text = title.get("en") or title.get("sv") or next(iter(title.values()), "")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")
