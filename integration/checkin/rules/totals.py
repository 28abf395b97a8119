"""A manual total beside what the door counted (rule 3)."""

from __future__ import annotations

from collections.abc import Mapping

from integration.checkin.models import Source

LEAST_CERTAIN_FIRST = (
    Source.IMPORTED,
    Source.SELF_MARKED,
    Source.HEADCOUNT,
    Source.WALK_IN,
    Source.LISTED,
    Source.SCANNED,
)


def with_manual_total(sources: Mapping[Source, int], total: int) -> dict[Source, int]:
    """The mix of sources under a manual total (rule 3): what the door lacks is headcount; what it has too much goes
    from the least certain source first. They add up to the total.
    """
    mix = {source: sources.get(source, 0) for source in Source}
    difference = total - sum(mix.values())
    if difference >= 0:
        mix[Source.HEADCOUNT] += difference
        return mix
    for source in LEAST_CERTAIN_FIRST:
        taken = min(mix[source], -difference)
        mix[source] -= taken
        difference += taken
    return mix


def is_under_scanned(total: int, scanned: int) -> bool:
    """Whether a manual total is below what was scanned, which warns (rule 3)."""
    return total < scanned
