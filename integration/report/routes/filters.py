"""What a reader wants to see of a programme: chosen in a form, kept in the address, so that it can be sent on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from integration.i18n.routing import current_code
from integration.i18n.texts import Localized, localize
from integration.indicators.rules import State
from integration.programme.models import IndicatorKind
from integration.programme.queries import ActionOutline, DomainOutline, LineOutline, ProgrammeOutline
from integration.report.routes.words import STATES, domain_words

Options = Mapping[str, str | Localized]
"""Value in the address > what it is called."""


CHOICES = frozenset({"domain", "framework", "owner", "kind", "state", "year"})
"""What the address of the page may say."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; None: everything. ``year`` is the one whose states are shown, and always set."""

    programme: str
    year: int
    usual_year: int
    on: date
    """The day on which owners are looked up: today, or the last of a year that is over."""
    domain: str | None = None
    framework: str | None = None
    owner: str | None = None
    kind: str | None = None
    state: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether some lines are left out."""
        return any((self.domain, self.framework, self.owner, self.kind, self.state))

    @property
    def changed(self) -> bool:
        """Whether anything differs from the page without choices."""
        return self.narrows or self.year != self.usual_year

    def url(self, **other: str | int | None) -> str:
        """The address of the same choice with some of it changed."""
        one = replace(self, **other)  # type: ignore[arg-type]
        asked = {name: getattr(one, name) for name in ("domain", "framework", "owner", "kind", "state")}
        year = one.year if one.year != one.usual_year else None
        return url_for("report.programme", programme=self.programme, **asked, year=year)

    def wants(self, domain: DomainOutline, action: ActionOutline, line: LineOutline) -> bool:
        """Whether a line is asked for, whatever its state."""
        return (
            self.domain in (None, domain.slug)
            and (self.framework is None or self.framework in action.framework)
            and (self.owner is None or any(each.slug == self.owner for each in action.responsible(self.on)))
            and (self.kind is None or any(each.kind == self.kind for each in line.indicators))
        )

    def wants_state(self, state: State) -> bool:
        """Whether lines in this state are asked for."""
        return self.state in (None, state)


@dataclass(frozen=True, slots=True)
class Choice:
    """One list of the form, and what is chosen in it."""

    name: str
    label: str
    everything: str
    options: Options
    chosen: str | None


def asked_filters(outline: ProgrammeOutline, usual_year: int, today: date) -> tuple[Filters, list[Choice]]:
    """The choice in the address, and the lists of the form.

    What the address asks for and nobody knows is as if it were not there, so that no old link breaks.
    """
    years = {str(year): year for year in outline.years}
    year = years.get(request.args.get("year", ""), usual_year)
    on = min(today, date(year, 12, 31))
    lists, heads = _options(outline, on), _heads()
    asked: dict[str, Any] = {name: request.args.get(name) for name in lists}
    known = {name: value for name, value in asked.items() if value in lists[name]}
    filters = Filters(outline.slug, year, usual_year, on, **known)
    return filters, [Choice(name, *heads[name], lists[name], known.get(name)) for name in heads]


def _heads() -> dict[str, tuple[str, str]]:
    return {
        "domain": (_("Domain"), _("All domains")),
        "owner": (_("Responsible"), _("Everybody")),
        "kind": (_("Kind of meter"), _("All kinds")),
        "state": (_("State"), _("All states")),
        # NOTE: the ten domains of integration of Ager and Strang, drawn as rooms of a house
        "framework": (_("Room of the house"), _("All rooms")),
    }


def _options(outline: ProgrammeOutline, on: date) -> dict[str, Options]:
    code = current_code()
    owners = {party.slug: localize(party.name, code) for action in outline.actions for party in action.responsible(on)}
    return {
        "domain": {each.slug: localize(each.title, code) for each in outline.domains},
        "owner": dict(sorted(owners.items(), key=lambda each: str(each[1]).casefold())),
        "kind": {
            IndicatorKind.COMPUTED: _("Counted from sessions"),
            IndicatorKind.REPORTED: _("Reported"),
            IndicatorKind.MILESTONE: _("Milestone"),
            IndicatorKind.EXTERNAL: _("Kept by others"),
        },
        "state": {state: _state_words()[state] for state in STATES},
        "framework": {domain: name for domain, (name, _about) in domain_words().items()},
    }


def _state_words() -> dict[State, str]:
    """As the editions say them; these pages are read by the editions, so they cannot ask them for the words."""
    return {
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
