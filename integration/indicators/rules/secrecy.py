"""What must be hidden beside a small figure, because together with what is printed it would give the figure away.

Two kinds of figures need two ways of thinking. Visits and children add up: whoever knows a sum and all its parts but
one knows that one. Different people (U) do not add up, but a whole is never more than its parts together: whoever
knows that twenty came and that the others were seventeen at most knows that three did.

Everything here errs on the side of hiding. What is hidden beside a small figure is WITHHELD, not "<5": that would be
a lie, and a reader who knows better would learn from it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeVar

from integration.indicators.rules.facts import Slice
from integration.indicators.rules.small_figures import SMALLEST, Standing, is_small

MOST_SMALL = SMALLEST - 1
Key = TypeVar("Key", bound=Hashable)
Near = Callable[[int, int], bool]
"""Whether two places (action ids, 0: the programme) may count the same sessions."""


@dataclass(frozen=True, slots=True)
class Share:
    """A printed number and the part of it that is protected: of sensitive sessions, or of children."""

    place: int
    pieces: frozenset[Slice]
    """The sorts of sessions in which there is something to protect."""
    part: int
    rest: int | None = None
    """What is left of the whole, where that is protected as well."""
    alone: bool = True
    """Whether the number printed is the protected part itself, with room to be anything from 1 to 4."""

    @property
    def is_small(self) -> bool:
        """Whether it cannot be printed."""
        return is_small(self.part) or is_small(self.rest)

    @property
    def is_something(self) -> bool:
        """Whether there is anything to protect: a real 0 is no secret."""
        return bool(self.part or self.rest)


def hidden_shares(shares: Mapping[Key, Share], near: Near, unprinted: Iterable[Share] = ()) -> dict[Key, Standing]:
    """Which of these numbers, which add up, are not printed; what is not named may be.

    ``unprinted``: small parts that are printed nowhere, but could be reckoned.
    Every number that may count a session of a small one goes with it, so no sum is left in which the small one stands.
    Two small ones say "<5" only if they have nothing in common, for the whole of two would be two or more.
    """
    small = {key: share for key, share in shares.items() if share.is_small}
    hidden: dict[Key, Standing] = {}
    printed: list[Share] = []
    for key, share in sorted(small.items(), key=lambda each: (len(each[1].pieces), each[1].place, str(each[0]))):
        says = share.alone and is_small(share.part)
        if says and all(_apart(share, other, near) or _same(share, other) for other in printed):
            hidden[key] = Standing.SUPPRESSED
            printed.append(share)
        else:
            hidden[key] = Standing.WITHHELD
    secret = [*small.values(), *unprinted]
    for key, share in shares.items():
        if key not in small and share.is_something and not all(_apart(share, other, near) for other in secret):
            hidden[key] = Standing.WITHHELD
    return hidden


def _apart(one: Share, other: Share, near: Near) -> bool:
    """Whether they certainly have no session in common."""
    if one.place == other.place:
        return not one.pieces & other.pieces
    return not near(one.place, other.place)


def _same(one: Share, other: Share) -> bool:
    return one.place == other.place and one.pieces == other.pieces


@dataclass(frozen=True, slots=True)
class Crowd:
    """U of one place and year, and what else is known about it."""

    persons: int | None
    printed: bool
    """Whether it is printed anywhere, small or not."""
    room: int
    """The visits among which these people are: U is never more."""
    covers: frozenset[int] = frozenset()
    """The places whose sessions together are all of this one's; empty where some session is its own."""


Told = Mapping[int, int | None]
"""Place > U as an edition printed it; None where it said "<5"; places of which it said nothing are not there."""


def hidden_persons(crowds: Mapping[int, Crowd], told: Sequence[Told] = ()) -> dict[int, Standing]:
    """Which U are not printed: the small ones, and those that a small one could be reckoned from.

    ``told``: what editions have printed of the same year already. Between two of them people only come to be more, so a
    whole that grew more than its known parts did tells how much the hidden one has grown.
    """
    hidden = {
        place: Standing.SUPPRESSED if crowd.room >= MOST_SMALL else Standing.WITHHELD
        for place, crowd in crowds.items()
        if crowd.printed and is_small(crowd.persons)
    }
    if not hidden and not any(None in each.values() for each in told):
        return hidden
    for place in sorted(crowds):
        if crowds[place].printed and place not in hidden and _gives_away(place, crowds, hidden, told):
            hidden[place] = Standing.WITHHELD
    return hidden


def _gives_away(place: int, crowds: Mapping[int, Crowd], hidden: Mapping[int, Standing], told: Sequence[Told]) -> bool:
    """Whether printing U of a place forces a hidden one among its parts to be more than the smallest it could be."""
    whole, parts = crowds[place].persons, crowds[place].covers
    if whole is None or not parts:
        return False
    for small in parts & hidden.keys():
        if whole > 1 + _sum(_most(crowds[each], hidden.get(each)) for each in parts - {small}):
            return True
    return any(_grew_too_much(place, whole, crowds, hidden, then) for then in told if then.get(place) is not None)


def _grew_too_much(
    place: int, whole: int, crowds: Mapping[int, Crowd], hidden: Mapping[int, Standing], then: Told
) -> bool:
    parts, before = crowds[place].covers, then[place] or 0
    for small in parts:
        if small not in hidden and then.get(small, 0) is not None:
            continue
        least = 0 if small in hidden else (crowds[small].persons or 0) - MOST_SMALL
        others = _sum(_most_more(crowds[each], hidden.get(each), then, each) for each in parts - {small})
        if whole - before > least + others:
            return True
    return False


def _most(crowd: Crowd, standing: Standing | None) -> float:
    """The largest number that a reader must think possible."""
    if crowd.persons is None:
        return 0
    if not crowd.printed:
        return inf
    return {None: crowd.persons, Standing.SUPPRESSED: MOST_SMALL}.get(standing, _room(crowd))


def _room(crowd: Crowd) -> float:
    return crowd.room if crowd.room < MOST_SMALL else inf


def _most_more(crowd: Crowd, standing: Standing | None, then: Told, place: int) -> float:
    """How many more than an earlier edition's a reader must think possible."""
    if place not in then:
        return _most(crowd, standing)
    return max(_most(crowd, standing) - (then[place] or 1), 0)


def _sum(values: Iterable[float]) -> float:
    return sum(values, 0.0)
