"""Refusals around signing up. A full session is ``activities.errors.SessionFull``."""

from __future__ import annotations

from integration.kernel.errors import Refusal


class SessionPast(Refusal):
    """The session is over."""


class SessionIsCancelled(Refusal):
    """The session will not be held."""


class SignUpClosed(Refusal):
    """Staff closed the sign-up of this session."""


class DropIn(Refusal):
    """Nobody signs up for this session: people just come."""


class SensitiveSession(Refusal):
    """A sensitive session takes no sign-up by card: who comes is nobody's business."""


class AlreadyRegistered(Refusal):
    """The household has places at this session; ``registration_id`` is theirs."""

    def __init__(self, registration_id: int) -> None:
        super().__init__(registration_id)
        self.registration_id = registration_id


class AlreadyWaiting(Refusal):
    """The household waits for places at this session, or has an offer to answer; ``entry_id`` is its entry."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(entry_id)
        self.entry_id = entry_id


class OfferOver(Refusal):
    """The offer's time has passed, or there is none: the places are for the next in the queue."""


class NotAnybody(Refusal):
    """No people, or more than one sign-up takes (12)."""


class SlotTaken(Refusal):
    """Somebody else has this individual time, or it is no longer offered; the others may still be free."""


class TimesFree(Refusal):
    """There is an individual time such as they would wait for: they need only choose it."""


class NoStands(Refusal):
    """Only at a fair can anybody ask for a stand."""


class SameHousehold(Refusal):
    """Both cards are one household's already: there is nothing to merge."""


class AnotherActivity(Refusal):
    """Places are moved between dates of one activity only."""


class NoSeries(Refusal):
    """The activity's dates are signed up for one by one, or none of those chosen can be had."""
