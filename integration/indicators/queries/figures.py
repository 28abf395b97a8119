"""The figures of a programme: every indicator and year, as they may be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from integration.indicators.models import WHOLE_PROGRAMME
from integration.indicators.queries.facts import (
    Key,
    Live,
    Settled,
    Wish,
    facts_of,
    live_facts,
    programme_facts,
    settled_facts,
)
from integration.indicators.queries.hiding import (
    HiddenYears,
    History,
    counts_for,
    hidden_years,
    scope_of,
    told_with_locks,
)
from integration.indicators.queries.reports import Reports, report_for, reports_of
from integration.indicators.rules import (
    Counted,
    Facts,
    Figure,
    Standing,
    YearRow,
    counted,
    figure_of,
    value_of,
    year_row,
)
from integration.indicators.rules.hiding import FIELDS, Scope
from integration.indicators.rules.small_figures import HIDDEN
from integration.kernel.database import DbSession
from integration.programme.models import IndicatorKind, Measure
from integration.programme.queries import ActionOutline, IndicatorOutline, LineOutline, ProgrammeOutline

DATED = (Measure.MONTHS, Measure.WEEKS, Measure.GROUPS)


@dataclass(frozen=True, slots=True)
class ProgrammeFigures:
    """What a programme's figures are today; nothing here holds a number that may not be printed."""

    today: date
    council: bool
    by_indicator: dict[int, tuple[Figure, ...]]
    """Indicator id > one figure per year of the programme."""
    totals: tuple[YearRow, ...]
    """The whole programme, where a session counts once; one row per year."""
    rows: dict[int, tuple[YearRow, ...]]
    """Meter line id > one row per year, for the lines that were asked for."""
    places: Mapping[int, int] = field(default_factory=dict)
    """Meter line id > the action whose sessions its rows count; 0 for the whole programme's."""

    def of(self, indicator: IndicatorOutline) -> tuple[Figure, ...]:
        """One figure per year of the programme."""
        return self.by_indicator[indicator.id]

    @property
    def tells_least(self) -> bool:
        """Whether somewhere only the ordinary sessions of a withheld number are told."""
        rows = (row for rows in (self.totals, *self.rows.values()) for row in rows)
        cells = [cell for row in rows for cell in (row.held, row.visits, row.partners)]
        cells += [figure.cell for figures in self.by_indicator.values() for figure in figures]
        return any(cell.least is not None for cell in cells)

    def persons_printed(self, years: Container[int]) -> dict[str, dict[str, int | None]]:
        """Year > action id (0: the programme) > U as it is printed; None for a small one, nothing for none at all."""
        printed: defaultdict[str, dict[str, int | None]] = defaultdict(dict)
        placed = [(WHOLE_PROGRAMME, self.totals), *((self.places[line], rows) for line, rows in self.rows.items())]
        for place, rows in placed:
            for row in rows:
                small = row.persons.standing is Standing.SUPPRESSED
                if row.year in years and (small or row.persons.value is not None):
                    printed[str(row.year)][str(place)] = row.persons.value
        return dict(printed)


def programme_figures(
    db_session: DbSession,
    programme: ProgrammeOutline,
    today: date,
    *,
    council: bool,
    main_only: bool = False,
    lines: tuple[LineOutline, ...] = (),
    as_held: int | None = None,
    told: History | None = None,
) -> ProgrammeFigures:
    """Every indicator in every year of the programme, in at most ten statements however many sessions there are.

    ``council`` shows U to this day instead of that of the closed months. ``main_only`` leaves out what no line's state
    and small chart show. ``lines`` are given in full, year by year. ``told`` is what editions have printed already.
    """
    ground = ground_of(db_session, programme, today, council=council, lines=lines, as_held=as_held, told=told)
    live = live_counts(db_session, ground)
    return figures_on(db_session, programme, ground, live, main_only=main_only, lines=lines)


@dataclass(frozen=True, slots=True)
class Ground:
    """What figures are reckoned from but for what the door counts: planned, closed, folded, reported and published."""

    wish: Wish
    settled: Settled
    reports: Reports
    told: History


def ground_of(
    db_session: DbSession,
    programme: ProgrammeOutline,
    today: date,
    *,
    council: bool,
    lines: tuple[LineOutline, ...] = (),
    as_held: int | None = None,
    told: History | None = None,
) -> Ground:
    """What a programme's figures are reckoned from today; see ``programme_figures`` for what is asked."""
    wish = wish_of(programme, today, council=council, as_held=as_held)
    settled = settled_facts(db_session, wish)
    return Ground(wish, settled, reports_of(db_session, programme.id, drafts=council), told or {})


def live_counts(db_session: DbSession, ground: Ground) -> Live:
    """What the door has counted by now at the sessions that are not settled."""
    return live_facts(db_session, ground.wish, ground.settled)


def figures_on(
    db_session: DbSession,
    programme: ProgrammeOutline,
    ground: Ground,
    live: Live,
    *,
    main_only: bool = False,
    lines: tuple[LineOutline, ...] = (),
) -> ProgrammeFigures:
    """The figures that follow from both; the database is asked only where something has to be hidden."""
    wish, reports, today, council = ground.wish, ground.reports, ground.wish.today, ground.wish.council
    facts = facts_of(wish, ground.settled, live)
    running = None if council else today.year
    known = told_with_locks(programme, reports, ground.told)
    hidden = hidden_years(db_session, programme, facts, running=running, splits=bool(lines), told=known)
    figures = {
        indicator.id: tuple(_figure(facts, reports, hidden, action, indicator, year, today) for year in programme.years)
        for action in programme.actions
        for line in action.lines
        for indicator in (line.indicators[:1] if main_only else line.indicators)
    }
    whole = Scope(WHOLE_PROGRAMME)
    total = (
        year_row(
            *(year, counted(facts_at(facts, WHOLE_PROGRAMME, year)), today),
            council=council,
            hidden=hidden.get((whole, year), {}),
        )
        for year in programme.years
    )
    rows = _rows(facts, hidden, programme, wish, lines)
    places = {
        line.id: scope_of(action, indicator).place
        for action in programme.actions
        for line in action.lines
        if line.id in rows and (indicator := counts_for(line))
    }
    return ProgrammeFigures(today, council, figures, tuple(total), rows, places)


@dataclass(frozen=True, slots=True)
class Exact:
    """A computed figure as it is, printable or not: for locking it, and for nothing else."""

    value: int
    part: int | None
    of: int | None
    personal: bool
    hidden: Standing | None = None
    """Why it may not be printed just now: when it is locked it stays hidden for that reason."""


def exact_figures(
    db_session: DbSession, programme: ProgrammeOutline, year: int, today: date, *, told: History | None = None
) -> dict[int, Exact]:
    """Indicator id > what the sessions of a year come to, for the computed indicators that have sessions.

    ``told`` is what editions have printed already.
    """
    facts = programme_facts(db_session, wish_of(programme, today, council=True, as_held=None))
    known = told_with_locks(programme, reports_of(db_session, programme.id, drafts=False), told or {})
    hidden = hidden_years(db_session, programme, facts, running=None, splits=False, told=known)
    exact: dict[int, Exact] = {}
    for action in programme.actions:
        for line in action.lines:
            for indicator in line.indicators:
                found = counted_in(facts, action, indicator, year)
                if found is not None and found.known and (figure := _exact(indicator, found)):
                    shown = _figure(facts, {}, hidden, action, indicator, year, today)
                    exact[indicator.id] = replace(figure, hidden=shown.standing if shown.standing in HIDDEN else None)
    return exact


def _exact(indicator: IndicatorOutline, found: Counted) -> Exact | None:
    if indicator.measure is None:
        return None
    value, of = value_of(indicator.measure, indicator.unit, found)
    if value is None:
        return None
    personal = found.sensitive or indicator.measure is Measure.UNIQUE
    share = indicator.measure is Measure.LANGUAGE_SUPPORT
    return Exact(value, found.sums.supported if share else None, of if share else None, personal)


def wish_of(programme: ProgrammeOutline, today: date, *, council: bool, as_held: int | None) -> Wish:
    """What is to be read for every figure of a programme."""
    dated, partnered = set(), set()
    for action in programme.actions:
        for line in action.lines:
            for indicator in line.indicators:
                place = _place(action, indicator)
                dated |= {place} if indicator.measure in DATED else set()
                # A line's own page prints its partners: what one page may print depends on what all of them do.
                told = indicator.measure is Measure.PARTNERS or indicator == counts_for(line)
                partnered |= {place} if told else set()
    return Wish(
        programme_id=programme.id,
        first_year=programme.first_year,
        last_year=programme.last_year,
        today=today,
        dated=frozenset(dated),
        partnered=frozenset(partnered),
        council=council,
        as_held=as_held,
    )


def _place(action: ActionOutline, indicator: IndicatorOutline) -> int:
    return WHOLE_PROGRAMME if indicator.whole_programme else action.id


def facts_at(facts: dict[Key, Facts], place: int, year: int) -> Facts:
    """The facts of a place (an action, or 0) in a year; none where nothing was."""
    return facts.get((place, year)) or Facts()


def counted_in(
    facts: dict[Key, Facts], action: ActionOutline, indicator: IndicatorOutline, year: int
) -> Counted | None:
    """What an indicator counts among a year's facts; None: it is not one that is computed."""
    if indicator.kind is not IndicatorKind.COMPUTED:
        return None
    return counted(facts_at(facts, _place(action, indicator), year), indicator.kinds, indicator.audiences)


def _figure(
    facts: dict[Key, Facts],
    reports: Reports,
    hidden: HiddenYears,
    action: ActionOutline,
    indicator: IndicatorOutline,
    year: int,
    today: date,
) -> Figure:
    found = counted_in(facts, action, indicator, year)
    report = report_for(reports, indicator, year)
    fields = hidden.get((scope_of(action, indicator), year), {})
    why = fields.get(FIELDS[indicator.measure]) if indicator.measure else None
    return figure_of(indicator, year, indicator.target_in(year), found, today, report, why)


def _rows(
    facts: dict[Key, Facts],
    hidden: HiddenYears,
    programme: ProgrammeOutline,
    wish: Wish,
    lines: tuple[LineOutline, ...],
) -> dict[int, tuple[YearRow, ...]]:
    rows: dict[int, tuple[YearRow, ...]] = {}
    for action in programme.actions:
        for line in action.lines:
            indicator = counts_for(line)
            if indicator is None or line not in lines:
                continue
            found = {year: counted_in(facts, action, indicator, year) for year in programme.years}
            rows[line.id] = tuple(
                year_row(
                    *(year, each, wish.today),
                    council=wish.council,
                    hidden=hidden.get((scope_of(action, indicator), year), {}),
                )
                for year, each in found.items()
                if each
            )
    return rows
