"""From a date and a time on the wall to the one moment that is meant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from integration.activities.errors import TimeDoesNotExist, TimeExistsTwice
from integration.kernel.clock import wall_times

HOUR = timedelta(hours=1)


def moment_at(on: date, at: time, chosen: Collection[datetime] = ()) -> datetime:
    """The moment (UTC) at which the city's clock shows this date and time.

    Where there is none or there are two, the one among those that a person has ``chosen``; without such a
    choice raise TimeDoesNotExist or TimeExistsTwice with what there is to choose from.
    """
    moments = tuple(wall_times(on, at))
    if len(moments) == 1:
        return moments[0]
    offered = moments or _around(on, at)
    for moment in offered:
        if moment in chosen:
            return moment
    if moments:
        raise TimeExistsTwice(on, at, offered)
    raise TimeDoesNotExist(on, at, offered)


def _around(on: date, at: time) -> tuple[datetime, ...]:
    """The same minutes an hour earlier and an hour later, both of which the clock does show."""
    naive = datetime.combine(on, at)
    shifted = [naive - HOUR, naive + HOUR]
    return tuple(wall_times(each.date(), each.time())[0] for each in shifted)
