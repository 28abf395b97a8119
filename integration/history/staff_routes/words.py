"""What is wrong with a file or a row, and what to do about it, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from integration.history.models import Contents, Import, ImportRow, Progress
from integration.history.rules import COLUMNS
from integration.i18n.routing import current_code


def progress_word(progress: Progress) -> str:
    """How far an import has come, in a word."""
    words = {
        Progress.READING: _("is being read"),
        Progress.REFUSED: _("could not be read"),
        Progress.CHECKED: _("waits for you"),
        Progress.WRITING: _("is being imported"),
        Progress.DONE: _("imported"),
        Progress.UNDOING: _("is being undone"),
        Progress.UNDONE: _("undone"),
    }
    return str(words[progress])


def contents_word(contents: Contents | None) -> str:
    """What a file's rows are."""
    words = {Contents.SESSIONS: _("sessions"), Contents.TOTALS: _("yearly totals")}
    return str(words[contents]) if contents else ""


def column_word(name: str) -> str:
    """A column's heading in the reader's language."""
    found = next((each for columns in COLUMNS.values() for each in columns if each.name == name), None)
    return found.heading(current_code()) if found else name


def columns_of(found: Import) -> dict[str, Any]:
    """Where the file's columns stand and what they are called there: name > place and heading."""
    return dict((found.preview or {}).get("columns", {}))


def column_in_file(name: str, columns: dict[str, Any]) -> str:
    """A column as its own file calls it, with its letter: "Kävijät (E)"; one that the file has not, by our heading."""
    if name not in columns:
        return column_word(name)
    return _lettered(*columns[name])


def _lettered(place: int, heading: str) -> str:
    letter = chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)
    return f"{heading} ({letter})"


def row_problems(row: ImportRow) -> list[dict[str, Any]]:
    """Everything that is wrong with a row."""
    return list(row.facts.get("problems", ()))


def file_problem(problem: dict[str, Any]) -> str:
    """Why a file was refused, and what to do."""
    columns = ", ".join(column_word(name) for name in problem.get("columns", ()))
    headings = ", ".join(_lettered(*each) for each in problem.get("headings", ()))
    words = {
        "empty": _("There are no rows in it. The first row holds the headings, the rows below it the figures."),
        "size": _("It is too large. Send at most %(most)s MB at a time.", most=problem.get("most", "")),
        "rows": _("It has too many rows. Send at most %(most)s at a time.", most=problem.get("most", "")),
        "old_excel": _(
            "It is an old Excel file, or one with a password. Open it in Excel and save it as .xlsx without a password."
        ),
        "kind": _("It is no spreadsheet that we can read. Save it as .xlsx, or as CSV."),
        "bomb": _("It unfolds to far more than a spreadsheet holds. Copy the rows into a new file and send that one."),
        "broken": _("It is damaged. Open it, save it anew as .xlsx or as CSV, and send it again."),
        "headings": _(
            "We know none of its headings. Copy your figures into one of the blank files, or write our headings above "
            "your columns."
        ),
        "twice": _(
            "Several headings in row %(row)s mean the same: %(headings)s. Keep one of each kind, and look for hidden "
            "columns too.",
            headings=headings,
            row=problem.get("row", 1),
        ),
        "missing": _(
            "These columns are missing among the headings in row %(row)s: %(columns)s. Add them, or use one of the "
            "blank files.",
            columns=columns,
            row=problem.get("row", 1),
        ),
        "failed": _("Something went wrong on our side, three times. Tell whoever runs the service."),
    }
    return str(words.get(problem.get("reason", ""), words["broken"]))


def problem_text(problem: dict[str, Any]) -> str:
    """What is wrong with one cell, and what to write instead."""
    code, facts = problem["code"], problem["facts"]
    return str((_reading_words(facts) | _meaning_words(problem["column"], facts))[code])


def _reading_words(facts: dict[str, Any]) -> dict[str, str]:
    """Cells that hold something else than what is asked for."""
    text = facts.get("text", "")
    return {
        "empty": _("This is empty. It is needed."),
        "day": _("“%(text)s” is no date. Write it like this: 1.1.2023.", text=text),
        "time": _("“%(text)s” is no time of day. Write it like this: 17:00.", text=text),
        "number": _("“%(text)s” is no number. Write a whole number, such as 20.", text=text),
        "whole": _("“%(text)s” is no whole number. Write one such as 20.", text=text),
        "negative": _("“%(text)s” is less than nothing. Write 0 or more.", text=text),
        "many": _("“%(text)s” is more than can be. Check the number.", text=text),
        "formula": _("“%(text)s” is a formula's error. Write the number instead.", text=text),
        "sum_row": _("This looks like the sum of the rows above. It is left out: sums are made here."),
        "year": _("“%(text)s” is no year. Write it with four digits, such as 2023.", text=text),
        "share": _("“%(text)s” is no share. Write it like this: 9/20, or 45 with a percent sign.", text=text),
        "long": _("The text is too long. Shorten it to at most %(most)s characters.", most=facts.get("most", "")),
        "nobody_counted": _("How many came? Write 0 if nobody came."),
        "sum": _(
            "%(adults)s adults and %(children)s children are not %(visits)s visits. Check the three numbers.",
            adults=facts.get("adults", ""),
            children=facts.get("children", ""),
            visits=facts.get("visits", ""),
        ),
    }


def _meaning_words(column: str, facts: dict[str, Any]) -> dict[str, str]:
    """Cells that can be read, and mean nothing here or something that cannot be."""
    text, value = facts.get("text", ""), facts.get("value")
    years = {"first": facts.get("first", ""), "last": facts.get("last", "")}
    return {
        "unknown": _unknown(column, text),
        "ambiguous": _(
            "“%(text)s” can mean several. Write the short name that stands on the sheet with names.", text=text
        ),
        "of_another_action": _("“%(text)s” belongs to another action. Check both columns.", text=text),
        "ahead": _("This lies ahead. Only what has been can be imported."),
        "outside": _("This is only asked for from %(first)s to %(last)s.", **years),
        "serves_nothing": _("The activity counted for no action of this programme on that day."),
        "counted_here": _(
            "There is a session of this activity on that day already, counted here. It would count twice."
        ),
        "twice": _(
            "Row %(row)s is about the same. Keep one of them, or write when each session began.",
            row=facts.get("row", ""),
        ),
        "locked": _("The figure is locked at %(value)s. Open it again first, with a reason.", value=_shown(value)),
        "accepted": _("The council has accepted %(value)s. Ask it to send the figure back first.", value=_shown(value)),
        "reported": _(
            "The responsible party has reported %(value)s. A spreadsheet does not replace that.", value=_shown(value)
        ),
    }


def _unknown(column: str, text: str) -> str:
    words = {
        "activity": _("No activity is called “%(text)s”. Copy the name from the sheet with names.", text=text),
        "action": _("No action is called “%(text)s”. Write its number or copy its name.", text=text),
        "indicator": _("No meter is called “%(text)s”. Copy the name from the sheet with names.", text=text),
    }
    other = _("We do not know the language “%(text)s”. Write for instance sv, fi, ar or interpreter.", text=text)
    return str(words.get(column, other))


def _shown(value: int | None) -> str:
    return "–" if value is None else str(value)
