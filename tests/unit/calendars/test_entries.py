"""The text of one entry: what RFC 5545 asks, whatever people write into titles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from integration.calendars.rules import END, Entry, beginning, entry_text, feed_begins_on, tidy
from integration.i18n.languages import language
from integration.i18n.texts import Localized


def words(text: str, code: str = "sv") -> Localized:
    """A text in a language."""
    return Localized(text, language(code), is_fallback=False)


ENTRY = Entry(
    uid="abcdefghjk@delaktig.test",
    sequence=3,
    cancelled=False,
    starts_at=datetime(2026, 11, 27, 16, tzinfo=UTC),
    ends_at=datetime(2026, 11, 27, 18, tzinfo=UTC),
    created_at=datetime(2026, 9, 1, 8, tzinfo=UTC),
    modified_at=datetime(2026, 10, 2, 9, tzinfo=UTC),
    summary=words("Kulturkafé"),
    location=words("Huset, Storgatan 1"),
    description="Kom och prata.",
    category="Kulturkafé",
    url="http://delaktig.test/sv/sessions/abcdefghjk",
    position=(63.095, 21.616),
    mark="social",
)


def read_back(entry: Entry) -> Event:
    """The entry as a calendar program reads it."""
    calendar = Calendar.from_ical(beginning("Delaktig", "sv") + entry_text(entry) + END)
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    return event


def test_an_entry_says_everything_that_calendars_ask() -> None:
    event = read_back(ENTRY)
    assert event["uid"] == "abcdefghjk@delaktig.test"
    assert event["sequence"] == 3
    assert event["status"] == "CONFIRMED"
    assert event.decoded("last-modified") == event.decoded("dtstamp") == ENTRY.modified_at
    assert event.decoded("created") == ENTRY.created_at
    assert event["url"] == ENTRY.url
    assert str(event["location"]) == "Huset, Storgatan 1"
    assert event["summary"].params["LANGUAGE"] == "sv"
    assert event["geo"].to_ical() == "63.095;21.616"


def test_times_are_wall_time_with_its_zone() -> None:
    text = entry_text(ENTRY)
    assert "DTSTART;TZID=Europe/Helsinki:20261127T180000\r\n" in text
    assert "DTEND;TZID=Europe/Helsinki:20261127T200000\r\n" in text


@pytest.mark.parametrize("utc_hour", [0, 1])
def test_a_wall_time_that_comes_twice_is_written_in_utc(utc_hour: int) -> None:
    starts_at = datetime(2026, 10, 25, utc_hour, 30, tzinfo=UTC)
    entry = replace(ENTRY, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    assert f"DTSTART:20261025T0{utc_hour}3000Z\r\n" in entry_text(entry)
    assert read_back(entry).decoded("dtend") == entry.ends_at


def test_a_cancelled_entry_stays_and_blocks_no_time() -> None:
    event = read_back(replace(ENTRY, cancelled=True))
    assert event["status"] == "CANCELLED"
    assert event["transp"] == "TRANSPARENT"


@pytest.mark.parametrize(
    "title",
    [
        "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:inject",
        "a\nATTENDEE:mailto:x@example.org",
        "semi;colon, comma \\ backslash",
        "NUL\x00 VT\x0b FF\x0c NEL\x85 LS\u2028 PS\u2029 FS\x1c ESC\x1b",
        "half of a pair \ud800",
        "\u202eright-to-left override",
        "<script>alert(1)</script> {{7*7}}",
        "Mini\u00adrekrytointi\u00admessut " * 20,
        "家族学校" * 60,
        "👩‍👩‍👧‍👦" * 40,
        "x" * 10_000,
        'DQUOTE " ^n ^^',
    ],
)
def test_hostile_texts_stay_within_their_property(title: str) -> None:
    entry = replace(
        ENTRY, summary=words(title), location=words(title), description=title, category=title.replace(",", "")
    )
    assert_well_formed(entry_text(entry))
    event = read_back(entry)
    assert str(event["summary"]) == str(event["description"]) == tidy(title)
    assert "attendee" not in event


def test_a_backslash_before_an_n_breaks_no_line() -> None:
    """Readers differ on what it means (the library reads a line break), so only its staying in place is held."""
    assert_well_formed(entry_text(replace(ENTRY, summary=words("C:\\new and C:\\NEW"))))


@given(st.text(st.characters(exclude_characters="\\"), max_size=300))
def test_any_text_is_read_back_as_it_was_tidied(title: str) -> None:
    entry = replace(ENTRY, summary=words("a" + title), description=title)
    assert_well_formed(entry_text(entry))
    assert str(read_back(entry)["summary"]) == tidy("a" + title)


@given(st.text(max_size=120))
def test_a_feeds_name_is_no_way_in_either(name: str) -> None:
    assert_well_formed(beginning(name, "sv"))


def test_a_feed_begins_with_the_month_of_ninety_days_ago() -> None:
    assert feed_begins_on(date(2026, 11, 24)) == date(2026, 8, 1)
    assert feed_begins_on(date(2026, 11, 30)) == date(2026, 9, 1)
    assert feed_begins_on(date(2026, 3, 1)) == date(2025, 12, 1)


def assert_well_formed(text: str) -> None:
    """RFC 5545, 3.1: lines end with CRLF, hold at most 75 octets, and no character is cut."""
    assert text.endswith("\r\n")
    lines = text.encode("utf-8").split(b"\r\n")[:-1]
    for line in lines:
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode("utf-8")
    assert text.count("BEGIN:VEVENT") <= 1 + text.count("\\nBEGIN:VEVENT")


def test_a_feed_begins_with_its_name_and_how_often_to_look() -> None:
    lines = beginning("Kulturkafé – Delaktig", "sv").split("\r\n")
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert {
        "PRODID:-//Delaktig//SV",
        "NAME:Kulturkafé – Delaktig",
        "X-WR-CALNAME:Kulturkafé – Delaktig",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    } <= set(lines)
    assert "RDATE" not in "".join(lines)
