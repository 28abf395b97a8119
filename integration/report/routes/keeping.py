"""What pages of a programme are made of, and the public's pages themselves, kept until something changes them.

Nothing goes stale. Each request reads, in one snapshot, the versions of the tables that the programme and its settled
figures stand in, and what the door has counted at the sessions that are not settled; only what was made of exactly the
same is handed out again. A scan at the door moves no version: it is seen because the door's counts are read.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from flask import current_app, request, session

from integration.i18n.routing import current_code
from integration.indicators.queries import Ground, Live, ProgrammeFigures, figures_on, ground_of, live_counts
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession
from integration.kernel.shelf import Shelf
from integration.kernel.versions import versions
from integration.programme.queries import ProgrammeOutline
from integration.report.queries import told_persons
from integration.report.routes.reading import any_outline, reading_session, sees_drafts, shown_outline

PROGRAMME, FIGURES = "programme", "figures"

WATCHED: dict[str, tuple[str, ...]] = {
    PROGRAMME: (
        *("programmes", "domains", "goals", "actions", "responsibilities", "organisations"),
        *("meter_lines", "indicators", "targets"),
    ),
    FIGURES: (
        *("sessions", "session_partners", "activity_actions", "closings"),
        *("folded_sessions", "folded_servings", "folded_sums", "folded_marks", "folded_visitors", "folded_persons"),
        *("reports", "closed_years", "editions", "edition_orders"),
    ),
}
"""Version > the tables of which it tells whether they are the same."""

LIVE = ("attendance",)
"""What is read by every request beside the versions: all that a scan moves."""

MOST = 48
"""Things in a process: a page takes some 150 kB, a programme with its figures about a megabyte."""

MOST_PARTS = 1024
"""Parts of pages: a few kB each."""

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Sight:
    """A programme as this reader may see it today, in one snapshot of the database."""

    outline: ProgrammeOutline
    today: date
    council: bool
    stamp: Hashable
    """Stands for all that a page of this programme can say today."""
    _word: str
    _db_session: DbSession
    _ground: Ground
    _live: Live

    @property
    def figures(self) -> ProgrammeFigures:
        """Every line's main indicator in every year."""
        make = partial(figures_on, self._db_session, self.outline, self._ground, self._live, main_only=True)
        return _shelf().get(("figures", self.outline.id, self.council), self.stamp, make)

    def page(self, choices: frozenset[str], write: Callable[[], str]) -> str | bytes:
        """The page at this address: for a reader of whom nothing is known, and who asks for known choices, kept."""
        if session or not choices.issuperset(request.args):
            return write()
        name = ("page", current_code(), request.full_path)
        return _shelf().get(name, self.stamp, lambda: write().encode())

    def part(self, name: Hashable, values: Hashable, make: Callable[[], Part]) -> Part:
        """What follows from the programme, the day, the language and these values alone, kept until one is another."""
        shelf: Shelf = current_app.extensions["programme_parts"]
        return shelf.get((current_code(), self.council, name), (self._word, self.today, values), make)


def sight_of(slug: str) -> Sight:
    """The programme with this slug; raise NotFound, also for a draft that the reader may not see."""
    council, today = sees_drafts(), local_date(utc_now())
    db_session = reading_session()
    words = versions(db_session)
    of_programme, of_figures = words.get(PROGRAMME, ""), words.get(FIGURES, "")
    found = _shelf().get(("outline", slug), of_programme, partial(any_outline, db_session, slug))
    outline = shown_outline(found)
    settled = (of_programme, of_figures, today, council)
    read = partial(_ground, db_session, outline, today, council=council)
    ground = _shelf().get(("ground", outline.id, council), settled, read)
    live = live_counts(db_session, ground)
    return Sight(outline, today, council, (settled, live.key), of_programme, db_session, ground, live)


def _ground(db_session: DbSession, outline: ProgrammeOutline, today: date, *, council: bool) -> Ground:
    return ground_of(db_session, outline, today, council=council, told=told_persons(db_session, outline.id))


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions["programme_shelf"]
    return shelf
