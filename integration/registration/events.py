"""News about registrations, for the features downstream."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class HouseholdRegistered:
    """A household took places at a session."""

    registration_id: int
    session_id: int
    household_id: int
    at: datetime


@dataclass(frozen=True)
class RegistrationCancelled:
    """A household gave its places at a session back."""

    registration_id: int
    session_id: int
    household_id: int
    at: datetime


@dataclass(frozen=True)
class HouseholdDeleted:
    """A household had everything about it deleted; its card's codes are dead and its visits stay as numbers."""

    household_id: int
    at: datetime


@dataclass(frozen=True)
class SlotChanged:
    """A household has another individual time at the same session."""

    registration_id: int
    session_id: int
    household_id: int
    at: datetime


@dataclass(frozen=True)
class SeriesJoined:
    """A household signed up for a series; its dates carry the series, and no confirmation of their own is due."""

    series_id: int
    household_id: int
    activity_id: int
    at: datetime


@dataclass(frozen=True)
class SeriesLeft:
    """A household left a series: its coming dates were given back one by one."""

    series_id: int
    household_id: int
    activity_id: int
    at: datetime
