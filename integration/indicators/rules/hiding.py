"""What of one year of a programme is not printed: every place and filter that prints figures, looked at together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from integration.indicators.rules.differences import small_differences
from integration.indicators.rules.facts import SOURCES, Counted, Facts, counted
from integration.indicators.rules.periods import distinct_months, distinct_weeks
from integration.indicators.rules.secrecy import MOST_SMALL, Crowd, Near, Share, Told, hidden_persons, hidden_shares
from integration.indicators.rules.small_figures import SMALLEST, Standing, is_small
from integration.programme.models import Measure

WHOLE = 0
"""The place of a whole programme."""
ADDED_UP = ("held", "visits")
COUNTS_OF_SESSIONS = ("held", "months", "weeks", "groups")
FIELDS = {
    Measure.HELD: "held",
    Measure.VISITS: "visits",
    Measure.UNIQUE: "persons",
    Measure.PARTNERS: "partners",
    Measure.WEEKS: "weeks",
    Measure.MONTHS: "months",
    Measure.GROUPS: "groups",
    Measure.LANGUAGE_SUPPORT: "support",
}
"""Under which name a measure is hidden or not; a row has ``children`` and ``sources`` besides."""


class Scope(NamedTuple):
    """Which sessions a printed figure counts: those of an action (0: the programme), of some kinds and audiences."""

    place: int
    kinds: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """Where figures of a programme are printed, on any page or in any file."""

    by_field: Mapping[str, frozenset[Scope]]
    """The name of a figure > the scopes that print it."""
    persons_at: frozenset[int]
    """The places whose U is printed."""

    def of(self, field: str) -> Iterable[Scope]:
        """In an order that is always the same."""
        return sorted(self.by_field.get(field, ()))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else a reader can know: which places share sessions, and among how many visits U is counted."""

    near: Near
    covers: Callable[[int], frozenset[int]]
    room: Callable[[], Mapping[int, int]]
    """Asked only when some U is small; what is not in it is counted among all visits."""
    told: Sequence[Told] = ()


Hidden = dict[Scope, dict[str, Standing]]


def has_secrets(facts: Mapping[int, Facts], printed: Printed, told: Sequence[Told], *, splits: bool) -> bool:
    """Whether anything of a year may have to be hidden; most years have nothing."""
    return (
        splits
        or has_small_persons(facts, printed, told)
        or any(of.sensitive for found in facts.values() for of in found.sums)
    )


def has_small_persons(facts: Mapping[int, Facts], printed: Printed, told: Sequence[Told]) -> bool:
    """Whether some U is or was so small that it is hidden."""
    now = any(is_small(found.persons) for place, found in facts.items() if place in printed.persons_at)
    return now or any(None in each.values() for each in told)


def hidden_in_year(facts: Mapping[int, Facts], printed: Printed, around: Surroundings, *, splits: bool) -> Hidden:
    """Scope > the names of its figures that are not printed, and how they say so.

    ``splits``: children and the mix of sources are looked at as well.
    """
    hidden: Hidden = {}
    for field in FIELDS.values():
        if field != "persons":
            shares = _sensitive_shares(facts, printed, field)
            if field in COUNTS_OF_SESSIONS:
                shares = {each: _beside_visits(each, share, shares, around.near) for each, share in shares.items()}
            more = small_differences(facts, shares.values(), field, around.near) if field in ADDED_UP else ()
            _merge(hidden, field, hidden_shares(shares, around.near, more))
    _hide_support(hidden)
    persons = hidden_persons(_crowds(facts, printed, around), around.told)
    for scopes in (*printed.by_field.values(), map(Scope, printed.persons_at)):
        _merge(hidden, "persons", {scope: persons[scope.place] for scope in scopes if scope.place in persons})
    if splits:
        _merge(hidden, "children", hidden_shares(_children_shares(facts, printed), around.near))
        _hide_splits(hidden, facts, printed, around.near)
    return hidden


def _merge(hidden: Hidden, field: str, found: Mapping[Scope, Standing]) -> None:
    for scope, standing in found.items():
        hidden.setdefault(scope, {})[field] = standing


def _sensitive_shares(facts: Mapping[int, Facts], printed: Printed, field: str) -> dict[Scope, Share]:
    return {
        scope: share
        for scope in printed.of(field)
        if scope.place in facts and (share := _sensitive_share(facts[scope.place], scope, field))
    }


def _sensitive_share(facts: Facts, scope: Scope, field: str) -> Share | None:
    part = counted(facts, scope.kinds, scope.audiences, only_sensitive=True)
    if not part.known:
        return None
    whole = counted(facts, scope.kinds, scope.audiences)
    alone = whole.sums.sessions == part.sums.sessions and field != "support"
    if field == "months" and len(distinct_weeks(part.held_on)) > MOST_SMALL:
        alone = False  # so many weeks do not fit into one month
    pieces = frozenset(of for of, sums in facts.sums.items() if of.sensitive and sums.sessions and _asked(scope, of))
    rest = part.sums.held - part.sums.supported if field == "support" else None
    return Share(scope.place, pieces, _number(part, field), rest, alone)


def _beside_visits(scope: Scope, share: Share, shares: Mapping[Scope, Share], near: Near) -> Share:
    """Where visits of two sorts of sessions can be told apart there were two sessions at least, not one."""
    others = {
        (other.place, each.pieces)
        for other, each in shares.items()
        if other.place and near(scope.place, other.place) and (other.place, each.pieces) != (scope.place, share.pieces)
    }
    return replace(share, alone=share.alone and len(others) <= (scope.place == WHOLE))


def _asked(scope: Scope, of: tuple[str, str, bool]) -> bool:
    kind, audience, _sensitive = of
    return (not scope.kinds or kind in scope.kinds) and (not scope.audiences or audience in scope.audiences)


def _number(found: Counted, field: str) -> int:
    return {
        "held": found.sums.held,
        "visits": found.sums.visits,
        "support": found.sums.supported,
        "partners": found.partners,
        "groups": found.groups,
        "weeks": len(distinct_weeks(found.held_on)),
        "months": len(distinct_months(found.held_on)),
    }[field]


def _hide_support(hidden: Hidden) -> None:
    """A share says of how many sessions it is: where these are hidden, it is."""
    for fields in hidden.values():
        if "held" in fields:
            fields["support"] = Standing.WITHHELD


def _crowds(facts: Mapping[int, Facts], printed: Printed, around: Surroundings) -> dict[int, Crowd]:
    if not has_small_persons(facts, printed, around.told):
        return {}
    room = around.room()
    return {
        place: Crowd(
            persons=found.persons,
            printed=place in printed.persons_at,
            room=room.get(place, sum(each.visits for of, each in found.sums.items() if not of.sensitive)),
            covers=around.covers(place) & facts.keys() - {place},
        )
        for place, found in facts.items()
    }


def _children_shares(facts: Mapping[int, Facts], printed: Printed) -> dict[Scope, Share]:
    shares = {}
    for scope in printed.of("children"):
        if scope.place in facts:
            found = facts[scope.place]
            sums = counted(found, scope.kinds, scope.audiences).sums
            pieces = frozenset(of for of, each in found.sums.items() if each.visits and _asked(scope, of))
            shares[scope] = Share(scope.place, pieces, sums.children, sums.adults, sums.visits >= SMALLEST)
    return shares


def _hide_splits(hidden: Hidden, facts: Mapping[int, Facts], printed: Printed, near: Near) -> None:
    """Where V or U is hidden the splits go, and the mix of sources goes wherever it could be reckoned from."""
    for fields in hidden.values():
        if "visits" in fields:
            fields["children"] = Standing.WITHHELD
    scopes = [scope for scope in printed.of("children") if scope.place in facts]
    mixed = {scope.place for scope in scopes if _tells_sources(hidden.get(scope, {}), facts[scope.place], scope)}
    for scope in scopes:
        if any(near(scope.place, place) for place in mixed):
            hidden.setdefault(scope, {})["sources"] = Standing.WITHHELD


def _tells_sources(fields: Mapping[str, Standing], facts: Facts, scope: Scope) -> bool:
    found = counted(facts, scope.kinds, scope.audiences, only_sensitive=True)
    sums = found.sums
    parts = (*(getattr(sums, name) for name in SOURCES), sums.identified, sums.visits - sums.identified)
    return "visits" in fields or "persons" in fields or (found.known and any(map(is_small, parts)))
