"""What happens at the edge happens only there: committing, aborting, asking the clock, knowing the request."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.reading import Module, modules
from tests.architecture.test_imports import VIEWS, complain

BELOW = {"models", "rules", "queries", "services", "errors", "events", "privacy"}


def calls(module: Module) -> Iterator[tuple[str, int]]:
    """Every call: the last part of what is called, and the line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            yield name, node.lineno


def test_nothing_below_the_edge_commits() -> None:
    problems = [
        f"{each.place}:{line} {name}()"
        for each in modules()
        if each.name != "integration.kernel.database"
        for name, line in calls(each)
        if name in ("commit", "rollback")
    ]
    complain(problems, "One transaction per request, committed at the edge: half a deed is never saved.")


def test_nothing_below_a_route_aborts() -> None:
    problems = [
        f"{each.place}:{line}"
        for each in modules()
        if each.role not in VIEWS and each.package != "web"
        for name, line in calls(each)
        if name == "abort"
    ]
    complain(problems, "Refusals are named exceptions; routes turn them into words.")


def test_nothing_below_a_route_asks_the_clock() -> None:
    problems = [
        f"{each.place}:{line} {name}()"
        for each in modules()
        if each.role in BELOW and each.package not in ("kernel", "web", "i18n")
        for name, line in calls(each)
        if name in ("utc_now", "now", "today", "utcnow", "time")
        and not (name == "time" and "datetime import" in each.path.read_text(encoding="utf-8"))
    ]
    complain(problems, "Verbs and rules are told what time it is: so they can be tried at any.")


def test_flasks_own_globals_stay_at_the_edge() -> None:
    names = {"g", "current_app", "request", "current_user"}
    problems = [
        f"{each.place}:{node.lineno} {alias.name}"
        for each in modules()
        if each.role in BELOW and each.package not in ("kernel", "web", "i18n")
        for node in ast.walk(each.tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in names
    ]
    complain(problems, "A verb gets what it needs as arguments; hidden inputs cannot be seen at the call.")


def test_every_module_says_what_it_is() -> None:
    problems = [
        f"{each.place}: no docstring"
        for each in modules()
        if each.path.name != "__init__.py" and not ast.get_docstring(each.tree)
    ]
    complain(problems, "A module begins by saying what it is for.")
