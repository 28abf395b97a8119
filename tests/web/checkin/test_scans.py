"""The door's API over HTTP."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession
from werkzeug.test import TestResponse

from integration.checkin.errors import UnknownDevice
from integration.checkin.queries import people_in
from integration.checkin.services import Batch, mark_held, record_together
from integration.indicators.models import FoldedSession
from integration.indicators.services import fold_due
from integration.kernel.clock import utc_now
from integration.kernel.database import transaction, writing
from tests.factories.checkin import make_card_with_places, make_device, make_running_session, scan_of
from tests.web.registration.signing_up import statements

ADDRESS = "/api/v1/door/scans"
TOKEN = "TOKEN-OF-THE-DOOR"


def send(client: FlaskClient, body: Any, token: str | None = TOKEN) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.post(ADDRESS, data=body if isinstance(body, bytes | str) else json.dumps(body), headers=headers)


def answers_in(response: TestResponse) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = response.get_json()
    return answers


def test_a_check_in_over_http(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card, _ = make_card_with_places(db_session, session, 2, 1)
    with statements(app) as sent:
        response = send(client, [scan_of(card)])
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert answers_in(response)[0]["result"] == "accepted"
    assert len(sent) <= 4
    assert people_in(db_session, session.id) == (2, 1)
    counted = client.get("/api/v1/door/count", headers={"Authorization": f"Bearer {TOKEN}"})
    assert counted.json == {"adults": 2, "children": 1, "in": 3, "total": 3, "capacity": session.places.capacity}


@pytest.mark.parametrize("token", [None, "NOBODY", "å", " "])
def test_strangers_are_told_so(client: FlaskClient, db_session: DbSession, token: str | None) -> None:
    response = send(client, [scan_of(kind="walk_in")], token and token.encode().decode("latin-1"))
    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["status"] == 401
    assert client.get("/api/v1/door/count").status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"{}", 400),
        (b'"scan"', 400),
        (b"null", 400),
        (b"\xff\xfe\x00", 400),
        (b"[" * 100_000, 400),
        (b"[]", 200),
        (b"[1, null, [], {}]", 200),
        (b'[{"id": "' + b"9" * 40 + b'", "adults": ' + b"9" * 5000 + b"}]", 200),
        (b'[{"id": "\\ud800", "adults": NaN}]', 200),
        (json.dumps([{}] * 2001).encode(), 413),
        (b"[" + b" " * 1_100_000 + b"]", 413),
    ],
)
def test_hostile_bodies_get_a_clear_answer(
    client: FlaskClient, db_session: DbSession, body: bytes, status: int
) -> None:
    make_device(db_session, make_running_session(db_session), TOKEN)
    response = send(client, body)
    assert response.status_code == status
    if status == 200:
        assert all(answer["result"] == "malformed" for answer in answers_in(response))
    else:
        assert response.mimetype == "application/problem+json"


def test_eight_phones_at_once_lose_nobody(app: Flask, db_session: DbSession) -> None:
    session = make_running_session(db_session, capacity=None)
    tokens = [f"DOOR-{number}" for number in range(3)]
    for token in tokens:
        make_device(db_session, session, token)
    cards = [make_card_with_places(db_session, session, 2, 1)[0] for _ in range(10)]
    db_session.commit()

    def phone(number: int) -> list[str]:
        client = app.test_client(use_cookies=False)
        results = [send(client, [scan_of(cards[0])], "NOBODY's").status]
        for card in cards:
            response = send(client, [scan_of(card), {"id": "no id"}], tokens[number % 3])
            results += [answer["result"] for answer in answers_in(response)]
        return results

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(phone, range(8)))
    told = [each for result in results for each in result]
    assert all(result[0].startswith("401") for result in results)
    assert told.count("malformed") == told.count("accepted") + told.count("already") == 80
    assert told.count("accepted") >= 10, "two doors may both be first in the same moment; the count knows better"
    db_session.rollback()
    assert people_in(db_session, session.id) == (20, 10)


def test_a_scan_that_arrives_late_takes_its_session_out_of_the_sums(
    app: Flask, client: FlaskClient, db_session: DbSession
) -> None:
    session = make_running_session(db_session, starts_at=utc_now() - timedelta(hours=6))
    make_device(db_session, session, TOKEN)
    in_time, late = (scan_of(kind="walk_in", scanned_at=session.starts_at.isoformat()) for _ in range(2))
    assert send(client, [in_time]).status_code == 200
    with app.app_context(), transaction() as own:
        mark_held(own, utc_now())
        fold_due(own, utc_now())
    assert db_session.get(FoldedSession, session.id)
    assert answers_in(send(client, [late]))[0]["result"] == "accepted"
    assert db_session.get(FoldedSession, session.id) is None


def test_doors_that_report_at_the_same_moment_get_their_own_answers(app: Flask, db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card, _ = make_card_with_places(db_session, session, 2, 1)
    db_session.commit()
    lines = [[scan_of(card)], [scan_of(kind="walk_in")], [{"id": "?"}], [scan_of(card)], [], [scan_of(card)] * 2]
    tokens = [TOKEN, "NOBODY", TOKEN, TOKEN, TOKEN, TOKEN]
    batches = [Batch(token, items, utc_now()) for token, items in zip(tokens, lines, strict=True)]
    with app.app_context(), writing() as connection:
        told = record_together(connection, batches)
    results = [each if isinstance(each, Exception) else [line["result"] for line in each] for each in told]
    assert isinstance(results.pop(1), UnknownDevice)
    assert results == [["accepted"], ["malformed"], ["already"], [], ["already", "already"]]
    assert people_in(db_session, session.id) == (2, 1)
