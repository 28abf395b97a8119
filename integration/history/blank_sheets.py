"""Empty spreadsheets to fill in: the headings, how to fill them in, and the names that may stand in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from integration.history.models import Contents
from integration.history.rules import COLUMNS
from integration.i18n.speaking import gettext as _
from integration.i18n.texts import localize
from integration.kernel.lazy import Later
from integration.programme.queries import ProgrammeOutline

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = Later("xlsxwriter")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {
    "on": 12,
    "time": 10,
    "activity": 28,
    "action": 28,
    "venue": 20,
    "partners": 30,
    "indicator": 34,
    "source": 30,
}
EXAMPLES = {
    "on": "1.1.2023",
    "time": "17:00",
    "visits": "12",
    "adults": "8",
    "children": "4",
    "languages": "sv, fi, ar",
    "year": "2023",
    "value": "12",
}


def blank_csv(contents: Contents, language: str) -> bytes:
    """The headings alone, as Excel in Finland opens them: semicolons, UTF-8 with BOM."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(_headings(contents, language))
    return out.getvalue().encode("utf-8-sig")


def blank_xlsx(contents: Contents, language: str, programme: ProgrammeOutline, activities: Iterable[str]) -> bytes:
    """Three sheets: one to fill in, one that says how, and the names. The page's language is the reader's."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    columns = COLUMNS[contents]
    sheet = book.add_worksheet(_("Fill in"))
    sheet.freeze_panes(1, 0)
    day = book.add_format({"num_format": "d.m.yyyy"})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS.get(column.name, 11), day if column.name == "on" else None)
        sheet.write_string(0, place, column.heading(language), head)
    how = [(each.heading(language), _how(contents, each.name), EXAMPLES.get(each.name, "")) for each in columns]
    _table(book.add_worksheet(_("How to")), (_("Column"), _("What to write"), _("Example")), how, head, wrap)
    _table(book.add_worksheet(_("Names")), *_names(contents, language, programme, activities), head, wrap)
    book.close()
    return out.getvalue()


def _headings(contents: Contents, language: str) -> list[str]:
    return [each.heading(language) for each in COLUMNS[contents]]


def _how(contents: Contents, name: str) -> str:
    value = _(
        "The year's value as a whole number. A share: 9/20, or 45 with a percent sign. A milestone: the "
        "date on which it was reached."
    )
    words = {
        "on": _("The day on which the session was held. Needed."),
        "time": _("When it began. Only needed where an activity had two sessions at one place on one day."),
        "activity": _("The activity's name, as on the sheet with names. Leave it empty if only the action is known."),
        "action": _("The action's number or name."),
        "venue": _("Where it was held."),
        "visits": _("How many came, adults and children together. Write 0 if nobody came."),
        "adults": _("How many of them were adults. May be empty."),
        "children": _("How many of them were children. May be empty."),
        "partners": _("The organisations that were there, with commas between them."),
        "languages": _(
            "Languages spoken and language support, with commas between them, for instance: sv, ar, interpreter."
        ),
        "source": _("Where the figure is from, for instance a list on paper. It is shown behind the figure."),
        "indicator": _("The meter's name, as on the sheet with names. Needed."),
        "year": _("The calendar year. Needed."),
        "value": value,
    }
    return str(words[name])


def _names(
    contents: Contents, language: str, programme: ProgrammeOutline, activities: Iterable[str]
) -> tuple[Sequence[str], list[Sequence[str]]]:
    actions = [(each.number, localize(each.title, language).text) for each in programme.actions]
    if contents is Contents.TOTALS:
        rows: list[Sequence[str]] = [
            (action.number, localize(each.title, language).text, each.slug)
            for action in programme.actions
            for line in action.lines
            for each in line.indicators
        ]
        return (_("Action"), _("Indicator"), _("Short name, if two are called the same")), rows
    named = sorted(activities)
    rows = [
        (*(actions[place] if place < len(actions) else ("", "")), named[place] if place < len(named) else "")
        for place in range(max(len(actions), len(named)))
    ]
    return (_("Number"), _("Action"), _("Activity")), rows


def _table(sheet: Any, heads: Sequence[str], rows: Iterable[Sequence[str]], head: Any, wrap: Any) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 2, 60)
    for number, row in enumerate((heads, *rows)):
        for place, text in enumerate(row):
            sheet.write_string(number, place, text, wrap if number else head)
