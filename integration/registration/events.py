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
