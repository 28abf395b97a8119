"""What readers could reckon of sensitive sessions from two numbers or three, none of which is small by itself.

Eleven at one action, eight at another that shares sessions with it: three were at the first alone. Such a number is
printed nowhere, but it is as small, and one that an earlier edition printed as "<5" can be no larger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import combinations

from integration.indicators.models import WHOLE_PROGRAMME
from integration.indicators.rules.facts import Facts, Slice, Sums
from integration.indicators.rules.secrecy import Near, Share
from integration.indicators.rules.small_figures import is_small


def small_differences(facts: Mapping[int, Facts], shares: Collection[Share], field: str, near: Near) -> list[Share]:
    """The small parts of sensitive sessions that no printed figure is about.

    ``shares``: the printed figures of ``field``, which is a sum: visits or held.
    """
    printed: defaultdict[int, list[Share]] = defaultdict(list)
    for share in shares:
        printed[share.place].append(share)
    within = [each for place, found in facts.items() for each in _within(place, found, printed[place], field)]
    return within + _between(shares, near)


def _within(place: int, facts: Facts, printed: list[Share], field: str) -> list[Share]:
    """The sorts of sessions of a place that its printed figures tell apart; all of them where it prints none."""
    apart: defaultdict[tuple[bool, ...], set[Slice]] = defaultdict(set)
    for of, sums in facts.sums.items():
        if of.sensitive and sums.sessions:
            apart[tuple(of in share.pieces for share in printed)].add(of)
    parts = [(pieces, sum(_number(facts.sums[of], field) for of in pieces)) for pieces in apart.values()]
    return [Share(place, frozenset(pieces), part) for pieces, part in parts if is_small(part)]


def _number(sums: Sums, field: str) -> int:
    return sums.visits if field == "visits" else sums.held


def _between(shares: Collection[Share], near: Near) -> list[Share]:
    """The larger of two that may count the same sessions and differ by few, or have few in common."""
    found = []
    for one, other in combinations([each for each in shares if each.part], 2):
        if one.place == other.place or not near(one.place, other.place) or not one.pieces & other.pieces:
            continue
        if is_small(abs(one.part - other.part)):
            found.append(max(one, other, key=lambda each: each.part))
        wholes = (each for each in shares if each.place == WHOLE_PROGRAMME and each.pieces >= one.pieces | other.pieces)
        if WHOLE_PROGRAMME not in (one.place, other.place):
            found += [each for each in wholes if is_small(one.part + other.part - each.part)]
    return found
