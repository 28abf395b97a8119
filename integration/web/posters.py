"""Posters, A4 and A3: what, when and where in two to four languages, and a code that leads to its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from integration.i18n.languages import language
from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import speaking
from integration.i18n.texts import EQUAL_LANGUAGES, localize
from integration.kernel.clock import local
from integration.kernel.database import Texts
from integration.web.pdf import can_write, make_pdf, spoken
from integration.web.qr import qr_svg

CATALOGUES = ("sv", "fi", "en")
"""Languages in which the product itself can speak; in others only what people wrote stands on a poster."""
MOST_LANGUAGES = 4
MOST_ROWS = 4
MOST_DATES = 4
SPANS = {"ar": "من {start} إلى {end}", "fa": "از {start} تا {end}"}
"""From when to when, in words: between numbers a dash reads both ways."""

Call = Callable[[], tuple[str, str]]
"""What the poster asks of its reader, a few bold words and a sentence, in the language that is being spoken."""


class PaperSize(StrEnum):
    """The sheets that offices have."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True)
class Poster:
    """What stands on a poster, whatever its size and languages; moments are UTC-aware (start, end)."""

    titles: Texts
    host: Texts
    places: tuple[Texts, ...]
    moments: tuple[tuple[datetime, datetime], ...]
    spoken: tuple[str, ...]
    address: str
    call: Call
    ask: Texts
    phone: str
    made_at: datetime
    shows_address: bool = True


def languages_offered(*texts: Texts | None) -> list[str]:
    """The languages that a poster of these texts may have besides Swedish and Finnish, which it always has."""
    written = {code for each in texts for code, text in (each or {}).items() if text and can_write(code)}
    return [code for code in ("en", *sorted(written - {"en"})) if code in written and code not in EQUAL_LANGUAGES]


def poster_pdf(poster: Poster, size: PaperSize, languages: tuple[str, ...]) -> bytes:
    """The poster as PDF. The first language is on top and says from which side the sheet is read."""
    first = languages[0]
    with speaking(first if first in CATALOGUES else EQUAL_LANGUAGES[0]):
        known = _("A code that leads to %(address)s", address=poster.address)
        qr_alt = known if poster.shows_address else _("A code for those who are here")
    data: dict[str, Any] = {
        "title": localize(poster.titles, first).text,
        "made_at": poster.made_at,
        "size": size.value,
        "hosts": _in_each(poster.host, languages),
        "titles": _in_each(poster.titles, languages),
        "times": _times(poster.moments, languages),
        "places": [each for place in poster.places for each in _in_each(place, languages)],
        "qr": str(qr_svg(poster.address)),
        "qr_alt": qr_alt,
        "spoken": [spoken(language(code).name, code) for code in poster.spoken if can_write(code)][:8],
        "calls": [_called(poster.call, code) for code in languages if code in CATALOGUES],
        "ask": _in_each(poster.ask, languages),
        "phone": poster.phone,
        "address": poster.address.partition("://")[2] if poster.shows_address else "",
    }
    return make_pdf("pdf/poster.typ", data, first)


def self_check_in_poster(
    title: Texts,
    host: Texts,
    places: tuple[Texts, ...],
    moment: tuple[datetime, datetime],
    spoken_languages: tuple[str, ...],
    address: str,
    made_at: datetime,
) -> Poster:
    """A poster to hang inside: whoever came scans it and says how many they are. ``address`` holds the code of the day.

    The same address on another poster is another code only when the door made another; it stands as a picture alone,
    for nobody types a secret.
    """
    return Poster(
        titles=title,
        host=host,
        places=places,
        moments=(moment,),
        spoken=spoken_languages,
        address=address,
        call=lambda: (_("Are you here?"), _("Scan the code and say how many you are.")),
        ask={},
        phone="",
        made_at=made_at,
        shows_address=False,
    )


def _in_each(texts: Texts, languages: Iterable[str]) -> list[dict[str, str]]:
    """A text in each of the languages that it exists in; the same words only once (an address, a name)."""
    found = {texts[code]: code for code in reversed(tuple(languages)) if texts.get(code)}
    kept = [spoken(text.replace("\xad", ""), code) for text, code in reversed(found.items())]
    if kept or not any(texts.values()):
        return kept
    other = localize(texts, EQUAL_LANGUAGES[0])
    return [spoken(other.text, other.language.code)]


def _called(call: Call, code: str) -> dict[str, dict[str, str]]:
    with speaking(code):
        bold, more = call()
    return {"bold": spoken(bold, code), "more": spoken(more, code)}


def _times(moments: tuple[tuple[datetime, datetime], ...], languages: tuple[str, ...]) -> list[dict[str, Any]]:
    """One row per weekday and time of day, with the dates that share it."""
    rows: dict[tuple[int, str], list[tuple[datetime, datetime]]] = {}
    for start, end in moments:
        rows.setdefault((local(start).weekday(), _hours(start, end)), []).append((start, end))
    return [
        {
            "days": [spoken(_day(each[0], code), code) for code in languages if _locale(code)],
            "dates": " ".join(f"{local(start).day}.{local(start).month}." for start, _end in each[:MOST_DATES]),
            "hours": hours,
        }
        for (_weekday, hours), each in list(rows.items())[:MOST_ROWS]
    ]


def _hours(start: datetime, end: datetime) -> str:
    """``18–20``, or ``18.30–20.00`` where the minutes matter."""
    first, last = local(start), local(end)
    if first.minute == last.minute == 0:
        return f"{first.hour}–{last.hour}"
    return f"{first:%H.%M}–{last:%H.%M}"


def _day(moment: tuple[datetime, datetime], code: str) -> str:
    start, end = (local(each) for each in moment)
    name = format_date(_date(start), "cccc", locale=_locale(code))
    span = SPANS.get(code, "").format(start=f"{start:%H:%M}", end=f"{end:%H:%M}")
    return f"{name} {span}".strip()


def _date(moment: datetime) -> date:
    return moment.date()


def _locale(code: str) -> Locale | None:
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None
