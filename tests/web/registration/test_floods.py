"""Eighty families behind one school's Wi-Fi get their places; a bot's five hundred seats are held and go at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession
from werkzeug.test import TestResponse

from integration.accounts.rules import Role
from integration.activities.models import Session, SessionPlaces, Slot
from integration.activities.queries import slots_of
from integration.audit.models import AuditEntry
from integration.kernel.clock import utc_now
from integration.kernel.rate_limits import Limit
from integration.mail.models import OutboxMessage
from integration.registration.models import HeldSignUp, Hold, Household, Registration, SignUpOrigin, WaitingEntry
from integration.registration.services import forget_origins
from tests.factories.activities import make_activity, make_session, make_slots
from tests.web.registration.signing_up import hidden_fields, open_form, post, sign_in_staff

SCHOOL, BOT = "203.0.113.7", "198.51.100.66"
NewClient = Callable[[], FlaskClient]


@pytest.fixture
def small_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times twelve is a crowd and the fifth a flood, where the numbers themselves are not what is tested."""
    monkeypatch.setattr("integration.registration.rules.floods.FLOOD_PEOPLE", 48)


def sign_up_from(client: FlaskClient, session: Session, address: str, **answers: Any) -> str:
    """Sign up from this address; returns where the answer leads."""
    data = {**open_form(client, session), "name": "Amina", "adults": 2, "children": 2, **answers}
    response = client.post(f"/en/sessions/{session.key}", data=data, environ_overrides={"REMOTE_ADDR": address})
    assert response.status_code == 303, response.get_data(as_text=True)
    return response.location or ""


def places(db_session: DbSession, session: Session) -> SessionPlaces:
    return db_session.scalars(sa.select(SessionPlaces).where(SessionPlaces.session_id == session.id)).one()


def count(db_session: DbSession, table: type[Any], *conditions: Any) -> int:
    return db_session.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)) or 0


def the_bot(new_client: NewClient, session: Session, seats: int = 500) -> str:
    """Take so many seats, twelve at a time, each time as somebody new."""
    location = ""
    for number in range(-(-seats // 12)):
        answers = {"name": f"Bot {number}", "adults": 12, "children": 0, "email": f"bot{number}@example.com"}
        location = sign_up_from(new_client(), session, BOT, wait="yes", **answers)
    return location


def test_eighty_families_behind_one_wifi_all_get_their_places(new_client: NewClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=500)
    for number in range(80):
        assert "registered=" in sign_up_from(new_client(), session, SCHOOL, name=f"Family {number}", children=4)
    assert places(db_session, session).taken == 480
    assert count(db_session, HeldSignUp) == count(db_session, Hold) == 0
    assert SCHOOL not in str(db_session.execute(sa.select(SignUpOrigin.network)).all())


def test_a_bots_seats_are_held_and_removed_in_one_action(
    client: FlaskClient, new_client: NewClient, db_session: DbSession
) -> None:
    session = make_session(db_session, capacity=60)
    family = sign_up_from(new_client(), session, "192.0.2.9", email="amina@example.com")
    location = the_bot(new_client, session)
    assert (places(db_session, session).taken, places(db_session, session).waiting) == (4, 0)
    assert count(db_session, HeldSignUp) == 42
    held_page = new_client().get(location).get_data(as_text=True)
    assert "We look at this sign-up first." in held_page

    sign_in_staff(client, db_session, Role.ORGANISER, session.activity.organisation_id)
    listed = client.get(f"/en/staff/sessions/{session.key}/registrations").get_data(as_text=True)
    assert "42 sign-ups are held" in listed
    hold = db_session.scalars(sa.select(Hold)).one()
    response = post(client, f"/en/staff/held/{hold.id}/remove", f"/en/staff/held/{hold.id}")
    assert response.status_code == 303
    assert count(db_session, HeldSignUp) == 0
    assert count(db_session, Household) == 1, "a household that was nothing but flood is gone"
    assert (places(db_session, session).taken, places(db_session, session).waiting) == (4, 0)
    assert "registered=" in family
    trail = db_session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "registration.hold_removed")).one()
    assert trail.facts == {"sign_ups": 42, "people": 504}


@pytest.mark.usefixtures("small_flood")
def test_nobody_is_written_to_about_what_is_held(new_client: NewClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=2000)
    the_bot(new_client, session, seats=72)
    live = sa.select(Registration.id).where(Registration.cancelled_at.is_(None))
    assert not db_session.scalars(live).all()
    told = db_session.scalars(sa.select(OutboxMessage.kind).where(OutboxMessage.kind != "confirmation")).all()
    assert not told, "giving places back to a flood is told to nobody"
    assert count(db_session, OutboxMessage) == 4, (
        "those before the flood showed; they are outdated when their turn comes"
    )


@pytest.mark.usefixtures("small_flood")
def test_a_crowd_that_staff_know_is_accepted_in_one_action(
    client: FlaskClient, new_client: NewClient, db_session: DbSession
) -> None:
    session = make_session(db_session, capacity=40)
    the_bot(new_client, session, seats=60)
    db_session.execute(sa.update(HeldSignUp).values(created_at=utc_now()))
    hold = db_session.scalars(sa.select(Hold)).one()
    sign_in_staff(client, db_session, Role.COORDINATOR)
    assert post(client, f"/en/staff/held/{hold.id}/accept", f"/en/staff/held/{hold.id}").status_code == 303
    now = places(db_session, session)
    assert (now.taken, now.waiting) == (36, 2), "three fit, the others wait in the order of signing up"
    assert count(db_session, HeldSignUp) == 0
    waiting = sa.select(Household.name).join(WaitingEntry).where(WaitingEntry.state == "waiting")
    names = db_session.scalars(waiting.order_by(WaitingEntry.turn)).all()
    assert names == ["Bot 3", "Bot 4"], "in the order of sending, within one second too"
    assert "waiting=" in sign_up_from(new_client(), session, BOT, adults=6, wait="yes"), (
        "more from there is no flood today"
    )


@pytest.mark.usefixtures("small_flood")
def test_who_was_known_before_is_never_part_of_a_flood(new_client: NewClient, db_session: DbSession) -> None:
    session, another = make_session(db_session, capacity=600), make_session(db_session, capacity=50)
    known = new_client()
    sign_up_from(known, another, BOT)
    db_session.execute(sa.update(Household).values(created_at=utc_now() - timedelta(hours=1)))
    the_bot(new_client, session, seats=60)
    assert count(db_session, HeldSignUp) == 5
    assert "registered=" in sign_up_from(known, session, BOT, name="", **{"for": "us"})
    assert places(db_session, another).taken == 4


@pytest.mark.usefixtures("small_flood")
def test_only_its_own_organisation_decides(client: FlaskClient, new_client: NewClient, db_session: DbSession) -> None:
    activity = make_activity(db_session)
    session, elsewhere = make_session(db_session, activity=activity, capacity=900), make_session(db_session)
    the_bot(new_client, session, seats=60)
    hold = db_session.scalars(sa.select(Hold)).one()
    sign_in_staff(client, db_session, Role.ORGANISER, elsewhere.activity.organisation_id)
    assert client.get(f"/en/staff/held/{hold.id}").status_code == 404
    token = hidden_fields(client.get("/en/staff/activities").get_data(as_text=True)).get("csrf_token", "")
    assert client.post(f"/en/staff/held/{hold.id}/remove", data={"csrf_token": token}).status_code in (400, 404)
    assert count(db_session, HeldSignUp) == 5


def test_staff_hold_what_looks_wrong_to_them(client: FlaskClient, new_client: NewClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=100)
    for number in range(6):
        sign_up_from(new_client(), session, BOT, name=f"Bot {number}", adults=5, children=0)
    registration = db_session.scalars(sa.select(Registration)).first()
    assert registration
    sign_in_staff(client, db_session, Role.COORDINATOR)
    page = f"/en/staff/sessions/{session.key}/registrations/{registration.id}"
    assert "6 sign-ups came from the same network today." in client.get(page).get_data(as_text=True)
    response = post(client, f"{page}/hold", page)
    assert "/staff/held/" in (response.location or "")
    assert places(db_session, session).taken == 0
    assert count(db_session, HeldSignUp) == 6


@pytest.mark.usefixtures("small_flood")
@pytest.mark.parametrize("decided", [False, True])
def test_a_held_form_sent_again_is_answered_with_what_became_of_it(
    client: FlaskClient, new_client: NewClient, db_session: DbSession, *, decided: bool
) -> None:
    session = make_session(db_session, capacity=400)
    first, last = new_client(), new_client()
    data = {"name": "Amina", "adults": 12, "children": 0}
    forms = {first: open_form(first, session) | data}
    sends: dict[str, Any] = {"environ_overrides": {"REMOTE_ADDR": BOT}}
    first.post(f"/en/sessions/{session.key}", data=forms[first], **sends)
    the_bot(new_client, session, seats=36)
    forms[last] = open_form(last, session) | data
    answer = last.post(f"/en/sessions/{session.key}", data=forms[last], **sends)
    assert "registered=" not in (answer.location or "")
    if decided:
        hold = db_session.scalars(sa.select(Hold)).one()
        sign_in_staff(client, db_session, Role.COORDINATOR)
        post(client, f"/en/staff/held/{hold.id}/accept", f"/en/staff/held/{hold.id}")
    db_session.execute(sa.update(SignUpOrigin).values(at=utc_now() - timedelta(hours=1)))
    for each, form in forms.items():
        again = each.post(f"/en/sessions/{session.key}", data=form, **sends)
        assert again.status_code == 303
        assert ("registered=" in (again.location or "")) is decided
    assert count(db_session, Household) == 5
    assert count(db_session, Registration, Registration.cancelled_at.is_(None)) == (5 if decided else 0)
    assert count(db_session, HeldSignUp) == (0 if decided else 5)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.4", "not an address"])
def test_an_address_that_tells_nobody_apart_holds_nobody(
    new_client: NewClient, db_session: DbSession, address: str
) -> None:
    session = make_session(db_session, capacity=100)
    sign_up_from(new_client(), session, address)
    assert count(db_session, SignUpOrigin) == 0


@pytest.mark.usefixtures("small_flood")
def test_where_sign_ups_came_from_is_forgotten_after_a_day(new_client: NewClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=900)
    the_bot(new_client, session, seats=60)
    forget_origins(db_session, utc_now() + timedelta(days=1, minutes=1))
    assert count(db_session, SignUpOrigin) == 0
    assert db_session.scalars(sa.select(Hold.network)).all() == [None]
    assert count(db_session, HeldSignUp) == 5, "what is held stays until somebody has looked, or the session is over"


def test_a_series_is_one_sign_up_and_in_a_flood_held_date_by_date(
    new_client: NewClient, db_session: DbSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity, now = make_activity(db_session, series=True), utc_now()
    dates = [
        make_session(db_session, activity=activity, starts_at=now + timedelta(days=days), capacity=100)
        for days in (7, 14, 21)
    ]
    page = f"/en/activities/{activity.slug}/series"

    def join(name: str) -> None:
        client = new_client()
        fields = hidden_fields(client.get(page).get_data(as_text=True))
        data = {**fields, "name": name, "adults": 12, "children": 0, "dates": [each.key for each in dates]}
        assert client.post(page, data=data, environ_overrides={"REMOTE_ADDR": BOT}).status_code == 303

    monkeypatch.setattr("integration.registration.rules.floods.FLOOD_PEOPLE", 24)
    join("Amina")
    join("Omar")
    assert [places(db_session, each).taken for each in dates] == [24, 24, 24]
    join("Bot")
    assert [places(db_session, each).taken for each in dates] == [0, 0, 0]
    assert count(db_session, HeldSignUp) == 9


@pytest.mark.parametrize("taken_meanwhile", [False, True])
def test_a_flood_of_individual_times_is_held_and_gets_its_times_if_accepted(
    client: FlaskClient,
    new_client: NewClient,
    db_session: DbSession,
    monkeypatch: pytest.MonkeyPatch,
    *,
    taken_meanwhile: bool,
) -> None:
    monkeypatch.setattr("integration.registration.rules.floods.FLOOD_SIGN_UPS", 2)
    session = make_session(db_session)
    make_slots(db_session, session, languages=("sv", "fi"))
    slots = slots_of(db_session, session.id)

    def book(slot: Slot, address: str, name: str) -> None:
        visitor, page = new_client(), f"/en/sessions/{session.key}/times/{slot.id}"
        data = {**hidden_fields(visitor.get(page).get_data(as_text=True)), "name": name}
        assert visitor.post(page, data=data, environ_overrides={"REMOTE_ADDR": address}).status_code == 303

    for number, slot in enumerate(slots[:3]):
        book(slot, BOT, f"Bot {number}")
    assert places(db_session, session).taken == 0
    wishes = db_session.execute(sa.select(Household.name, HeldSignUp.slot_id).join(HeldSignUp.household)).all()
    assert sorted(map(tuple, wishes)) == [(f"Bot {number}", slot.id) for number, slot in enumerate(slots[:3])]
    if taken_meanwhile:
        book(slots[0], SCHOOL, "Amina")
    hold = db_session.scalars(sa.select(Hold)).one()
    sign_in_staff(client, db_session, Role.COORDINATOR)
    post(client, f"/en/staff/held/{hold.id}/accept", f"/en/staff/held/{hold.id}")
    live = sa.select(Household.name, Registration.slot_id).join(Registration.household)
    booked = dict(db_session.execute(live.where(Registration.cancelled_at.is_(None))).all())
    assert booked["Bot 1"] == slots[1].id and booked["Bot 2"] == slots[2].id
    assert booked["Bot 0"] == (None if taken_meanwhile else slots[0].id), "who was there first keeps the time"


@pytest.mark.parametrize("form", ["group", "stand"])
def test_many_groups_or_stands_from_one_network_are_told_whom_to_ring(
    new_client: NewClient, db_session: DbSession, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(
        "integration.registration.services.crowds._FORMS", Limit("group_form", 2, timedelta(minutes=10))
    )
    session = make_session(db_session, capacity=100, kind="fair")
    page = f"/en/sessions/{session.key}/{form}"
    contact = {"contact_name": "Teacher", "contact_role": "Teacher", "phone": "040 123 4567"}
    answers = {"name": "Class 3", "adults": 2, **contact}

    def send(address: str) -> TestResponse:
        visitor = new_client()
        data = {**hidden_fields(visitor.get(page).get_data(as_text=True)), **answers}
        return visitor.post(page, data=data, environ_overrides={"REMOTE_ADDR": address})

    assert [send(BOT).status_code for _ in range(2)] == [303, 303]
    refused = send(BOT)
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
    words = refused.get_data(as_text=True)
    assert "Ring us, and we write it down" in words and 'value="Class 3"' in words
    assert send(SCHOOL).status_code == 303


@pytest.mark.usefixtures("small_flood")
def test_no_group_comes_from_where_a_flood_comes_from(new_client: NewClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=900)
    the_bot(new_client, session, seats=60)
    visitor, page = new_client(), f"/en/sessions/{session.key}/group"
    answers = {"name": "Class 3", "contact_name": "Teacher", "phone": "040 123 4567", "adults": 200}
    data = {**hidden_fields(visitor.get(page).get_data(as_text=True)), **answers}
    assert visitor.post(page, data=data, environ_overrides={"REMOTE_ADDR": BOT}).status_code == 429
    assert places(db_session, session).taken == 0
