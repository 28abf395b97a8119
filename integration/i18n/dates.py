"""Dates and times as people say them: 24 h with the weekday, 17.00 in Swedish and Finnish, 17:00 elsewhere."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date
from flask_babel import gettext

from integration.i18n.routing import current_code
from integration.kernel.clock import local, local_date, utc_now

DOTTED = ("sv", "fi")


def clock(moment: datetime) -> str:
    """The time of day on the city's clock: ``17.00`` or ``17:00``."""
    return local(moment).strftime("%H.%M" if current_code() in DOTTED else "%H:%M")


def time_range(start: datetime, end: datetime) -> str:
    """From when to when. Where writing runs from right to left in words: a dash between times reads both ways."""
    if current_code() in ("ar", "fa", "ckb", "ur", "ps", "he"):
        # NOTE: a span of time, e.g. "from 18:00 to 20:00"
        return str(gettext("from %(start)s to %(end)s", start=clock(start), end=clock(end)))
    return f"{clock(start)}–{clock(end)}"


def day(moment: datetime | date) -> str:
    """The weekday and date in words: ``tisdag 24 november``."""
    pattern = {"sv": "EEEE d MMMM", "fi": "EEEE d. MMMM", "en": "EEEE d MMMM"}.get(current_code(), "EEEE d MMMM")
    if current_code() == "fi":
        pattern = "cccc d. MMMM"
    return format_date(_date(moment), pattern, locale=current_code())


def day_title(moment: datetime | date) -> str:
    """Today, tomorrow, else the weekday, with a capital."""
    distance = (_date(moment) - local_date(utc_now())).days
    if distance == 0:
        return str(gettext("Today"))
    if distance == 1:
        return str(gettext("Tomorrow"))
    return weekday(moment).capitalize()


def weekday(moment: datetime | date) -> str:
    """The weekday's name."""
    return format_date(_date(moment), "cccc", locale=current_code())


def weekday_short(moment: datetime | date) -> str:
    """The weekday in two or three letters, as over a calendar's columns."""
    return format_date(_date(moment), "cccccc", locale=current_code())


def date_long(moment: datetime | date) -> str:
    """The date without weekday: ``24 november``."""
    return format_date(_date(moment), "d. MMMM" if current_code() == "fi" else "d MMMM", locale=current_code())


def month_name(moment: datetime | date) -> str:
    """The month's name: ``november``, ``marraskuu``."""
    return format_date(_date(moment), "LLLL", locale=current_code())


def short_date(moment: datetime | date) -> str:
    """The date in figures with the year: ``24.11.2026``."""
    return f"{_date(moment).day}.{_date(moment).month}.{_date(moment).year}"


def _date(moment: datetime | date) -> date:
    return local_date(moment) if isinstance(moment, datetime) else moment
