"""What happens at the very same moment: two phones on one link, an undo with its scan."""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session as DbSession

from integration.checkin.models import DoorDevice, DoorLink
from integration.checkin.queries import people_in
from integration.checkin.services import attendance_rows, record_scans
from integration.kernel.clock import utc_now
from integration.kernel.database import transaction
from tests.factories.checkin import make_card_with_places, make_device, make_running_session, scan_id, scan_of
from tests.web.checkin.test_door_devices import make_link
from tests.web.registration.signing_up import hidden_fields

TOKEN = "TOKEN-OF-THE-DOOR"
ROUNDS = 12


def at_once(*deeds: Any) -> list[Any]:
    """Let all of them begin in the same moment."""
    gate = threading.Barrier(len(deeds))

    def begin(deed: Any) -> Any:
        gate.wait(timeout=30)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [each.result() for each in [threads.submit(begin, deed) for deed in deeds]]


def test_of_phones_on_one_link_exactly_one_wins(app: Flask, db_session: DbSession) -> None:
    session = make_running_session(db_session)
    secret = make_link(db_session, session)
    db_session.commit()
    phones = [app.test_client() for _ in range(5)]
    forms = [hidden_fields(phone.get(f"/door/{secret}").get_data(as_text=True)) for phone in phones]
    pairs = zip(phones, forms, strict=True)
    answers = at_once(*[lambda p=p, f=f: p.post(f"/door/{secret}", data=f) for p, f in pairs])
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410, 410]
    db_session.rollback()
    assert len(db_session.scalars(sa.select(DoorDevice)).all()) == 1
    live = db_session.scalars(sa.select(DoorLink).where(DoorLink.used_at.is_(None))).all()
    assert len(live) == 1


def test_an_undo_at_the_same_moment_as_its_scan_is_never_missed(app: Flask, db_session: DbSession) -> None:
    """Over two connections, again and again, cards and walk-ins: whoever comes first, nobody is counted."""
    session = make_running_session(db_session, capacity=None)
    make_device(db_session, session, TOKEN)
    make_device(db_session, session, "OTHER")
    cards = [make_card_with_places(db_session, session, 1, 0)[0] for _ in range(ROUNDS)]
    db_session.commit()

    def send(token: str, *scans: dict[str, Any]) -> str:
        client = app.test_client(use_cookies=False)
        return client.post(
            "/api/v1/door/scans", data=json.dumps(scans), headers={"Authorization": f"Bearer {token}"}
        ).status

    for number, card in enumerate(cards):
        scan = scan_of(card, id=scan_id(number)) if number % 2 else scan_of(kind="walk_in", id=scan_id(number))
        undo = scan_of(undoes=scan_id(number))
        assert at_once(lambda s=scan: send(TOKEN, s), lambda u=undo: send("OTHER", u)) == ["200 OK", "200 OK"]
        db_session.rollback()
        assert people_in(db_session, session.id).total == 0, f"round {number}"


@pytest.mark.parametrize("first", ["scan", "undo"])
def test_an_undo_waits_for_its_scan_and_a_scan_for_its_undo(
    app: Flask, db_session: DbSession, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """The exact moment: the first has read, and stored nothing yet, when the second begins."""
    session = make_running_session(db_session, capacity=None)
    make_device(db_session, session, TOKEN)
    make_device(db_session, session, "OTHER")
    card, _ = make_card_with_places(db_session, session, 2, 1)
    db_session.commit()
    lines = {"scan": scan_of(card, id=scan_id(1)), "undo": scan_of(undoes=scan_id(1))}
    second = "undo" if first == "scan" else "scan"
    has_read, may_store = threading.Event(), threading.Event()
    insert = attendance_rows.insert_scans

    def slow_insert(connection: sa.Connection, rows: list[dict[str, Any]]) -> dict[str, bool]:
        if rows[0]["id"] == lines[first]["id"]:
            has_read.set()
            may_store.wait(timeout=30)
        return insert(connection, rows)

    monkeypatch.setattr(sys.modules[record_scans.__module__], "insert_scans", slow_insert)

    def send(token: str, name: str) -> None:
        with app.app_context(), transaction() as own:
            record_scans(own, token, [lines[name]], utc_now())

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(send, TOKEN, first)
        assert has_read.wait(timeout=30)
        two = threads.submit(send, "OTHER", second)
        assert not two.done(), "it waits its turn"
        may_store.set()
        one.result(timeout=30)
        two.result(timeout=30)
    db_session.rollback()
    assert people_in(db_session, session.id).total == 0
