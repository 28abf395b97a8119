"""Fifty families want the last three places, all at once, at the running server."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import sqlalchemy as sa
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import SessionPlaces
from integration.registration.models import Card, Household, Registration
from tests.factories.activities import make_session
from tests.fixtures.servers import Server

FAMILIES, PLACES = 50, 3
FIELD = r'name="{}"[^>]*value="([^"]*)"'


def test_fifty_at_once_for_the_last_three_places(server: Callable[..., Server], db_session: DbSession) -> None:
    """Three get in, forty-seven read a clear page, nothing breaks, and counter and rows agree."""
    session = make_session(db_session, capacity=20, taken=20 - PLACES)
    db_session.commit()
    answers = at_once(f"{server().url}/en/sessions/{session.key}", [one_form] * FAMILIES)
    assert Counter(answer.status_code for answer in answers) == {303: PLACES, 409: FAMILIES - PLACES}
    for answer in answers:
        assert answer.status_code == 303 or "Full right now." in answer.text
    rows = db_session.execute(sa.select(sa.func.sum(Registration.adults), sa.func.count(Registration.id))).one()
    assert tuple(rows) == (PLACES, PLACES)
    assert taken(db_session, session.id) == 20
    assert count(db_session, Household) == count(db_session, Card) == PLACES


def test_one_form_sent_ten_times_at_once(server: Callable[..., Server], db_session: DbSession) -> None:
    """An impatient thumb: one registration, and every answer leads to it."""
    session = make_session(db_session, capacity=20)
    db_session.commit()
    address = f"{server().url}/en/sessions/{session.key}"
    with httpx.Client() as client:
        form = filled(client.get(address).text)
        cookies = dict(client.cookies)
    answers = at_once(address, [lambda _client, _address: form] * 10, cookies)
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert count(db_session, Registration) == count(db_session, Household) == 1
    assert taken(db_session, session.id) == 1


Filling = Callable[[httpx.Client, str], dict[str, str]]


def at_once(address: str, people: list[Filling], cookies: dict[str, str] | None = None) -> list[httpx.Response]:
    """Let everybody fill the form in, then send them all in the same moment."""
    gate = threading.Barrier(len(people))

    def send(fill: Filling) -> httpx.Response:
        with httpx.Client(cookies=cookies, timeout=30) as client:
            form = fill(client, address)
            gate.wait(timeout=60)
            return client.post(address, data=form)

    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(send, people))


def one_form(client: httpx.Client, address: str) -> dict[str, str]:
    """Open the page and fill the form in for one adult."""
    return filled(client.get(address).text)


def filled(page: str) -> dict[str, str]:
    """The form of a page, filled in for one adult."""
    hidden = {name: re.findall(FIELD.format(name), page)[0] for name in ("csrf_token", "form_token")}
    return {**hidden, "name": "Amina", "adults": "1", "children": "0"}


def count(db_session: DbSession, table: type[Household] | type[Card] | type[Registration]) -> int:
    """How many rows a table has."""
    return db_session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def taken(db_session: DbSession, session_id: int) -> int:
    """The session's own counter."""
    return db_session.scalars(sa.select(SessionPlaces.taken).where(SessionPlaces.session_id == session_id)).one()
