"""Programs that read calendars, each by other people; all give the same plain facts about each entry."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import icalendar
import recurring_ical_events
import vobject
from playwright._impl._driver import compute_driver_executable

from tools.setup.calendar_clients import LIBICAL, NEEDED

SCRIPT = Path(__file__).with_name("read_calendar.cjs")
FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)


class Seen(NamedTuple):
    """One entry as a reader shows it."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    status: str
    sequence: int
    summary: str


def by_icalendar(text: str) -> list[Seen]:
    """The library that wrote the entries, reading the whole feed."""
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return sorted(_seen_of_component(each) for each in events)


def by_recurring_ical_events(text: str) -> list[Seen]:
    """What would be listed between two dates."""
    calendar = icalendar.Calendar.from_ical(text)
    return sorted(_seen_of_component(each) for each in recurring_ical_events.of(calendar).between(FROM, UNTIL))


def by_vobject(text: str) -> list[Seen]:
    """A reader that makes its time zones from the feed's own VTIMEZONE."""
    calendar = vobject.readOne(text)
    return sorted(
        Seen(
            each.uid.value,
            each.dtstart.value.astimezone(UTC),
            each.dtend.value.astimezone(UTC),
            each.status.value,
            int(each.sequence.value),
            each.summary.value,
        )
        for each in getattr(calendar, "vevent_list", [])
    )


def by_ical_js(text: str) -> list[Seen]:
    """Thunderbird's reader, which likewise believes the feed's VTIMEZONE."""
    rows: list[list[Any]] = json.loads(_answer_to(text, _node(), str(SCRIPT)))
    return sorted(
        Seen(uid, datetime.fromisoformat(start), datetime.fromisoformat(end), status, sequence, summary)
        for uid, start, end, status, sequence, summary in rows
    )


def by_libical(text: str) -> list[Seen]:
    """The reader of Evolution and of KDE."""
    assert LIBICAL.exists(), f"./test compiles a reader with libical; type: sudo apt-get install -y {' '.join(NEEDED)}"
    rows = [line.split("\t") for line in _answer_to(text, str(LIBICAL)).splitlines()]
    return sorted(
        Seen(
            _unhexed(uid),
            datetime.fromtimestamp(int(start), UTC),
            datetime.fromtimestamp(int(end), UTC),
            _unhexed(status),
            int(sequence),
            _unhexed(summary),
        )
        for uid, start, end, status, sequence, summary, *_nothing in rows
    )


READERS = (by_icalendar, by_recurring_ical_events, by_vobject, by_ical_js, by_libical)


def _answer_to(text: str, *command: str) -> str:
    """What the program says about the calendar; a warning is as bad as an error."""
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    complaint = done.stderr.decode()
    assert (done.returncode, complaint) == (0, ""), f"{command}: {complaint}"
    return done.stdout.decode()


def _unhexed(text: str) -> str:
    return bytes.fromhex(text).decode()


def _node() -> str:
    """The machine's Node, or the one that drives the browsers."""
    return shutil.which("node") or str(compute_driver_executable()[0])


def _seen_of_component(event: Any) -> Seen:
    return Seen(
        str(event["uid"]),
        event.decoded("dtstart").astimezone(UTC),
        event.decoded("dtend").astimezone(UTC),
        str(event["status"]),
        int(event["sequence"]),
        str(event["summary"]),
    )
