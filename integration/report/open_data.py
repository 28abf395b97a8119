"""Open data: a programme's figures as rows for machines, no more and no less than the pages show."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from integration.indicators.queries import ProgrammeFigures
from integration.indicators.rules import Figure, Standing
from integration.programme.queries import (
    ActionOutline,
    DomainOutline,
    IndicatorOutline,
    LineOutline,
    ProgrammeOutline,
)

LANGUAGES = ("sv", "fi", "en")
COLUMNS = (
    *("programme", "domain", "goal", "action", "line", "indicator"),
    *(f"title_{code}" for code in LANGUAGES),
    *("kind", "measure", "unit", "aggregation", "year", "value", "of", "standing", "state"),
    *("target_form", "target_lower", "target_upper", "expected_so_far"),
    *("provenance", "stage", "now", "as_of", "at_least"),
)
STANDINGS = {
    Standing.VALUE: "value",
    Standing.ZERO: "zero",
    Standing.RUNNING: "running",
    Standing.AHEAD: "ahead",
    Standing.MISSING: "not_reported",
    Standing.NA: "not_applicable",
    Standing.SUPPRESSED: "suppressed",
    Standing.WITHHELD: "withheld",
}
"""What a figure is, in words that are not renamed."""
ORIGIN = ("provenance", "stage", "now", "at_least")
SUPPRESSED_TEXT = "<5"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets would run a text that begins so."""


def open_rows(programme: ProgrammeOutline, figures: ProgrammeFigures) -> Iterator[dict[str, Any]]:
    """One row per indicator and year of the programme, in the programme's order."""
    for domain in programme.domains:
        for goal in domain.goals:
            for action in goal.actions:
                for line in action.lines:
                    for indicator in line.indicators:
                        head = _head(programme, domain, goal.slug, action, line, indicator)
                        for figure in figures.of(indicator):
                            yield {**head, **_figure(indicator, figure, figures.today)}


def open_document(programme: ProgrammeOutline, figures: ProgrammeFigures) -> dict[str, Any]:
    """The programme with one entry per indicator and its years inside."""
    indicators: dict[str, dict[str, Any]] = {}
    for row in open_rows(programme, figures):
        texts = {code: row.pop(f"title_{code}") for code in LANGUAGES}
        head = ("domain", "goal", "action", "line", "indicator", "kind", "measure", "unit", "aggregation")
        entry = {name: row[name] for name in head} | {"title": texts, "years": []}
        found = indicators.setdefault(row["indicator"], entry)
        inner = ("year", "value", "of", "standing", "state", "target_form", "target_lower", "target_upper")
        found["years"].append({name: row[name] for name in (*inner, "expected_so_far", *ORIGIN)})
    return {
        "programme": programme.slug,
        "title": programme.title,
        "years": list(programme.years),
        "as_of": figures.today.isoformat(),
        "suppressed_below": 5,
        "indicators": list(indicators.values()),
    }


def csv_text(rows: Iterator[dict[str, Any]]) -> str:
    """RFC 4180, commas; an empty field is "no value", and the column beside it says why."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([field_text(row, name) for name in COLUMNS])
    return out.getvalue()


def field_text(row: dict[str, Any], name: str, *, raw: bool = False) -> Any:
    """What stands in a cell; ``raw`` keeps numbers numbers and texts as they are, for cells that are no formula."""
    value = row[name]
    if name == "value" and row["standing"] == STANDINGS[Standing.SUPPRESSED]:
        return SUPPRESSED_TEXT
    if value is None:
        return ""
    if raw:
        return value
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_STARTS) else text


def _head(
    programme: ProgrammeOutline,
    domain: DomainOutline,
    goal: str,
    action: ActionOutline,
    line: LineOutline,
    indicator: IndicatorOutline,
) -> dict[str, Any]:
    titles = {f"title_{code}": indicator.title.get(code, "").replace("\xad", "") for code in LANGUAGES}
    return {
        "programme": programme.slug,
        "domain": domain.slug,
        "goal": goal,
        "action": action.slug,
        "line": line.slug,
        "indicator": indicator.slug,
        **titles,
        "kind": indicator.kind.value,
        "measure": indicator.measure.value if indicator.measure else None,
        "unit": indicator.unit,
        "aggregation": indicator.aggregation.value,
    }


def _figure(indicator: IndicatorOutline, figure: Figure, today: date) -> dict[str, Any]:
    aim = indicator.target_in(figure.year)
    bounds = figure.bounds
    return {
        "year": figure.year,
        "value": figure.value,
        "of": figure.of,
        "standing": STANDINGS[figure.standing],
        "state": figure.state.value,
        "target_form": aim.form.value if aim and bounds else None,
        "target_lower": bounds.lower if bounds else None,
        "target_upper": bounds.upper if bounds else None,
        "expected_so_far": figure.expected,
        "provenance": figure.provenance.value if figure.provenance else None,
        "stage": figure.report.stage.value if figure.report else None,
        "now": figure.now,
        "as_of": today.isoformat(),
        "at_least": figure.cell.least,
    }
