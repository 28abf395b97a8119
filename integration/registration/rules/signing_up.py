"""What signing up asks for, and when it may be asked."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from integration.activities.models import Session, SessionStatus, SignUpMode
from integration.activities.rules import seats_left
from integration.kernel.errors import Refusal
from integration.registration.errors import DropIn, SensitiveSession, SessionIsCancelled, SessionPast, SignUpClosed

MOST_PEOPLE = 12
"""So many on one sign-up; a bigger group talks to the organiser."""
NAME_LENGTH = 120
HELP_LENGTH = 500
KEPT_DAYS = 120
"""Name and contact go so many days after the household's last session."""

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows: a name could make a list read as something else."""
_LINE_ENDS = frozenset("\n\t")


@dataclass(frozen=True)
class People:
    """Who comes: adults and children, the children by age group where the activity asks."""

    adults: int
    children: int
    children_0_6: int = 0
    children_7_12: int = 0
    children_13_17: int = 0

    @classmethod
    def by_age(cls, adults: int, children_0_6: int, children_7_12: int, children_13_17: int) -> People:
        """Children counted by age group."""
        children = children_0_6 + children_7_12 + children_13_17
        return cls(adults, children, children_0_6, children_7_12, children_13_17)

    @property
    def total(self) -> int:
        """The places they need."""
        return self.adults + self.children

    @property
    def is_possible(self) -> bool:
        """At least one person, at most twelve, nobody counted below nought."""
        groups = (self.children_0_6, self.children_7_12, self.children_13_17)
        numbers = (self.adults, self.children, *groups)
        return min(numbers) >= 0 and 1 <= self.total <= MOST_PEOPLE and sum(groups) in (0, self.children)


class Situation(StrEnum):
    """How a session stands to somebody who wants to come."""

    OPEN = "open"
    FULL = "full"
    DROP_IN = "drop_in"
    SENSITIVE = "sensitive"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    PAST = "past"


_SITUATIONS: dict[type[Refusal], Situation] = {
    SessionIsCancelled: Situation.CANCELLED,
    SessionPast: Situation.PAST,
    SensitiveSession: Situation.SENSITIVE,
    DropIn: Situation.DROP_IN,
    SignUpClosed: Situation.CLOSED,
}


def situation(session: Session, now: datetime) -> Situation:
    """How the session stands, as far as the row at hand knows."""
    try:
        require_open(session, now)
    except Refusal as reason:
        return _SITUATIONS[type(reason)]
    return Situation.FULL if seats_left(session.places) == 0 else Situation.OPEN


def require_open(session: Session, now: datetime) -> None:
    """Raise the reason why nobody may sign up for this session now, if there is one."""
    if session.status == SessionStatus.CANCELLED:
        raise SessionIsCancelled
    if session.ends_at <= now:
        raise SessionPast
    if session.sensitive:
        raise SensitiveSession
    if session.sign_up == SignUpMode.NONE:
        raise DropIn
    if session.sign_up_closed:
        raise SignUpClosed


def takes_queue(session: Session, now: datetime) -> bool:
    """Whether places that come free still go to a queue: until the session begins, while sign-up is open."""
    return (
        session.status == SessionStatus.PLANNED
        and session.sign_up != SignUpMode.NONE
        and not session.sensitive
        and not session.sign_up_closed
        and session.starts_at > now
    )


def forbidden_characters(text: str, *, lines: bool = False) -> bool:
    """Whether the text holds control characters or ones that turn its direction; ``lines`` allows line ends."""
    return any(_is_forbidden(each, lines=lines) for each in text)


def without_forbidden(text: str, *, lines: bool = False) -> str:
    """The text as a reader would see it."""
    return "".join(each for each in text if not _is_forbidden(each, lines=lines))


def has_something_to_read(text: str) -> bool:
    """Whether any character leaves a mark: spaces, joiners and controls alone are no name."""
    return any(unicodedata.category(each)[0] in "LNPS" for each in text)


def _is_forbidden(character: str, *, lines: bool) -> bool:
    if lines and character in _LINE_ENDS:
        return False
    return character in _TURNING or unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
