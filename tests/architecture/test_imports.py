"""The story is read from left to right, and no import tells it backwards."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from tests.architecture.reading import Module, module_names, modules, role_of

SHARED = ("kernel", "i18n", "web", "audit", "mail", "organisations", "accounts", "privacy")
"""Each may import only those to its left."""

FEATURES = {
    "programme": set(),
    "activities": {"programme"},
    "registration": {"activities"},
    "checkin": {"activities", "registration"},
    "calendars": {"activities", "registration"},
    "indicators": {"programme", "activities", "checkin"},
    "history": {"programme", "activities", "checkin", "indicators"},
    "report": {"programme", "indicators", "history"},
    "demo": {"programme", "activities", "registration", "checkin", "calendars", "indicators", "report"},
}
"""What each feature may import besides the shared packages. Indicators never see who registered: their figures
are of visits and random keys, so that no page of theirs can show a name. The demo plants rows of every feature."""

ACROSS = {"models", "queries", "services", "errors", "events", "rules"}
"""What one feature may import of another: what it keeps, asks, does, refuses and tells, and its pure rules. Never its
pages or forms: those are how it speaks with people, which another feature has no say in."""

VIEWS = {"routes", "staff_routes", "forms", "commands"}
"""The only modules that know of requests: everything else can be called from a job, a command or a test."""

LEFT_OF = {
    "errors": 0,
    "events": 0,
    "models": 0,
    "rules": 0,
    "queries": 1,
    "services": 2,
    "privacy": 3,
    "forms": 3,
    "routes": 4,
    "staff_routes": 4,
    "commands": 4,
}
"""Inside a feature: rules know no database, queries no verbs, services no forms, and nothing knows the pages."""

FORMS_KNOW = {"errors", "events", "models", "rules", "forms", "cards"}
"""Forms describe shape and wording; they neither ask the database nor change it. (``cards`` only computes codes.)"""


def complain(problems: list[str], reason: str) -> None:
    """Fail with every place and the reason for the rule."""
    assert not problems, "\n".join([reason, *problems])


def allowed(package: str) -> set[str]:
    """The packages that a package may import."""
    if package in FEATURES:
        return {package, "settings", *SHARED, *FEATURES[package]}
    if package in SHARED:
        return {"settings", *SHARED[: SHARED.index(package) + 1]}
    return {"settings"}


def features() -> list[Module]:
    """Every module that is not one of the root's (the application, its settings, its wiring)."""
    return [each for each in modules() if each.package in FEATURES or each.package in SHARED]


def test_every_package_has_its_place() -> None:
    unknown = {each.package for each in modules()} - {"", "settings", "wiring"} - FEATURES.keys() - set(SHARED)
    assert not unknown, f"Give {unknown} a place in SHARED or FEATURES: a newcomer reads the packages as a story."


def test_packages_import_only_what_is_to_their_left() -> None:
    problems = [
        f"{each.place}:{line} imports {name}"
        for each in features()
        for name, line in each.own_imports()
        if name.split(".")[1] not in allowed(each.package)
    ]
    complain(problems, "Data flows from left to right; news to the left travels by the table of events in wiring.py.")


def test_only_the_application_imports_the_wiring() -> None:
    problems = [each.place for each in modules() for name, _line in each.own_imports() if name == "integration.wiring"]
    assert problems == ["integration/__init__.py"]


def test_features_offer_each_other_no_pages() -> None:
    problems = [
        f"{each.place}:{line} imports {name}"
        for each in features()
        for name, line in each.own_imports()
        if name.split(".")[1] in FEATURES and name.split(".")[1] != each.package and role_of(name) not in ACROSS
    ]
    complain(problems, f"Across features only {', '.join(sorted(ACROSS))} may be imported.")


def test_inside_a_feature_imports_go_from_pages_to_models() -> None:
    problems = [
        f"{each.place}:{line} imports {name}"
        for each in modules()
        if each.package in FEATURES and each.role in LEFT_OF
        for name, line in each.own_imports()
        if name.split(".")[1] == each.package and LEFT_OF.get(role_of(name), 0) > LEFT_OF[each.role]
    ]
    complain(problems, "Inside a feature: pages use forms, services, queries, rules, models, in this order.")


def test_forms_neither_ask_nor_save() -> None:
    problems = [
        f"{each.place}:{line} imports {name}"
        for each in modules()
        if each.package in FEATURES and each.role == "forms"
        for name, line in each.own_imports()
        if name.split(".")[1] in FEATURES and role_of(name) not in FORMS_KNOW
    ]
    complain(problems, "A form describes shape and wording; the page hands it its choices and does the saving.")


def test_only_pages_and_commands_know_flask() -> None:
    free = {"kernel", "i18n", "web", "wiring", ""}
    problems = [
        f"{each.place}:{line} imports {name}"
        for each in modules()
        if each.package not in free and each.role not in VIEWS
        for name, line in each.imports()
        if name.startswith(("flask", "werkzeug", "wtforms"))
    ]
    complain(problems, "Below the pages nothing knows of requests: jobs, commands and tests call it too.")


def test_rules_know_no_database() -> None:
    kept_apart = ("sqlalchemy", "integration.kernel.database", "integration.web")
    problems = [
        f"{each.place}:{line} imports {name}"
        for each in modules()
        if each.package in FEATURES and each.role == "rules"
        for name, line in each.imports()
        if name.startswith(kept_apart) and not _only_for_a_type(each, name)
    ]
    complain(problems, "Rules are pure: no database, no request, no clock; so they are boring to test.")


def test_modules_form_no_circle() -> None:
    graph = {each.name: {name for name, _line in each.own_imports() if name != each.name} for each in modules()}
    graph = {name: {each for each in targets if each in module_names()} for name, targets in graph.items()}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as circle:
        raise AssertionError(f"Modules that need each other are one module: {' < '.join(circle.args[1])}") from circle


def test_packages_form_no_circle() -> None:
    graph: dict[str, set[str]] = {}
    for each in features():
        graph.setdefault(each.package, set()).update(
            name.split(".")[1] for name, _line in each.own_imports() if name.split(".")[1] != each.package
        )
    tuple(TopologicalSorter(graph).static_order())


def _only_for_a_type(module: Module, name: str) -> bool:
    """``Texts`` names the shape of texts in several languages; it is a dictionary, no database."""
    text = module.path.read_text(encoding="utf-8")
    return name == "integration.kernel.database" and "from integration.kernel.database import Texts\n" in text
