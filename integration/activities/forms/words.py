"""The words for everything that staff choose from a list."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.activities.models import Audience, LanguageSupport, SessionKind, SignUpMode, Visibility

Choices = list[SelectChoice]

KINDS = {
    SessionKind.CAFE: _l("Café"),
    SessionKind.CLINIC: _l("Clinic"),
    SessionKind.FAIR: _l("Fair"),
    SessionKind.TRAINING: _l("Training"),
    SessionKind.VISIT: _l("Visit"),
    SessionKind.EXCURSION: _l("Excursion"),
    SessionKind.SCHOOL_VISIT: _l("School visit"),
    SessionKind.MEETING: _l("Meeting"),
    SessionKind.WEBINAR: _l("Webinar"),
    SessionKind.COURSE: _l("Course"),
    SessionKind.INFO: _l("Information session"),
}
AUDIENCES = {
    Audience.RESIDENTS: _l("Residents"),
    Audience.FAMILIES: _l("Families"),
    Audience.CHILDREN: _l("Children"),
    Audience.YOUTH: _l("Young people"),
    Audience.STAFF: _l("Staff"),
    Audience.AUTHORITIES: _l("Authorities"),
}
VISIBILITIES = {
    Visibility.PUBLIC: _l("Everybody sees it"),
    Visibility.LINK: _l("Only those who have the link"),
    Visibility.CLOSED: _l("Closed: it counts, but appears nowhere"),
}
SIGN_UPS = {
    SignUpMode.NONE: _l("No sign-up: people just come"),
    SignUpMode.OPEN: _l("Sign-up is possible, but all are welcome"),
    SignUpMode.REQUIRED: _l("Sign-up is needed"),
}
SUPPORTS = {
    LanguageSupport.INTERPRETER: _l("Interpreter"),
    LanguageSupport.MULTILINGUAL_LEADER: _l("The leader speaks several languages"),
    LanguageSupport.PLAIN_LANGUAGE: _l("Plain language"),
    LanguageSupport.TRANSLATED_INVITATION: _l("Translated invitation"),
}
MARKS = {
    "social": _l("Social bonds"),
    "work": _l("Work"),
    "education": _l("Education"),
    "health": _l("Health and well-being"),
    "youth": _l("Families and young people"),
    "housing": _l("Housing"),
    "safety": _l("Safety"),
    "follow": _l("Follow-up"),
}
ICONS = {
    "cafe": _l("Cup"),
    "cv": _l("CV"),
    "work": _l("Briefcase"),
    "fair": _l("Market stall"),
    "family": _l("Family"),
    "well": _l("Well-being"),
    "visit": _l("Visit"),
}
WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
NTHS = {1: _l("The first"), 2: _l("The second"), 3: _l("The third"), 4: _l("The fourth"), -1: _l("The last")}
MONTHS = (
    _l("January"),
    _l("February"),
    _l("March"),
    _l("April"),
    _l("May"),
    _l("June"),
    _l("July"),
    _l("August"),
    _l("September"),
    _l("October"),
    _l("November"),
    _l("December"),
)
LANGUAGE_NAMES = {"sv": _l("Swedish"), "fi": _l("Finnish"), "en": _l("English")}


def choices(words: dict[Any, Any]) -> Choices:
    """The choices of a field, from value to word."""
    return listed((value.value if isinstance(value, StrEnum) else value, word) for value, word in words.items())


def listed(pairs: Iterable[tuple[Any, Any]]) -> Choices:
    """The choices of a field, from pairs of value and word."""
    return [SelectChoice(str(value), word) for value, word in pairs]
