"""What may be reckoned from printed numbers that are not small themselves."""

from __future__ import annotations

from integration.indicators.rules.differences import small_differences
from integration.indicators.rules.facts import Facts, Slice, Sums
from integration.indicators.rules.secrecy import Share

CAFE, TRAINING = (Slice(kind, "residents", sensitive=True) for kind in ("cafe", "training"))
BOTH = frozenset({CAFE, TRAINING})
ORDINARY = Slice("cafe", "residents", sensitive=False)


def visits(**of_kind: int) -> Facts:
    """Sensitive sessions of these kinds, and an ordinary one that two came to."""
    sums = {each: Sums(1, 1, adults=of_kind.get(each.kind, 0)) for each in BOTH if each.kind in of_kind}
    return Facts({**sums, ORDINARY: Sums(1, 1, adults=2)})


def found(facts: dict[int, Facts], *shares: Share, apart: bool = False) -> set[tuple[int, int]]:
    """Place and number of what is found; ``apart``: the actions share no sessions."""
    small = small_differences(facts, shares, "visits", lambda one, other: not apart or 0 in (one, other))
    return {(each.place, each.part) for each in small}


def test_one_kind_is_the_whole_less_the_other() -> None:
    facts = {1: visits(cafe=3, training=7)}
    assert found(facts, Share(1, BOTH, 10)) == set(), "nobody can tell them apart"
    assert found(facts, Share(1, BOTH, 10), Share(1, frozenset({TRAINING}), 7)) == {(1, 3)}


def test_an_action_that_prints_nothing_is_what_the_programme_has_besides() -> None:
    facts = {0: visits(cafe=10), 1: visits(cafe=7), 2: visits(cafe=3)}
    whole, first = Share(0, frozenset({CAFE}), 10), Share(1, frozenset({CAFE}), 7)
    assert found(facts, whole, first) == {(2, 3), (0, 10)}
    assert found({0: visits(cafe=15), 1: visits(cafe=7)}, Share(0, frozenset({CAFE}), 15), first) == set()


def test_two_actions_are_compared_only_where_they_may_share_sessions() -> None:
    facts = {1: visits(cafe=11), 2: visits(cafe=8)}
    shares = [Share(place, frozenset({CAFE}), facts[place].sums[CAFE].visits) for place in facts]
    assert found(facts, *shares) == {(1, 11)}
    assert found(facts, *shares, apart=True) == set()


def test_what_two_actions_have_in_common_is_both_less_the_programme() -> None:
    facts = {0: visits(cafe=16), 1: visits(cafe=11), 2: visits(cafe=8)}
    shares = [Share(place, frozenset({CAFE}), facts[place].sums[CAFE].visits) for place in facts]
    assert (0, 16) in found(facts, *shares)
