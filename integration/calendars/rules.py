"""The text of calendars (RFC 5545): one entry per session, and what stands around the entries of a feed.

Everything people wrote goes through ``tidy``, then through the icalendar library, which escapes and folds.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from icalendar import Calendar, Component, Event, vDatetime, vDuration, vText

from integration.i18n.texts import Localized
from integration.kernel.clock import CITY, local, wall_times

KEPT = timedelta(days=90)
"""How long a feed goes on saying what has been, cancelled sessions above all."""
FORMAT = 2
"""Raised when the text around the entries changes, so that no calendar keeps the old one."""

TIME_ZONE = "\r\n".join(
    [
        "BEGIN:VTIMEZONE",
        f"TZID:{CITY.key}",
        "BEGIN:DAYLIGHT",
        "TZNAME:EEST",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0300",
        "DTSTART:19810329T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "TZNAME:EET",
        "TZOFFSETFROM:+0300",
        "TZOFFSETTO:+0200",
        "DTSTART:19961027T040000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]
)
"""The European rule as a constant RRULE: lists of dates make several readers show summer times an hour late."""
END = "END:VCALENDAR\r\n"

ALARMS = (15, 60, 120, 1440)
"""Minutes before the start at which a calendar may be asked to remind."""
COLOURS = {
    "work": "darkred",
    "housing": "sienna",
    "education": "royalblue",
    "health": "seagreen",
    "social": "mediumorchid",
    "youth": "olive",
    "safety": "darkslategray",
    "follow": "teal",
}
"""The domain marks in the colour names of CSS, the only ones that RFC 7986 (5.9) knows."""
OWN_COLOUR = "teal"

_EVENT_END = "\r\nEND:VEVENT\r\n"
_CANCELLED = "\r\nSTATUS:CANCELLED\r\n"
_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_NOT_TEXT = ("Cc", "Cs")
"""Control characters and halves of characters: RFC 5545 knows no way to write them."""


@dataclass(frozen=True)
class Entry:
    """What a calendar is told of one session, in one language."""

    uid: str
    sequence: int
    cancelled: bool
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    modified_at: datetime
    summary: Localized
    location: Localized
    description: str
    category: str
    url: str
    position: tuple[float, float] | None
    mark: str


def uid_of(key: str) -> str:
    """The one name of a session in every feed, file and invitation, for as long as it lives (RFC 7986, 5.3).

    The key is random and kept with the session; the site's own address may change when a copy is restored elsewhere.
    """
    return f"{key}@session.delaktig"


def entry_text(entry: Entry) -> str:
    """The session's VEVENT, folded, with its line ends."""
    return _written(_event(entry))


def invitation_text(entry: Entry, method: str, organiser: str, attendee: str, at: datetime) -> str:
    """A change for one person's calendar (RFC 5546): the session's own entry, from whom and to whom.

    No answer is asked for: answering in a calendar changes nothing here. DTSTAMP is the moment of the message
    (RFC 5545, 3.8.7.2), so that of two with the same SEQUENCE the later one holds.
    """
    event = _event(entry)
    event["dtstamp"] = vDatetime(at)
    event.add("organizer", f"mailto:{organiser}", parameters={"CN": "Delaktig"})
    event.add("attendee", f"mailto:{attendee}", parameters={"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Delaktig//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return _written(calendar).removesuffix(END) + TIME_ZONE + _written(event) + END


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    event.add("created", entry.created_at)
    event.add("last-modified", entry.modified_at)
    event.add("dtstamp", entry.modified_at)
    _add_times(event, entry.starts_at, entry.ends_at)
    _add_text(event, "summary", entry.summary)
    _add_text(event, "location", entry.location)
    event.add("description", tidy(entry.description))
    event.add("categories", [tidy(entry.category)])
    event.add("url", entry.url)
    event.add("color", COLOURS.get(entry.mark, OWN_COLOUR))
    if entry.position:
        event.add("geo", entry.position)
    return event


def with_alarms(entries: str, minutes: int) -> str:
    """The entries, each with a reminder so long before its start; what is cancelled reminds nobody.

    A whole line can only be ours: what people wrote stands behind its property's name or behind a fold's space.
    """
    alarm = f"\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Delaktig\r\nTRIGGER:-PT{minutes}M\r\nEND:VALARM"
    *whole, rest = entries.split(_EVENT_END)
    return "".join(each + ("" if _CANCELLED in each else alarm) + _EVENT_END for each in whole) + rest


@lru_cache(maxsize=256)
def beginning(name: str, language: str) -> str:
    """What stands before a feed's entries: the calendar's own name, how often to look again, the time zone.

    No X-WR-TIMEZONE: entries name their zone themselves, and some readers use it to move UTC times into the wrong hour.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//Delaktig//{language.upper()}")
    calendar.add("calscale", "GREGORIAN")
    for naming in ("name", "x-wr-calname"):
        calendar.add(naming, vText(tidy(name)))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(timedelta(hours=1)))
    calendar.add("color", OWN_COLOUR)
    return _written(calendar).removesuffix(END) + TIME_ZONE


def tidy(text: str) -> str:
    """The text with one kind of line break and without control characters, so that it stays within its property."""
    text = _LINE_BREAKS.sub("\n", text)
    return "".join(each for each in text if each == "\n" or unicodedata.category(each) not in _NOT_TEXT).strip()


def feed_begins_on(today: date) -> date:
    """The first date in a feed: the beginning of the month 90 days ago.

    A whole month, so that a feed in which nothing changes keeps its ETag until the month does.
    """
    return (today - KEPT).replace(day=1)


def _written(component: Component) -> str:
    text: bytes = component.to_ical()
    return text.decode("utf-8")


def _add_times(event: Event, starts_at: datetime, ends_at: datetime) -> None:
    """Wall time with its zone, so that a phone abroad shows the city's; UTC where wall time would be ambiguous.

    In the hour that an October night has twice, RFC 5545 lets a wall time mean the first one only, and readers differ.
    """
    ambiguous = any(len(_readings(moment)) > 1 for moment in (starts_at, ends_at))
    for name, moment in (("dtstart", starts_at), ("dtend", ends_at)):
        event.add(name, moment.astimezone(UTC) if ambiguous else local(moment))


def _readings(moment: datetime) -> list[datetime]:
    wall = local(moment)
    return wall_times(wall.date(), wall.time())


def _add_text(event: Event, name: str, text: Localized) -> None:
    if words := tidy(text.text):
        event.add(name, words, parameters={"LANGUAGE": text.language.code})
