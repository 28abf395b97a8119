"""News about registrations, for the features downstream."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class HouseholdRegistered:
    """A household took places at a session: by signing up, or by accepting an offer to the whole household."""

    registration_id: int
    session_id: int
    household_id: int
    at: datetime


@dataclass(frozen=True)
class RegistrationCancelled:
    """A household gave its places at a session back, or staff did so for it; ``told``: it gets a message."""

    registration_id: int
    session_id: int
    household_id: int
    at: datetime
    told: bool = True


@dataclass(frozen=True)
class PlacesChanged:
    """A household comes with more or fewer people than before; ``adults`` and ``children`` are all who come now."""

    registration_id: int
    session_id: int
    household_id: int
    adults: int
    children: int
    at: datetime


@dataclass(frozen=True)
class WaitingBegan:
    """A household joined the queue of a session."""

    entry_id: int
    session_id: int
    household_id: int
    at: datetime


@dataclass(frozen=True)
class PlaceOffered:
    """Places are kept for a household that waits and has a contact, until ``expires_at``.

    It is told from ``tell_at`` on: not between 21 and 8 on the city's clock (rule 13).
    """

    entry_id: int
    session_id: int
    household_id: int
    tell_at: datetime
    expires_at: datetime
    at: datetime


@dataclass(frozen=True)
class TakenIn:
    """A household that waited has its places without having been asked.

    It gave no contact, or no time was left for an offer. One that accepts an offer is HouseholdRegistered, or
    PlacesChanged where it had places before. Whoever gave a contact is told from ``tell_at`` on.
    """

    entry_id: int
    registration_id: int
    session_id: int
    household_id: int
    tell_at: datetime
    at: datetime


@dataclass(frozen=True)
class OfferExpired:
    """Nobody answered an offer in time: it went to the next, and the household is out of the queue."""

    entry_id: int
    session_id: int
    household_id: int
    at: datetime


@dataclass(frozen=True)
class WaitingLeft:
    """A household left the queue or said no to an offer; ``told``: staff did it, and it gets a message."""

    entry_id: int
    session_id: int
    household_id: int
    at: datetime
    told: bool = False


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
    """A household left a series: so many coming dates were given back one by one."""

    series_id: int
    household_id: int
    activity_id: int
    dates: int
    at: datetime


@dataclass(frozen=True)
class StandAnswered:
    """Staff said yes or no to whoever asked for a stand."""

    stand_id: int
    session_id: int
    at: datetime


@dataclass(frozen=True)
class CardReissued:
    """A lost card was replaced: the codes of this issue hold, those of every earlier one are dead."""

    card_id: int
    household_id: int
    issue: int
    occurred_at: datetime


@dataclass(frozen=True)
class LinkRequested:
    """Somebody who holds a card asks for the household's own link; it goes to the stored contact alone."""

    household_id: int
    occurred_at: datetime


@dataclass(frozen=True)
class HouseholdsMerged:
    """Two cards were one household's: visits under the gone card's key follow the kept one's."""

    kept_household_id: int
    gone_household_id: int
    kept_key: str
    gone_key: str
    occurred_at: datetime


@dataclass(frozen=True)
class VisitorsCame:
    """A session was held, and these cards were seen at it."""

    session_id: int
    visitor_keys: tuple[str, ...]
    at: datetime
