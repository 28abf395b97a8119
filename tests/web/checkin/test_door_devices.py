"""What paired phones ask: their door, the next one, the roster, a name; and the link that pairs them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession
from werkzeug.test import TestResponse

from integration.accounts.rules import Actor, Role
from integration.activities.models import Session, SessionStatus
from integration.audit.models import AuditEntry
from integration.checkin.models import DoorDevice, DoorLink
from integration.checkin.services import link_secret, renew_link, revoke_door
from integration.kernel.clock import utc_now
from integration.kernel.tokens import digest
from tests.factories.activities import make_activity
from tests.factories.checkin import make_card_with_places, make_device, make_running_session, scan_of
from tests.fixtures.settings import CARD_KEY
from tests.web.registration.signing_up import hidden_fields

TOKEN = "TOKEN-OF-THE-DOOR"
COORDINATOR = Actor(1, ((Role.COORDINATOR, None),))


def ask(client: FlaskClient, path: str, token: str = TOKEN, **headers: str) -> TestResponse:
    return client.get(f"/api/v1/door/{path}", headers={"Authorization": f"Bearer {token}", **headers})


def make_link(db_session: DbSession, session: Session, *, may_search: bool = False) -> str:
    link = renew_link(db_session, COORDINATOR, session, CARD_KEY, utc_now(), may_search=may_search)
    return link_secret(CARD_KEY, link.id)


def start(client: FlaskClient, secret: str) -> TestResponse:
    fields = hidden_fields(client.get(f"/door/{secret}").get_data(as_text=True))
    return client.post(f"/door/{secret}", data=fields)


def token_of(page: TestResponse) -> str:
    return page.get_data(as_text=True).partition('data-door-token="')[2].partition('"')[0]


def test_a_link_pairs_one_phone_and_the_next_link_is_there(client: FlaskClient, db_session: DbSession) -> None:
    session = make_running_session(db_session, title={"sv": "Kafé", "fi": "Kahvila", "en": "Café"})
    secret = make_link(db_session, session, may_search=True)
    opened = client.get(f"/door/{secret}?lang=en")
    assert (opened.status_code, opened.headers["Cache-Control"]) == (200, "no-store")
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert "Café" in opened.get_data(as_text=True)
    assert db_session.scalars(sa.select(DoorDevice)).all() == [], "looking pairs nothing"
    paired = start(client, secret)
    assert (paired.status_code, paired.headers["Cache-Control"]) == (200, "no-store")
    told = ask(client, "session", token_of(paired)).get_json()
    assert told["session"]["key"] == session.key
    assert told["device"]["name"] == "A"
    assert told["device"]["may_search"] is True
    used, live = db_session.scalars(sa.select(DoorLink).order_by(DoorLink.used_at.is_(None))).all()
    assert (used.used_at is None, live.used_at, live.may_search) == (False, None, True)
    again = client.get(f"/door/{secret}?lang=en")
    assert again.status_code == 410
    assert "This link has been used." in again.get_data(as_text=True)
    assert "Café" not in again.get_data(as_text=True)
    assert session.key not in again.get_data(as_text=True)
    paired = start(client, link_secret(CARD_KEY, live.id))
    assert ask(client, "session", token_of(paired)).get_json()["device"]["name"] == "B"


def test_no_secret_lies_in_the_database(client: FlaskClient, db_session: DbSession) -> None:
    secret = make_link(db_session, make_running_session(db_session))
    token = token_of(start(client, secret))
    connection = db_session.connection()
    for table in sa.inspect(connection).get_table_names():
        for row in connection.execute(sa.text(f'SELECT * FROM "{table}"')):
            assert secret not in str(row)
            assert token not in str(row)
    assert db_session.scalar(sa.select(DoorLink.id).where(DoorLink.secret_digest == digest(secret)))


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("starts_in", "status", "words"),
    [
        (timedelta(minutes=61), 403, "Too early."),
        (timedelta(minutes=59), 200, "Start"),
        (-3 * HOUR + timedelta(minutes=61), 200, "Start"),
        (-4 * HOUR - timedelta(minutes=1), 410, "This link is over."),
    ],
)
def test_links_work_from_an_hour_before_to_two_hours_after(
    client: FlaskClient, db_session: DbSession, starts_in: timedelta, status: int, words: str
) -> None:
    session = make_running_session(db_session)
    secret = make_link(db_session, session)
    session.starts_at, session.ends_at = utc_now() + starts_in, utc_now() + starts_in + 2 * HOUR
    page = client.get(f"/door/{secret}?lang=en")
    assert page.status_code == status
    assert words in page.get_data(as_text=True)
    fields = hidden_fields(client.get("/en/sign-in").get_data(as_text=True))
    assert client.post(f"/door/{secret}", data=fields).status_code == (200 if status == 200 else 403)
    assert len(db_session.scalars(sa.select(DoorDevice)).all()) == (status == 200)


def test_revoked_replaced_cancelled_and_invented_links_show_nothing(client: FlaskClient, db_session: DbSession) -> None:
    session = make_running_session(db_session)
    first = make_link(db_session, session)
    second = make_link(db_session, session)
    fields = hidden_fields(client.get("/en/sign-in").get_data(as_text=True))
    for secret, status in ((first, 410), ("NOBODY", 404), (second, 410)):
        if secret == second:
            session.status = SessionStatus.CANCELLED
        page = client.get(f"/door/{secret}?lang=en")
        assert page.status_code == status
        assert session.key not in page.get_data(as_text=True)
        assert client.post(f"/door/{secret}", data=fields).status_code == status
    assert db_session.scalars(sa.select(DoorDevice)).all() == []


def test_a_guesser_is_slowed_down(client: FlaskClient, db_session: DbSession) -> None:
    fields = hidden_fields(client.get("/en/sign-in").get_data(as_text=True))
    statuses = [client.post(f"/door/GUESS{number}", data=fields).status_code for number in range(61)]
    assert statuses[:60] == [404] * 60
    assert statuses[60] == 429


WINDOW: list[Any] = [
    # opens in, closes in, revoked: session, roster, count
    (-HOUR, HOUR, False, 200, 200, 200),
    (HOUR, 2 * HOUR, False, 200, 403, 200),
    (-2 * HOUR, -HOUR, False, 200, 403, 200),
    (-400 * HOUR, -340 * HOUR, False, 401, 401, 401),
    (-HOUR, HOUR, True, 200, 403, 403),
    (-2 * HOUR, -HOUR, True, 401, 401, 401),
]


@pytest.mark.parametrize(("opens", "closes", "revoked", "session_status", "roster_status", "count_status"), WINDOW)
def test_what_a_phone_is_told_and_when(
    client: FlaskClient,
    db_session: DbSession,
    opens: timedelta,
    closes: timedelta,
    revoked: bool,
    session_status: int,
    roster_status: int,
    count_status: int,
) -> None:
    now = utc_now()
    session = make_running_session(db_session)
    over = {"opens_at": now + opens, "closes_at": now + closes, "revoked_at": now if revoked else None}
    make_device(db_session, session, TOKEN, may_search=True, **over)
    asked = {path: ask(client, path) for path in ("session", "roster", "count", "search?q=am")}
    assert asked["session"].status_code == session_status
    assert asked["roster"].status_code == roster_status
    assert asked["count"].status_code == count_status
    assert asked["search?q=am"].status_code == roster_status
    sent = client.post(
        "/api/v1/door/scans", json=[scan_of(kind="walk_in")], headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert sent.status_code == 200, "no fact is ever refused"
    assert all(each.mimetype == "application/problem+json" for each in asked.values() if each.status_code >= 400)


def test_revoking_works_at_once_at_every_door_of_that_phone(client: FlaskClient, db_session: DbSession) -> None:
    activity = make_activity(db_session)
    first = make_running_session(db_session, activity=activity)
    second = make_running_session(db_session, activity=activity)
    device = make_device(db_session, first, TOKEN)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert [each["key"] for each in ask(client, "session").get_json()["next"]] == [second.key]
    moved = client.post("/api/v1/door/moves", json={"session": second.key}, headers=headers)
    assert moved.status_code == 201
    token = moved.get_json()["token"]
    assert ask(client, "session", token).get_json()["session"]["key"] == second.key
    assert ask(client, "session", token).get_json()["device"]["name"] == device.name
    revoke_door(db_session, COORDINATOR, first, device.id, utc_now())
    for each in (TOKEN, token):
        assert ask(client, "session", each).get_json()["device"]["revoked"] is True
        assert ask(client, "roster", each).status_code == 403
    assert client.post("/api/v1/door/moves", json={"session": second.key}, headers=headers).status_code == 403


def test_a_phone_moves_only_inside_its_organisation_and_the_hours(client: FlaskClient, db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    other = make_running_session(db_session)
    later = make_running_session(db_session, activity=session.activity, starts_at=utc_now() + 2 * HOUR)
    off = make_running_session(db_session, activity=session.activity, status=SessionStatus.CANCELLED)
    db_session.flush()
    for key, status in ((other.key, 404), ("nothing", 404), (later.key, 403), (off.key, 403)):
        assert client.post("/api/v1/door/moves", json={"session": key}, headers=headers).status_code == status
    for body in (b"", b"[]", b'{"session": 7}', b"{"):
        assert client.post("/api/v1/door/moves", data=body, headers=headers).status_code == 400


def test_count_and_roster_are_told_once(client: FlaskClient, db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card, _ = make_card_with_places(db_session, session, 2, 1)
    for path in ("count", "roster"):
        first = ask(client, path)
        tag = first.headers["ETag"]
        assert ask(client, path, **{"If-None-Match": tag}).status_code == 304
        zipped = ask(client, path, **{"Accept-Encoding": "gzip"}).headers["ETag"]
        assert ask(client, path, **{"If-None-Match": zipped, "Accept-Encoding": "gzip"}).status_code == 304
        client.post("/api/v1/door/scans", json=[scan_of(card)], headers={"Authorization": f"Bearer {TOKEN}"})
        assert ask(client, path, **{"If-None-Match": tag}).status_code == 200
        client.post("/api/v1/door/scans", json=[scan_of(card)], headers={"Authorization": f"Bearer {TOKEN}"})


def test_a_name_is_found_by_phones_that_may_and_leaves_a_trace(client: FlaskClient, db_session: DbSession) -> None:
    session, other = make_running_session(db_session), make_running_session(db_session)
    make_device(db_session, session, TOKEN, may_search=True)
    make_device(db_session, session, "MAY-NOT")
    _card, registration = make_card_with_places(db_session, session, 2, 1)
    registration.household.name = "Örjan 100%"
    make_card_with_places(db_session, other, 1, 0)
    (hit,) = ask(client, "search?q=öRJ").get_json()
    assert (hit["name"], hit["adults"], hit["children"]) == ("Örjan 100%", 2, 1)
    assert hit["arrived"] == {"adults": 0, "children": 0}
    for nobody in ("search?q=a", "search?q=Amina", "search?q=%25%25", "search"):
        assert ask(client, nobody).get_json() == []
    assert ask(client, "search?q=Ör", "MAY-NOT").status_code == 403
    searched = sa.select(AuditEntry).where(AuditEntry.action == "checkin.door_searched").order_by(AuditEntry.id)
    entries = db_session.scalars(searched).all()
    assert [entry.facts["rows"] for entry in entries] == [1, 0, 0]
    assert "rjan" not in str([entry.facts for entry in entries])
    scan = {"id": scan_of()["id"], "ref": hit["ref"]}
    sent = client.post("/api/v1/door/scans", json=[scan], headers={"Authorization": f"Bearer {TOKEN}"})
    assert sent.get_json()[0]["added"] == {"adults": 2, "children": 1}
    assert {ask(client, "search?q=nn").status_code for _ in range(41)} == {200, 429}


def test_an_empty_batch_says_that_the_phone_is_there(client: FlaskClient, db_session: DbSession) -> None:
    device = make_device(db_session, make_running_session(db_session), TOKEN)
    assert client.post("/api/v1/door/scans", json=[], headers={"Authorization": f"Bearer {TOKEN}"}).get_json() == []
    seen_at = db_session.scalar(sa.select(DoorDevice.seen_at).where(DoorDevice.id == device.id))
    assert isinstance(seen_at, datetime)
