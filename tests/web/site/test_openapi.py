"""The description of the API says what there is, and what is answered is what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.kernel.clock import utc_now
from integration.programme.programme_file import read_programme
from integration.programme.services import load_programme
from integration.web.openapi import description
from tests.factories.checkin import make_card_with_places, make_device, make_running_session, scan_of

TOKEN = "TOKEN-OF-THE-DOOR"
VAASA = Path(__file__).resolve().parents[3] / "programmes" / "vaasa-2023-2026.yaml"
METHODS = {"get", "post", "put", "delete", "patch"}


def described() -> dict[str, set[str]]:
    return {path: METHODS & set(item) for path, item in description()["paths"].items()}


def served(app: Flask) -> dict[str, set[str]]:
    return {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule): {each.lower() for each in rule.methods or ()} & METHODS
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "$ref")
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def conforms(answer: Any, path: str, method: str = "get", status: str = "200") -> None:
    (content,) = description()["paths"][path][method]["responses"][status]["content"].values()
    schema = {**content["schema"], "components": description()["components"]}
    jsonschema.Draft202012Validator(schema).validate(answer)


def test_it_describes_every_address_and_no_other(app: Flask) -> None:
    assert described() == served(app)


def test_it_points_only_at_what_it_says() -> None:
    for reference in references(description()):
        node: Any = description()
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


def test_every_schema_is_one() -> None:
    for schema in description()["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_it_is_served_with_our_own_address(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"Host": "elsewhere.test"})
    assert answer.get_json()["servers"] == [{"url": app.extensions["settings"].base_url}]
    assert client.get("/api/v1/openapi.json", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_door_answers_as_described(client: FlaskClient, db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN, may_search=True)
    card, _ = make_card_with_places(db_session, session, 2, 1)
    sent = [scan_of(card), {"id": "no identifier"}]
    door = {"Authorization": f"Bearer {TOKEN}"}
    answer = client.post("/api/v1/door/scans", data=json.dumps(sent), headers=door)
    conforms(answer.get_json(), "/api/v1/door/scans", "post")
    for name in ("session", "roster", "count"):
        path = f"/api/v1/door/{name}"
        conforms(client.get(path, headers=door).get_json(), path)
    conforms(client.get("/api/v1/door/search?q=ab", headers=door).get_json(), "/api/v1/door/search")


def test_errors_are_as_described(client: FlaskClient) -> None:
    problem = description()["components"]["responses"]["Problem"]["content"]["application/problem+json"]["schema"]
    answer = client.get("/api/v1/door/count")
    assert answer.mimetype == "application/problem+json"
    schema = {**problem, "components": description()["components"]}
    jsonschema.Draft202012Validator(schema).validate(answer.get_json())


@pytest.mark.parametrize("path", ["/api/v1/sessions.json", "/api/v1/openapi.json", "/api/v1/programme.schema.json"])
def test_open_data_is_as_described(path: str, client: FlaskClient, db_session: DbSession) -> None:
    make_running_session(db_session)
    conforms(json.loads(client.get(path).data), path)


def test_figures_are_as_described(client: FlaskClient, db_session: DbSession) -> None:
    load_programme(db_session, read_programme(VAASA.read_bytes()), utc_now())
    answer = client.get("/api/v1/programmes/vaasa-2023-2026/indicators.json").get_json()
    assert answer["indicators"]
    conforms(answer, "/api/v1/programmes/{programme}/indicators.json")
