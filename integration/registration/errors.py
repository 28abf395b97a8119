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


class NotAnybody(Refusal):
    """No people, or more than one sign-up takes (12)."""


class SlotTaken(Refusal):
    """Somebody else has this individual time, or it is no longer offered; the others may still be free."""
