"""A small report of an invented town, all of whose figures are written here: the same on every day and machine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from integration.indicators.models import Provenance
from integration.indicators.queries import ProgrammeFigures
from integration.indicators.rules import Bounds, Cell, Figure, Square, Standing, State, YearRow, cell
from integration.programme.models import Aggregation, IndicatorKind, Measure, Part, TargetForm, TargetPeriod
from integration.programme.queries import (
    ActionOutline,
    DomainOutline,
    GoalOutline,
    IndicatorOutline,
    LineOutline,
    ProgrammeOutline,
    TargetOutline,
)
from integration.programme.queries.outlines import PartyOutline
from integration.report.editions import Draft
from integration.report.models import Assessment, ReportKind

YEARS = range(2023, 2027)
SMALL, MISSING, NA = (Cell(None, each) for each in (Standing.SUPPRESSED, Standing.MISSING, Standing.NA))


def said(sv: str, fi: str, en: str) -> dict[str, str]:
    """In the three languages."""
    return {"sv": sv, "fi": fi, "en": en}


TOWN = PartyOutline(
    1, "town", said("Påhittade stan", "Keksitty kaupunki", "Invented town"), Part.RESPONSIBLE, date(2023, 1, 1), None
)
CLUB = PartyOutline(
    2,
    "club",
    said("Diktade föreningen", "Keksitty yhdistys", "Invented club"),
    Part.RESPONSIBLE,
    date(2023, 1, 1),
    None,
)


def _indicator(
    number: int, kind: IndicatorKind, measure: Measure | None, unit: str, *targets: TargetOutline, **title: str
) -> IndicatorOutline:
    return IndicatorOutline(
        number, f"indicator-{number}", kind, measure, unit, Aggregation.NONE, title,
        YEARS[0], YEARS[-1], (), (), False, True, None, targets,
    )  # fmt: skip


def _line(indicator: IndicatorOutline, **text: str) -> LineOutline:
    return LineOutline(indicator.id, f"line-{indicator.id}", f"1.{indicator.id}", text, (indicator,))


def _action(line: LineOutline, party: PartyOutline, **title: str) -> ActionOutline:
    number = line.id
    return ActionOutline(
        number, f"action-{number}", f"1.{number}", title, YEARS[0], YEARS[-1], True, (), (party,), (line,)
    )


def _target(form: TargetForm, period: TargetPeriod, lower: int, upper: int | None = None) -> TargetOutline:
    return TargetOutline(None, form, period, lower, upper, None)


CAFES = _indicator(
    1,
    IndicatorKind.COMPUTED,
    Measure.VISITS,
    "visits",
    _target(TargetForm.MINIMUM, TargetPeriod.YEAR, 300),
    **said("Besök på kafét", "Kahvilan käynnit", "Visits to the café"),
)
FAIRS = _indicator(
    2,
    IndicatorKind.REPORTED,
    None,
    "count",
    _target(TargetForm.RANGE, TargetPeriod.YEAR, 4, 5),
    **said("Mässor", "Messut", "Fairs"),
)
MONTHS = _indicator(
    3,
    IndicatorKind.COMPUTED,
    Measure.MONTHS,
    "months",
    _target(TargetForm.EXACT, TargetPeriod.MONTH, 1),
    **said("Månader med råd", "Neuvontakuukaudet", "Months with advice"),
)
PEOPLE = _indicator(
    4, IndicatorKind.COMPUTED, Measure.UNIQUE, "persons", **said("Olika människor", "Eri ihmiset", "Different people")
)


def _figure(year: int, shown: Cell, state: State, bounds: Bounds | None = None, **more: Any) -> Figure:
    return Figure(year, shown, state, bounds=bounds, **more)


def _years(states: str, cells: list[Cell], bounds: Bounds | None = None, **more: Any) -> tuple[Figure, ...]:
    words = {"m": State.MET, "b": State.BELOW, "o": State.OVER, "?": State.MISS, "-": State.NONE}
    found = zip(YEARS, cells, states, strict=True)
    return tuple(_figure(year, shown, words[state], bounds, **more) for year, shown, state in found)


def _row(year: int, *cells: Cell, sources: tuple[tuple[str, int], ...] | None) -> YearRow:
    held, visits, persons, tied, children, partners, support = cells
    return YearRow(year, False, held, visits, persons, tied, children, partners, support, sources)


def _rows() -> tuple[YearRow, ...]:
    withheld = Cell(None, Standing.WITHHELD)
    part = Cell(None, Standing.WITHHELD, least=412)
    mix = (("scanned", 214), ("listed", 31), ("headcount", 95))
    return (
        _row(2023, *map(cell, (20, 310, 120, 52, 80, 3, 100)), sources=(("imported", 310),)),
        _row(2024, *map(cell, (22, 287, 118, 61, 74, 4, 91)), sources=mix),
        _row(2025, *map(cell, (24, 340, 131, 72, 90, 5, 88)), sources=mix),
        _row(
            2026,
            Cell(None, Standing.WITHHELD, least=26),
            part,
            SMALL,
            withheld,
            withheld,
            cell(4),
            withheld,
            sources=None,
        ),
    )


def invented_report() -> Draft:
    """A final report of two domains, with every kind of figure: met, below, missing, 0, fewer than five, at least."""
    months = tuple([Square.HELD] * 9 + [Square.MISSED, Square.OUT, Square.OUT])
    figures = {
        1: _years("mbmm", [row.visits for row in _rows()], Bounds(300, None)),
        2: _years("mm?o", [cell(4), cell(5), MISSING, cell(7)], Bounds(4, 5), provenance=Provenance.REPORTED),
        3: _years("mmmb", [cell(10), cell(10), cell(10), cell(9)], Bounds(10, 10), of=10, squares=months),
        4: _years("----", [cell(0), SMALL, cell(131), NA]),
    }
    effect = said("Grannar möts.", "Naapurit tapaavat.", "Neighbours meet.")
    return Draft(
        programme=_programme(),
        figures=ProgrammeFigures(date(2026, 11, 24), False, figures, _rows(), {1: _rows()}, {1: 1}),
        kind=ReportKind.FINAL,
        year=2026,
        prose={
            None: said(
                "Under fyra år har staden mött sina nya invånare.\n\nAllt i den här rapporten är påhittat.",
                "Neljän vuoden aikana kaupunki on kohdannut uudet asukkaansa.\n\nKaikki tässä raportissa on keksittyä.",
                "For four years the town has met those who are new in it.\n\nEverything in this report is invented.",
            ),
            11: {"sv": "Kafét är stadens vardagsrum."},
        },
        assessments={1: Assessment(action_id=1, year=2026, effect=effect)},
        made_at=datetime(2026, 11, 24, 10, 30, tzinfo=UTC),
        number=1,
    )


def _programme() -> ProgrammeOutline:
    cafes = _action(
        _line(CAFES, **said("Antal besök", "Käyntien määrä", "Number of visits")),
        CLUB,
        **said("Ett kafé där alla möts", "Kahvila, jossa kaikki kohtaavat", "A café where everybody meets"),
    )
    fairs = _action(
        _line(FAIRS, **said("4–5 mässor om året", "4–5 messua vuodessa", "4–5 fairs a year")),
        TOWN,
        **said("Mässor om arbete", "Työelämämessut", "Fairs about work"),
    )
    advice = _action(
        _line(MONTHS, **said("Råd varje månad", "Neuvontaa joka kuukausi", "Advice every month")),
        TOWN,
        **said("Råd på eget språk", "Neuvontaa omalla kielellä", "Advice in one's own language"),
    )
    people = _action(
        _line(PEOPLE, **said("Olika människor", "Eri ihmiset", "Different people")),
        CLUB,
        **said("Vänfamiljer", "Ystäväperheet", "Friend families"),
    )
    together = GoalOutline(
        1,
        "together",
        said("Människor lär känna varandra", "Ihmiset tutustuvat toisiinsa", "People get to know one another"),
        (cafes, people),
    )
    work = GoalOutline(
        2,
        "work",
        said("Den som vill arbeta hittar ett arbete", "Työtä haluava löytää työtä", "Who wants to work finds work"),
        (fairs, advice),
    )
    return ProgrammeOutline(
        id=1,
        slug="invented",
        title=said(
            "Påhittade stans program 2023–2026",
            "Keksityn kaupungin ohjelma 2023–2026",
            "The invented town's programme 2023–2026",
        ),
        legal_basis={},
        first_year=YEARS[0],
        last_year=YEARS[-1],
        draft=False,
        domains=(
            DomainOutline(
                11,
                "social",
                "social",
                said("Sociala relationer", "Sosiaaliset suhteet", "Social relations"),
                (together,),
            ),
            DomainOutline(12, "work", "work", said("Arbete", "Työ", "Work"), (work,)),
        ),
    )
