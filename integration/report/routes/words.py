"""Figures in words: targets, states and values as the reader's language says them."""

from __future__ import annotations

from functools import cache

from babel.numbers import get_group_symbol
from flask_babel import gettext as _
from flask_babel import ngettext

from integration.i18n.dates import short_date
from integration.i18n.routing import current_code
from integration.indicators.rules import Cell, Figure, Standing, State
from integration.programme.models import Measure, TargetForm, TargetPeriod
from integration.programme.queries import IndicatorOutline, TargetOutline

STATES = (
    *(State.BELOW, State.COURSE, State.MET, State.OVER),
    *(State.NONE, State.HIDDEN, State.AHEAD, State.MISS, State.NA),
)
"""In the order in which a reader wants to know of them."""

SIGNS = {"share": "%", "euro": "€"}


def number(value: int) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,}".replace(",", _group_symbol(current_code()))


@cache
def _group_symbol(code: str) -> str:
    return str(get_group_symbol(code))


def quantity(value: int, unit: str) -> str:
    """A number with the sign of its unit, if it has one; a space that does not break keeps them together."""
    sign = SIGNS.get(unit)
    return f"{number(value)}\xa0{sign}" if sign else number(value)


def cell_text(cell: Cell, unit: str = "") -> str:
    """A printed figure, or the words for why there is none; empty where it is still to come."""
    if cell.value is not None:
        return quantity(cell.value, unit)
    if cell.least is not None:
        return str(_("at least %(value)s", value=quantity(cell.least, unit)))
    return _reasons(current_code()).get(cell.standing, "")


@cache
def _reasons(_code: str) -> dict[Standing, str]:
    """Why there is no number, in the language of the page, which is the one with this code."""
    return {
        Standing.SUPPRESSED: "<5",
        Standing.WITHHELD: str(_("not shown")),
        Standing.MISSING: str(_("not rep.")),
        Standing.NA: "–",
    }


def figure_text(figure: Figure, indicator: IndicatorOutline) -> str:
    """What stands under the shore: months and weeks say of how many."""
    in_periods = indicator.measure in (Measure.MONTHS, Measure.WEEKS)
    if in_periods and figure.value is not None and figure.of:
        return f"{number(figure.value)}/{number(figure.of)}"
    return cell_text(figure.cell, indicator.unit)


def bounds_text(lower: int, upper: int | None, form: TargetForm) -> str:
    """4–5, at least 10, or 1."""
    if form is TargetForm.RANGE and upper is not None:
        return f"{number(lower)}–{number(upper)}"
    if form is TargetForm.MINIMUM:
        return str(_("at least %(value)s", value=number(lower)))
    return number(lower)


def target_text(target: TargetOutline) -> str:
    """What a target asks, for instance "4–5 per year" or "once a month"."""
    if target.period is TargetPeriod.WEEK and target.lower == 1:
        return str(_("every week"))
    if target.period is TargetPeriod.MONTH and target.lower == 1:
        return str(_("once a month"))
    value = bounds_text(target.lower, target.upper, target.form)
    if target.period is TargetPeriod.MONTH:
        return str(_("%(value)s per month", value=value))
    if target.period is TargetPeriod.WEEK:
        return str(_("%(value)s per week", value=value))
    if target.period is TargetPeriod.ONCE:
        return str(_("%(value)s in all", value=value))
    return str(_("%(value)s per year", value=value))


def state_detail(figure: Figure, indicator: IndicatorOutline) -> str:
    """What a state rests on, in a few words."""
    if figure.state is State.NA:
        return _outside(figure.year, indicator)
    if figure.value is None:
        return ""
    if figure.of and indicator.measure is Measure.MONTHS:
        return str(ngettext("%(value)s of %(num)s month", "%(value)s of %(num)s months", figure.of, value=figure.value))
    if figure.of and indicator.measure is Measure.WEEKS:
        return str(ngettext("%(value)s of %(num)s week", "%(value)s of %(num)s weeks", figure.of, value=figure.value))
    value = quantity(figure.value, indicator.unit)
    target = indicator.target_in(figure.year)
    if figure.state in (State.BELOW, State.COURSE) and figure.coming_on and not figure.value:
        return str(_("planned %(date)s", date=short_date(figure.coming_on)))
    if figure.bounds and target:
        bounds = bounds_text(figure.bounds.lower, figure.bounds.upper, target.form)
        return str(_("%(value)s of %(target)s", value=value, target=bounds))
    if figure.standing is Standing.RUNNING:
        return str(_("%(value)s so far this year", value=value))
    return value


def _outside(year: int, indicator: IndicatorOutline) -> str:
    if year > indicator.last_year:
        return str(_("ended %(year)s", year=indicator.last_year))
    return str(_("from %(year)s", year=indicator.first_year))


def measure_text(measure: Measure | None) -> str:
    """What a computed indicator counts."""
    if measure is None:
        return ""
    words = {
        Measure.HELD: _("sessions that were held, per calendar year"),
        Measure.VISITS: _("visits: how many times somebody came, per calendar year"),
        Measure.UNIQUE: _("different people, at least, per calendar year"),
        Measure.PARTNERS: _("organisations that were present at one or more sessions held during the year"),
        Measure.WEEKS: _("weeks with at least one session held"),
        Measure.MONTHS: _("months with at least one session held"),
        Measure.LANGUAGE_SUPPORT: _(
            "sessions held with an interpreter, a multilingual leader or other language support"
        ),
        Measure.GROUPS: _("groups with at least one session held"),
    }
    return str(words[measure])


def state_word(state: State) -> str:
    """A state in words, as the pages have it."""
    words = {
        State.BELOW: _("Below target"),
        State.COURSE: _("On course"),
        State.MET: _("Met"),
        State.OVER: _("Exceeded"),
        State.NONE: _("No target"),
        State.HIDDEN: _("Has a target, figure not shown"),
        State.AHEAD: _("Still to come"),
        State.MISS: _("Not reported"),
        State.NA: _("Not this year"),
    }
    return str(words[state])


def source_words() -> dict[str, str]:
    """How visits were counted, as the charts name it."""
    return {
        "scanned": str(_("Scanned")),
        "listed": str(_("Ticked on the list")),
        "walk_in": str(_("Without a card")),
        "self_marked": str(_("Marked by themselves")),
        "headcount": str(_("Heads counted")),
        "imported": str(_("Imported")),
    }


def kind_word(kind: str) -> str:
    """What sort of session it is: all that is said of a closed one."""
    words = {
        "cafe": _("Café"),
        "clinic": _("Clinic"),
        "fair": _("Fair"),
        "training": _("Training"),
        "visit": _("Visit"),
        "excursion": _("Excursion"),
        "school_visit": _("School visit"),
        "meeting": _("Meeting"),
        "webinar": _("Webinar"),
        "course": _("Course"),
        "info": _("Info session"),
    }
    return str(words[kind])


def domain_words() -> dict[str, tuple[str, str]]:
    """The ten domains: what they are called, and in a few words what they are about."""
    return {
        "employment": (str(_("Employment")), ""),
        "housing": (str(_("Housing")), ""),
        "education": (str(_("Education")), ""),
        "health": (str(_("Health")), ""),
        # NOTE: one of ten domains of integration (Ager & Strang): contact across groups
        "social_bridges": (str(_("Social bridges")), str(_("people of different groups meet"))),
        # NOTE: one of ten domains of integration: ties within a family or group
        "social_bonds": (str(_("Social bonds")), str(_("family, friends, one's own group"))),
        # NOTE: one of ten domains of integration: ties with authorities and services
        "social_links": (str(_("Social links")), str(_("contact with the city and its services"))),
        "language_and_cultural_knowledge": (str(_("Language and knowledge of the culture")), ""),
        "safety_and_stability": (str(_("Safety and stability")), ""),
        "rights_and_citizenship": (str(_("Rights and citizenship")), ""),
    }
