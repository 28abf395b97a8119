"""Default-deny, held over the whole map of addresses."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from integration.accounts.rules import Permission
from integration.web.access import DOOR_DEVICE, declared_access
from integration.wiring import CSRF_EXEMPT, csrf
from tests.architecture.reading import modules
from tests.architecture.test_imports import complain

SAFE = {"GET", "HEAD", "OPTIONS"}
REFUSED = {400, 401, 403, 404, 405, 415}


def rules(app: Flask) -> Iterator[Rule]:
    """Every address of the application."""
    return app.url_map.iter_rules()


def test_every_endpoint_says_who_may_use_it(wired: Flask) -> None:
    problems = [
        f"{rule} ({rule.endpoint})"
        for rule in rules(wired)
        if declared_access(wired.view_functions[rule.endpoint]) is None
    ]
    complain(
        problems, "Put @public, @requires(Permission.X) or @door_device under the route; without it, nobody enters."
    )


def test_staff_pages_are_never_public(wired: Flask) -> None:
    problems = [
        f"{rule} ({rule.endpoint})"
        for rule in rules(wired)
        if ("/staff/" in rule.rule or rule.endpoint.split(".")[0].endswith("_staff"))
        and not isinstance(declared_access(wired.view_functions[rule.endpoint]), Permission)
    ]
    complain(problems, "A staff page requires a permission.")


def test_only_what_a_bearer_token_protects_goes_without_a_form_token(wired: Flask) -> None:
    assert wired.config.get("WTF_CSRF_ENABLED", True)
    assert wired.config.get("WTF_CSRF_CHECK_DEFAULT", True)
    assert csrf._exempt_views == set(CSRF_EXEMPT), "What needs no form token stands in wiring.CSRF_EXEMPT, with why."
    assert not csrf._exempt_blueprints
    for name in CSRF_EXEMPT:
        views = [view for view in wired.view_functions.values() if f"{view.__module__}.{view.__name__}" == name]
        assert views, f"{name} is no view any more: take it out of CSRF_EXEMPT."
        assert all(declared_access(view) == DOOR_DEVICE for view in views)


def test_nothing_is_changed_without_a_form_token(app: Flask, client: FlaskClient) -> None:
    problems = []
    for rule in rules(app):
        for method in (rule.methods or set()) - SAFE:
            path = app.url_map.bind("").build(rule.endpoint, _values(rule), method=method)
            status = client.open(path, method=method).status_code
            if status not in REFUSED:
                problems.append(f"{method} {path}: {status}")
    complain(problems, "A form sent from another site must change nothing.")


def test_a_stranger_reads_no_staff_page(app: Flask, client: FlaskClient) -> None:
    problems = []
    for rule in rules(app):
        if isinstance(declared_access(app.view_functions[rule.endpoint]), Permission) and "GET" in (rule.methods or ()):
            path = app.url_map.bind("").build(rule.endpoint, _values(rule))
            answer = client.get(path)
            if answer.status_code != 401 and "/sign-in?onward=" not in (answer.location or ""):
                problems.append(f"{path}: {answer.status_code}")
    complain(problems, "A stranger is sent to sign in.")


def test_every_permission_opens_something(wired: Flask) -> None:
    asked = {declared_access(view) for view in wired.view_functions.values()}
    narrowed = "".join(each.path.read_text(encoding="utf-8") for each in modules() if each.package != "accounts")
    unused = [str(each) for each in Permission if each not in asked and f"Permission.{each.name}" not in narrowed]
    complain(unused, "A permission that opens nothing promises something that is not there.")


def _values(rule: Rule) -> dict[str, object]:
    """Something for every part of the address."""
    return {name: "sv" if name == "language" else "1" for name in rule.arguments}
