"""Same file names in every feature, and nothing too long to read."""

from __future__ import annotations

import ast
import statistics

from tests.architecture.reading import PRODUCT, ROOT, modules
from tests.architecture.test_imports import FEATURES, LEFT_OF, SHARED, complain

IDEAS = {
    "mail/letters": "what a message says, and the e-mail that says it",
    "mail/short_messages": "how an SMS fits into one part",
    "mail/sms": "the way to an SMS gateway",
    "mail/smtp": "the way to a mail server",
    "mail/post_office": "what wiring tells the outbox: who writes what, who knows whose address",
    "programme/programme_file": "reading a programme file: its lines, its checks, and what becomes of them",
    "activities/poster": "what stands on the poster of an activity",
    "registration/cards": "what is derived from a card: its codes, its digests, its drawing",
    "registration/sheets": "what the door has on paper",
    "registration/messages": "what households are told about their places, when and in which words",
    "calendars/unchanged": "the short way of a feed that has not changed",
    "history/sheets": "how a spreadsheet's rows are read, whoever wrote it",
    "history/blank_sheets": "the spreadsheets to fill in",
    "report/editions": "what a report says in each language, and the files that say it",
    "report/reminders": "what responsible parties are told about the figures that they owe",
    "report/open_data": "the one description of an indicator that JSON and CSV are both written from",
    "demo/content": "what the demo's activities are called",
    "demo/coming": "the demo's sessions to come",
    "demo/history": "the demo's sessions that were",
    "demo/ways_in": "the demo's individual times, series, groups and stands",
    "demo/reports": "what the demo's years were reported and assessed as",
    "demo/people": "the demo's staff",
}
"""The private idea files, each with its idea; a feature has them rarely."""

TECHNICAL = ("kernel", "i18n", "web")
"""Shared packages that are no features: their files are named after what they hold."""

MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "lib", "shared"}
MAX_FILE, P90_FILE = 400, 300
MAX_FUNCTION, P90_FUNCTION, MEDIAN_FUNCTION = 50, 25, 8
MAX_VIEW = 30


def test_every_feature_uses_the_same_names() -> None:
    problems = [
        each.place
        for each in modules()
        if each.package in (*FEATURES, *SHARED)
        and each.package not in TECHNICAL
        and each.role
        and each.role not in LEFT_OF
        and f"{each.package}/{each.role}" not in IDEAS
    ]
    complain(problems, f"Who knows one feature knows all: name the module one of {', '.join(LEFT_OF)}.")


def test_every_idea_still_has_its_file() -> None:
    gone = [name for name in IDEAS if not (PRODUCT / f"{name}.py").exists() and not (PRODUCT / name).is_dir()]
    assert not gone, f"Take {gone} out of IDEAS."


def test_no_file_is_a_drawer() -> None:
    files = [*ROOT.glob("integration/**/*.py"), *ROOT.glob("tests/**/*.py"), *ROOT.glob("tools/**/*.py")]
    problems = [str(file.relative_to(ROOT)) for file in files if file.stem in MEANINGLESS]
    complain(problems, "A file is named after what it holds; a drawer for everything is never read.")


def test_files_are_short() -> None:
    lengths = sorted((each.lines(), each.place) for each in modules())
    complain(
        [f"{place}: {length}" for length, place in lengths if length > MAX_FILE],
        f"A module past {MAX_FILE} lines is two modules: make it a folder with one file per verb.",
    )
    assert lengths[int(len(lengths) * 0.9)][0] <= P90_FILE, "One file in ten may be long, no more."


def test_functions_are_short() -> None:
    lengths = sorted(
        (length, f"{each.place}:{line} {name}") for each in modules() for name, line, length in each.functions()
    )
    complain(
        [f"{place}: {length}" for length, place in lengths if length > MAX_FUNCTION],
        f"A function past {MAX_FUNCTION} lines does several things: give them names.",
    )
    assert lengths[int(len(lengths) * 0.9)][0] <= P90_FUNCTION
    assert statistics.median(length for length, _place in lengths) <= MEDIAN_FUNCTION


def test_views_are_short() -> None:
    problems = [
        f"{each.place}:{node.lineno} {node.name}: {_body(node)}"
        for each in modules()
        if each.role in ("routes", "staff_routes")
        for node in ast.walk(each.tree)
        if isinstance(node, ast.FunctionDef) and node.decorator_list and _body(node) > MAX_VIEW
    ]
    complain(problems, "A view is permission, load, form, one verb, redirect; what is more belongs below it.")


def _body(node: ast.FunctionDef) -> int:
    """The lines of a function's body, its signature and docstring not counted."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or node.lineno) - first.lineno + 1


def test_no_import_hides_in_a_function() -> None:
    problems = [
        f"{each.place}:{inner.lineno}"
        for each in modules()
        for node in ast.walk(each.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    complain(problems, "Imports follow the data, and the reader sees all of them at the top.")
