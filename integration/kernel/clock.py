"""The only place that reads the time, and the change between UTC and the city's wall time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Europe/Helsinki")


def utc_now() -> datetime:
    """The present moment, aware, in UTC, to the second (calendars and pages know nothing finer)."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Watch:
    """What time it is while long work goes on: the moment at which it began, and what has passed since."""

    began_at: datetime
    _started: float = field(default_factory=monotonic)

    def read(self) -> datetime:
        """The present moment."""
        return self.began_at + timedelta(seconds=int(monotonic() - self._started))


def local(moment: datetime, zone: ZoneInfo = CITY) -> datetime:
    """The same moment on the city's clock."""
    return moment.astimezone(zone)


def local_date(moment: datetime, zone: ZoneInfo = CITY) -> date:
    """The date on the city's clock: a session counts on its local start date (rule 2)."""
    return moment.astimezone(zone).date()


def wall_times(on: date, at: time, zone: ZoneInfo = CITY) -> list[datetime]:
    """Every moment (in UTC) at which the city's clock shows this date and time.

    One nearly always; none in the hour that the last Sunday of March skips; two, earliest first, in the
    hour that the last Sunday of October repeats. The caller asks a person where the answer is not one.
    """
    naive = datetime.combine(on, at)
    moments = {naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(moment for moment in moments if moment.astimezone(zone).replace(tzinfo=None) == naive)


def midnight(on: date, zone: ZoneInfo = CITY) -> datetime:
    """The moment (in UTC) at which this local date begins."""
    return datetime.combine(on, time(), tzinfo=zone).astimezone(UTC)


def day_bounds(on: date, zone: ZoneInfo = CITY) -> tuple[datetime, datetime]:
    """The half-open span of UTC moments that make up this local date (23, 24 or 25 hours)."""
    return midnight(on, zone), midnight(on + timedelta(days=1), zone)
