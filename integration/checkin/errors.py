"""Refusals at the door."""

from __future__ import annotations

from integration.kernel.errors import Refusal


class UnknownDevice(Refusal):
    """No phone was ever paired with this token."""


class BatchTooLong(Refusal):
    """More scans in one batch than are taken at once."""


class SessionIsCancelled(Refusal):
    """A cancelled session has no door."""


class ReasonMissing(Refusal):
    """A manual total that differs from the door's needs a reason (rule 3)."""


class SessionNotBegun(Refusal):
    """Nobody can say how a session went before it has begun or anybody came."""


class LinkNotUsable(Refusal):
    """The link was used or revoked, or nobody ever made it."""


class DoorNotOpen(Refusal):
    """Phones are paired from an hour before a session to two hours after it; ``too_early``: its time is to come."""

    def __init__(self, too_early: bool) -> None:
        super().__init__(too_early)
        self.too_early = too_early


class UnknownScan(Refusal):
    """No scan of this session has this id."""


class UntraceableScan(Refusal):
    """The scan counts, but the year was closed and nobody can tell any more whom it counted."""


class CodeNotUsable(Refusal):
    """No session may be marked with this code just now; why is not told."""


class NoSelfCheckIn(Refusal):
    """A sensitive session keeps a headcount only."""


class NobodyCounted(Refusal):
    """Held with nobody counted may be a mistake: it takes a second word."""


class SheetNotAllowed(Refusal):
    """A sensitive session keeps no list of names."""
