"""A second way into the programme: the ten domains of integration, drawn as the house that they build."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import render_template, url_for
from flask_babel import gettext as _

from integration.i18n.texts import Localized
from integration.indicators.queries import ProgrammeFigures
from integration.indicators.rules import State, line_state
from integration.programme.queries import ActionOutline, LineOutline, ProgrammeOutline
from integration.report.routes.blueprint import blueprint
from integration.report.routes.course import detail_of
from integration.report.routes.dashboard import state_year, title_of
from integration.report.routes.keeping import Sight, sight_of
from integration.report.routes.words import STATES, domain_words
from integration.report.rules import FRAMEWORK
from integration.web.access import public

MARKS = {"employment": "work", "housing": "housing", "education": "education", "health": "health"}
"""The day marks of the domains that both the programme and the framework have."""


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter line that lives in a room."""

    title: Localized
    url: str
    state: State
    detail: str


@dataclass(frozen=True, slots=True)
class Room:
    """One of the ten domains; without meters its window stays dark, and says so."""

    slug: str
    mark: str | None
    name: str
    about: str
    url: str
    meters: tuple[Meter, ...]

    @property
    def anchor(self) -> str:
        """Where the room's meters are listed on the page."""
        return self.slug.replace("_", "-")

    @property
    def states(self) -> list[tuple[State, str]]:
        """One small drawing for each meter, those that need a look first."""
        return [(state, str(each.title)) for state, meters in self.by_state for each in meters]

    @property
    def by_state(self) -> list[tuple[State, list[Meter]]]:
        """The meters in the order in which a reader wants to know of them."""
        found = [(state, [each for each in self.meters if each.state is state]) for state in STATES]
        return [(state, meters) for state, meters in found if meters]


@dataclass(frozen=True, slots=True)
class Storey:
    """One of the four floors of the house."""

    slug: str
    name: str
    term: str
    rooms: tuple[Room, ...]


@blueprint.get("/<language:language>/programmes/<programme>/framework")
@public
def framework(programme: str) -> str | bytes:
    """What the programme measures in each of the ten domains, room by room."""
    sight = sight_of(programme)
    return sight.page(frozenset(), partial(_written, sight))


def _written(sight: Sight) -> str:
    return render_template(
        "report/framework.html",
        programme=sight.outline,
        storeys=_storeys(sight.outline, sight.figures),
        lines=len(sight.outline.lines),
        year=state_year(sight.outline, sight.today),
    )


def _storey_words() -> dict[str, tuple[str, str]]:
    return {
        # NOTE: the upper floor of a house: what one sees of integration
        "markers": (_("What is seen"), _("Means and markers")),
        # NOTE: the lower floor of the house: what brings people together
        "connections": (_("What brings together"), _("Social connection")),
        # NOTE: the stones that the house stands on: what makes integration easier
        "facilitators": (_("What makes it easier"), _("Facilitators")),
        # NOTE: the rock under the house: what carries everything
        "foundation": (_("What carries it all"), _("Foundation")),
    }


def _storeys(outline: ProgrammeOutline, figures: ProgrammeFigures) -> list[Storey]:
    names, words, shown_year = _storey_words(), domain_words(), state_year(outline, figures.today)
    meters: dict[str, list[Meter]] = {}
    for action in outline.actions:
        found = [_meter(outline, figures, action, line, shown_year) for line in action.lines]
        for domain in action.framework:
            meters.setdefault(domain, []).extend(found)
    return [
        Storey(
            storey, *names[storey], tuple(_room(outline, each, words[each], meters.get(each, ())) for each in domains)
        )
        for storey, domains in FRAMEWORK
    ]


def _room(outline: ProgrammeOutline, slug: str, words: tuple[str, str], meters: list[Meter] | tuple[()]) -> Room:
    url = url_for("report.programme", programme=outline.slug, framework=slug)
    return Room(slug, MARKS.get(slug), *words, url, tuple(meters))


def _meter(
    outline: ProgrammeOutline, figures: ProgrammeFigures, action: ActionOutline, line: LineOutline, year: int
) -> Meter:
    shown = line_state(figures.of(line.main), year)
    url = url_for("report.indicator", programme=outline.slug, indicator=line.slug)
    return Meter(title_of(action, line), url, shown.state, detail_of(shown, line.main))
