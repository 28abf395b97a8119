"""What the columns and values of a programme are called where it is edited."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from integration.organisations.models import OrganisationKind
from integration.programme.models import IndicatorKind, Measure, Part, TargetForm, TargetPeriod


def kind_words() -> dict[IndicatorKind, str]:
    """How a figure comes about."""
    return {
        IndicatorKind.COMPUTED: _("Counted from the sessions"),
        IndicatorKind.REPORTED: _("A number that the responsible party reports"),
        IndicatorKind.MILESTONE: _("Something that is reached, with a date"),
        IndicatorKind.EXTERNAL: _("Kept elsewhere, with a link"),
    }


def organisation_kind_words() -> dict[OrganisationKind, str]:
    """What sort of organisation it is."""
    return {
        OrganisationKind.CITY_UNIT: _("Unit of the city"),
        OrganisationKind.ASSOCIATION: _("Association"),
        OrganisationKind.EDUCATION: _("School or college"),
        OrganisationKind.AUTHORITY: _("Authority"),
        OrganisationKind.EMPLOYER: _("Employer"),
        OrganisationKind.PROJECT: _("Project"),
        OrganisationKind.NETWORK: _("Network"),
        OrganisationKind.OTHER: _("Something else"),
    }


def measure_words() -> dict[Measure, str]:
    """What is counted over the sessions."""
    return {
        Measure.HELD: _("Sessions held"),
        Measure.VISITS: _("Visits"),
        Measure.UNIQUE: _("Different people, at least"),
        Measure.PARTNERS: _("Organisations present"),
        Measure.WEEKS: _("Weeks with a session"),
        Measure.MONTHS: _("Months with a session"),
        Measure.LANGUAGE_SUPPORT: _("Share of sessions with language support"),
        Measure.GROUPS: _("Groups with a session"),
    }


def unit_words() -> dict[str, str]:
    """What a reported number counts."""
    return {
        "count": _("A number of something"),
        "persons": _("People (few are hidden)"),
        "share": _("A share: how many of how many"),
        "euro": _("Euro"),
        "sessions": _("Sessions"),
        "visits": _("Visits"),
        "languages": _("Languages"),
    }


def form_words() -> dict[TargetForm, str]:
    """What a target asks of the value."""
    return {
        TargetForm.EXACT: _("Exactly"),
        TargetForm.MINIMUM: _("At least"),
        TargetForm.RANGE: _("From one number to another"),
    }


def period_words() -> dict[TargetPeriod, str]:
    """What a target's bounds speak of."""
    return {
        TargetPeriod.YEAR: _("A year"),
        TargetPeriod.MONTH: _("A month"),
        TargetPeriod.WEEK: _("A week"),
        TargetPeriod.ONCE: _("In all, once"),
    }


def part_words() -> dict[Part, str]:
    """An organisation's part in an action."""
    return {Part.RESPONSIBLE: _("Answers for it"), Part.PARTNER: _("Takes part in it")}


def column_words() -> dict[str, str]:
    """What a column is called in the history."""
    return {
        "title": _("Name"),
        "name": _("Name"),
        "organisation_kind": _("Kind"),
        "retired": _("Out of use"),
        "legal_basis": _("Legal basis"),
        "text": _("The programme's words"),
        "reading": _("How the meter is read"),
        "first_year": _("First year"),
        "last_year": _("Last year"),
        "ongoing": _("Goes on all the time"),
        "traffic_light": _("Shows whether it goes well"),
        "kind": _("Kind"),
        "measure": _("Counted"),
        "unit": _("Unit"),
        "targets": _("Targets"),
        "parties": _("Who answers for it"),
    }


def level_words() -> dict[str, str]:
    """What a level of a programme is called."""
    return {
        "programme": _("Programme"),
        "domain": _("Domain"),
        "goal": _("Goal"),
        "action": _("Action"),
        "line": _("Meter"),
        "indicator": _("Indicator"),
    }


def target_words(target: Any) -> str:
    """A target as kept, or as its history holds it, in words: "2026: At least 10, A year"."""
    year = _("Every year") if target["year"] is None else str(target["year"])
    if target["period"] == TargetPeriod.ONCE and target["lower"] == 1:
        return str(_("Reached by %(year)s", year=year))
    bounds = f"{target['lower']}–{target['upper']}" if target["upper"] is not None else str(target["lower"])
    form, period = form_words()[TargetForm(target["form"])], period_words()[TargetPeriod(target["period"])]
    words = (
        f"{bounds} / {period.lower()}"
        if target["form"] != TargetForm.MINIMUM
        else (f"{form.lower()} {bounds} / {period.lower()}")
    )
    planned = "" if target["planned"] is None else f" ({_('planned: %(number)s', number=target['planned'])})"
    return f"{year}: {words}{planned}"
