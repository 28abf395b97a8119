"""What a report says, in finished words of one language: the same for its page, its PDF and its preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from integration.i18n.dates import clock, short_date
from integration.i18n.speaking import gettext as _
from integration.i18n.texts import localize
from integration.indicators.queries import ProgrammeFigures
from integration.indicators.rules import Figure, Standing, YearRow, line_state
from integration.kernel.clock import local_date
from integration.kernel.database import Texts
from integration.programme.queries import ActionOutline, DomainOutline, LineOutline, ProgrammeOutline
from integration.report.models import Assessment, ReportKind
from integration.report.routes.charts import drawing_of, series_of, target_of
from integration.report.routes.words import (
    STATES,
    bounds_text,
    cell_text,
    figure_text,
    number,
    source_words,
    state_detail,
    state_word,
    target_text,
)
from integration.web.drawings import sentence
from integration.web.drawings_on_paper import small_chart
from integration.web.pdf import colours_by_day

SUMMARY = None
"""In the place of a domain's id: the words in front of all domains."""


@dataclass(frozen=True)
class Draft:
    """All that a report is made from: figures as the public may see them, prose, assessments, and the moment."""

    programme: ProgrammeOutline
    figures: ProgrammeFigures
    kind: ReportKind
    year: int
    prose: Mapping[int | None, Texts]
    """Domain id (None: the summary) > text by language."""
    assessments: Mapping[int, Assessment]
    """Action id > what is said of the year."""
    made_at: datetime
    number: int | None
    """The edition's number; None for a preview."""


def report_content(draft: Draft, code: str) -> dict[str, Any]:
    """The whole report in the language that is being spoken, which is ``code``."""
    programme = draft.programme
    domains = [_domain(draft, domain, code) for domain in programme.domains]
    tally = Counter(line["state"] for each in domains for goal in each["goals"] for line in goal["lines"])
    name = _text(programme.title, code)
    on, at = short_date(draft.made_at), clock(draft.made_at)
    return {
        "title": _title(draft, name["text"]),
        "programme": name,
        "kind": draft.kind.value,
        "year": draft.year,
        "draft": _("Draft: not published") if draft.number is None else "",
        "made": _("Figures as they were known on %(date)s at %(time)s.", date=on, time=at),
        "number": _("Edition %(number)s", number=draft.number) if draft.number else "",
        "summary": _prose(draft, SUMMARY, code),
        "tally": [
            {"state": each.value, "word": state_word(each), "lines": tally[each]} for each in STATES if tally[each]
        ],
        "totals": _totals(draft),
        "domains": domains,
        "missing": _missing(draft, code),
        "words": _words(),
        "least": _least() if draft.figures.tells_least else "",
    }


def report_years(draft: Draft) -> range:
    """The years that a report shows: up to its own; a final report's are the programme's."""
    return range(draft.programme.first_year, draft.year + 1)


def _title(draft: Draft, programme: str) -> str:
    if draft.kind is ReportKind.FINAL:
        return str(_("Final report: %(programme)s", programme=programme))
    return str(_("Annual report %(year)s: %(programme)s", year=draft.year, programme=programme))


def _text(texts: Texts | None, code: str) -> dict[str, str]:
    found = localize(texts, code)
    return {"text": found.text.replace("\xad", ""), "lang": found.language.code, "dir": found.language.direction}


def _prose(draft: Draft, domain_id: int | None, code: str) -> dict[str, Any]:
    """The editor's words; where the translation is missing another language stands in for it and says so."""
    texts = draft.prose.get(domain_id) or {}
    found = localize(texts, code)
    note = ""
    if not found.text:
        note = _("Nothing has been written here yet.")
    elif found.is_fallback:
        note = _("The translation is missing: here in %(language)s.", language=found.language.name)
    paragraphs = [each.strip() for each in found.text.replace("\r", "").split("\n\n") if each.strip()]
    return {"paragraphs": paragraphs, "lang": found.language.code, "dir": found.language.direction, "note": note}


def _domain(draft: Draft, domain: DomainOutline, code: str) -> dict[str, Any]:
    return {
        "name": _text(domain.title, code),
        "mark": f"d-{domain.mark}",
        "prose": _prose(draft, domain.id, code),
        "goals": [
            {
                "title": _text(goal.title, code),
                "lines": [_line(draft, domain, action, line, code) for action in goal.actions for line in action.lines],
            }
            for goal in domain.goals
        ],
    }


def _line(draft: Draft, domain: DomainOutline, action: ActionOutline, line: LineOutline, code: str) -> dict[str, Any]:
    years, main = _shown(draft, line), line.main
    shown = line_state(years, draft.year)
    target = main.target_in(shown.year)
    series = series_of(years, main)
    said = draft.assessments.get(action.id)
    return {
        "label": line.label,
        "title": _text(action.title if len(action.lines) == 1 else main.title, code),
        "meter": _text(line.text, code),
        "owner": _owner(action, draft, code),
        "aim": target_text(target) if target else "",
        "state": shown.state.value,
        "state_word": state_word(shown.state),
        "detail": state_detail(shown, main),
        "chart": small_chart(series, drawing_of(main), colours_by_day()[f"d-{domain.mark}"], target_of(years, main)),
        "alt": sentence(series),
        "head": [str(each.year) for each in years],
        "rows": [
            [_("Result"), *(figure_text(each, main) or "–" for each in years)],
            [_("Target"), *(_aim(each, line) for each in years)],
            [_("How it stands"), *(state_word(each.state) for each in years)],
            *_people_rows(draft, line),
        ],
        "sources": _sources(draft, line),
        "effect": _text(said.effect, code) if said and said.effect else None,
    }


def _rows_of(draft: Draft, line: LineOutline) -> list[YearRow]:
    """What the line's sessions tell; nothing of a line that is not counted from sessions."""
    found = [row for row in draft.figures.rows.get(line.id, ()) if row.year in report_years(draft)]
    known = any(
        cell.standing not in (Standing.MISSING, Standing.AHEAD) for row in found for cell in (row.held, row.visits)
    )
    return found if known else []


def _people_rows(draft: Draft, line: LineOutline) -> list[list[str]]:
    """V and U apart, with the share of V that U was counted from, and the children among V."""
    found = _rows_of(draft, line)
    named = (
        (_("Visits"), "visits", ""),
        (_("Different people, at least"), "persons", ""),
        (_("Visits tied to a card"), "tied", "share"),
        (_("Children among the visits"), "children", ""),
    )
    return [
        [str(name), *(cell_text(getattr(row, field), unit) or "–" for row in found)]
        for name, field, unit in named
        if found
    ]


def _sources(draft: Draft, line: LineOutline) -> list[list[str]]:
    """How the visits were counted: a year, and the mix in words."""
    words = source_words()
    return [
        [str(row.year), ", ".join(f"{words[source]} {number(count)}" for source, count in row.sources if count)]
        for row in _rows_of(draft, line)
        if row.sources and any(count for _source, count in row.sources)
    ]


def _shown(draft: Draft, line: LineOutline) -> tuple[Figure, ...]:
    return tuple(each for each in draft.figures.of(line.main) if each.year in report_years(draft))


def _aim(figure: Figure, line: LineOutline) -> str:
    target = line.main.target_in(figure.year)
    if figure.bounds is None or target is None:
        return "–"
    return bounds_text(figure.bounds.lower, figure.bounds.upper, target.form)


def _owner(action: ActionOutline, draft: Draft, code: str) -> str:
    on = min(date(draft.year, 12, 31), local_date(draft.made_at))
    return ", ".join(localize(each.name, code).text for each in action.responsible(on))


def _totals(draft: Draft) -> dict[str, Any]:
    rows = [row for row in draft.figures.totals if row.year in report_years(draft)]
    return {
        "head": [_("Year"), _("Sessions held"), _("Visits"), _("Different people, at least")],
        "rows": [
            [str(row.year), *(cell_text(each) or "–" for each in (row.held, row.visits, row.persons))] for row in rows
        ],
    }


def _missing(draft: Draft, code: str) -> list[list[str]]:
    """What is not reported, and who owes it: one row per indicator."""
    found = []
    for action in draft.programme.actions:
        for line in action.lines:
            for indicator in line.indicators:
                years = [
                    str(each.year)
                    for each in draft.figures.of(indicator)
                    if each.year in report_years(draft) and each.cell.standing is Standing.MISSING
                ]
                if years:
                    title = localize(indicator.title, code).text.replace("\xad", "")
                    found.append(
                        [_owner(action, draft, code) or "–", f"{line.label} {title}".strip(), ", ".join(years)]
                    )
    return sorted(found, key=lambda row: row[0])


def _least() -> str:
    """What "at least" means where it stands for a withheld number."""
    return str(
        _(
            "“At least” counts the ordinary sessions alone: sensitive sessions are not in it, for with them the number "
            "would give one under five away."
        )
    )


def _words() -> dict[str, Any]:
    """The report's own headings and phrases."""
    return {
        "sheets": [_("Figures"), _("Sums"), _("Missing")],
        "summary": _("Summary"),
        "standing": _("How the measures stand"),
        "state": _("How it stands"),
        "measures": _("Measures"),
        "totals": _("All the sessions together"),
        "totals_note": _("People are counted once a year, however often they come; years are never added up."),
        "target": _("Target"),
        "owner": _("Responsible"),
        "effect": _("What came of it"),
        "measure": _("Measure"),
        "years": _("Years"),
        "missing": _("What is missing, and who owes it"),
        "nothing_missing": _("Nothing: every figure has been reported."),
        "small": _("“<5” means fewer than five people. A figure that nobody has reported says so; 0 is a real zero."),
        "withheld": _("“Not shown” stands where the number would give such a small one away."),
        "sources": _("How the visits were counted"),
        "contents": _("Contents"),
        "year": _("Year"),
    }
