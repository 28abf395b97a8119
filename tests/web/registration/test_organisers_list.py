"""What staff do on the organiser's list: find, add, change, move, cancel, write to all, take the list along."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import Session, SessionPlaces
from integration.audit.models import AuditEntry
from integration.kernel.clock import utc_now
from integration.registration.models import Household, Registration, SharedPhone, StaffMessage, WaitingEntry
from integration.registration.rules import People
from tests.factories.activities import make_activity, make_session
from tests.factories.registration import make_card, make_household, make_registration
from tests.web.registration.signing_up import hidden_fields, send_form, sign_in_staff, sign_up


@pytest.fixture
def staff(client: FlaskClient, db_session: DbSession) -> FlaskClient:
    """A coordinator's browser."""
    sign_in_staff(client, db_session, Role.COORDINATOR)
    return client


def list_of(session: Session) -> str:
    return f"/en/staff/sessions/{session.key}/registrations"


def send(staff: FlaskClient, address: str, **answers: Any) -> Any:
    """Open the page and send its form."""
    hidden = hidden_fields(staff.get(address).get_data(as_text=True))
    return staff.post(address, data={**hidden, **answers})


def taken(db_session: DbSession, session: Session) -> int:
    return db_session.scalars(sa.select(SessionPlaces.taken).where(SessionPlaces.session_id == session.id)).one()


def traces(db_session: DbSession, action: str) -> list[dict[str, Any]]:
    found = db_session.scalars(sa.select(AuditEntry).where(AuditEntry.action == f"registration.{action}"))
    return [each.facts for each in found]


def at(session: Session, registration: Registration, verb: str = "") -> str:
    return f"{list_of(session)}/{registration.id}{verb}"


def registered(db_session: DbSession, session: Session, **over: Any) -> Registration:
    """A household with a card, and three places."""
    household = make_household(db_session, **over)
    make_card(db_session, household)
    return make_registration(db_session, session, household)


def test_the_list_is_found_in_by_name_phone_and_need(staff: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    make_registration(db_session, session, make_household(db_session, name="Åsa", phone="+358401234567"))
    make_registration(db_session, session, make_household(db_session, name="Zoltan"), help="Tolk, tack")
    for words, there, gone in (("asa", "Åsa", "Zoltan"), ("040 123", "Åsa", "Zoltan"), ("tolk", "Zoltan", "Åsa")):
        page = send(staff, list_of(session), words=words).get_data(as_text=True)
        assert there in page and f">{gone}<" not in page
        assert "1 found" in page
    assert "Interpreter × 1" in page


@pytest.mark.parametrize(
    ("order", "first"), [("name", "Amina"), ("time", "Zoltan"), ("people", "Omar"), ("x", "Amina")]
)
def test_the_list_stands_in_the_order_asked_for(
    staff: FlaskClient, db_session: DbSession, order: str, first: str
) -> None:
    session, now = make_session(db_session), utc_now()
    for minutes, (name, adults) in enumerate({"Zoltan": 1, "Omar": 5, "Amina": 2}.items()):
        household = make_household(db_session, name=name)
        created_at = now + timedelta(minutes=minutes)
        make_registration(db_session, session, household, people=People(adults, 0), created_at=created_at)
    page = staff.get(f"{list_of(session)}?sort={order}").get_data(as_text=True)
    assert min(("Zoltan", "Omar", "Amina"), key=lambda name: page.index(f"<bdi>{name}</bdi>")) == first


def test_a_household_without_contact_is_added(staff: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    response = send(staff, f"{list_of(session)}/add", name="Fatuma", adults=1, children=2, language="fi")
    assert response.status_code == 303
    page = staff.get(response.location).get_data(as_text=True)
    assert "The code for the door" in page and "Fatuma" in page
    made = db_session.scalars(sa.select(Registration)).one()
    assert (made.household.language, made.household.phone, taken(db_session, session)) == ("fi", None, 3)
    assert traces(db_session, "added") == [{"people": 3, "waits": False, "number": made.id}]


def test_where_it_is_full_staff_choose_queue_or_beyond(staff: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=3)
    make_registration(db_session, session)
    answers = {"name": "Fatuma", "adults": 1, "children": 1, "language": "sv"}
    address = f"{list_of(session)}/add"
    refused = send(staff, address, **answers)
    assert refused.status_code == 409
    assert "Put them in the queue" in refused.get_data(as_text=True)
    assert send(staff, address, **answers, then="wait").status_code == 303
    assert db_session.scalars(sa.select(WaitingEntry.places)).all() == [2]
    assert taken(db_session, session) == 3
    assert send(staff, address, **{**answers, "name": "Omar"}, then="beyond").status_code == 303
    assert taken(db_session, session) == 5
    (beyond,) = db_session.scalars(sa.select(AuditEntry).where(AuditEntry.action.contains("beyond"))).all()
    assert beyond.facts["people"] == 2
    page = staff.get(list_of(session)).get_data(as_text=True)
    assert "Over by 2 places." in page and "1 waits" in page


def test_the_number_is_changed(staff: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=4)
    registration = registered(db_session, session)
    assert send(staff, at(session, registration, "/people"), adults=1, children=0).status_code == 303
    assert taken(db_session, session) == 1
    assert send(staff, at(session, registration, "/people"), adults=9, children=0).status_code == 303
    assert taken(db_session, session) == 1
    assert db_session.scalars(sa.select(WaitingEntry.places)).all() == [8]
    assert send(staff, at(session, registration, "/people"), adults=0, children=0).status_code == 422


def test_a_household_moves_to_another_date_or_not_at_all(staff: FlaskClient, db_session: DbSession) -> None:
    activity, now = make_activity(db_session), utc_now()
    here, there, full = (
        make_session(db_session, activity=activity, starts_at=now + timedelta(days=days), capacity=capacity)
        for days, capacity in ((5, 10), (12, 10), (19, 2))
    )
    registration = registered(db_session, here)
    address = at(here, registration, "/move")
    refused = send(staff, address, to=full.key)
    assert refused.status_code == 409
    assert "2 places are left" in refused.get_data(as_text=True)
    assert [taken(db_session, each) for each in (here, there, full)] == [3, 0, 0]
    assert send(staff, address, to=make_session(db_session).key).status_code == 422
    assert send(staff, address, to=full.key, then="wait").status_code == 303
    assert [taken(db_session, each) for each in (here, there, full)] == [3, 0, 0]
    assert send(staff, address, to=there.key).status_code == 303
    assert [taken(db_session, each) for each in (here, there, full)] == [0, 3, 0]
    live = db_session.scalars(sa.select(Registration).where(Registration.cancelled_at.is_(None))).one()
    assert (live.session_id, live.household_id) == (there.id, registration.household_id)
    assert traces(db_session, "moved") == [{"number": registration.id, "to": there.id, "new": live.id}]


@pytest.mark.parametrize("told", ["yes", "no"])
def test_places_are_given_back_with_or_without_a_message(staff: FlaskClient, db_session: DbSession, told: str) -> None:
    session = make_session(db_session)
    registration = registered(db_session, session, email="amina@example.com")
    assert send(staff, at(session, registration, "/cancel"), told=told).status_code == 303
    assert taken(db_session, session) == 0
    kinds = db_session.scalars(sa.text("SELECT kind FROM outbox_messages")).all()
    assert ("places_given_back" in kinds) is (told == "yes")
    assert traces(db_session, "cancelled") == [{"number": registration.id, "told": told == "yes"}]


def test_a_message_says_first_whom_it_reaches(staff: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    registered(db_session, session, name="Amina", email="amina@example.com", language="fi")
    registered(db_session, session, name="Omar", phone=None)
    address = f"/en/staff/sessions/{session.key}/message"
    page = staff.get(address).get_data(as_text=True)
    assert "suomi" in page and "1 household cannot be reached." in page and "Omar" in page
    assert send(staff, address).status_code == 422
    response = send(staff, address, sv="Ta med vattenflaska.", fi="Ota vesipullo mukaan.")
    assert response.status_code == 303
    assert "1 could not be told" not in page
    assert db_session.scalars(sa.select(StaffMessage.texts)).one() == {
        "sv": "Ta med vattenflaska.",
        "fi": "Ota vesipullo mukaan.",
    }


EVIL = ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "  =1")


def test_the_list_taken_along_holds_no_formula(staff: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    for name in EVIL:
        make_registration(db_session, session, make_household(db_session, name=name, phone="+358401234567"), help=name)
    text = staff.get(f"{list_of(session)}.csv")
    head, *rows = csv.reader(io.StringIO(text.get_data(as_text=True).removeprefix("\ufeff")))
    assert head[:3] == ["Name", "State", "Adults"] and len(rows) == len(EVIL)
    assert {row[0] for row in rows} == {f"'{name}" for name in EVIL}
    assert not [cell for row in rows for cell in row if cell.strip()[:1] in ("=", "+", "-", "@")]
    sheet = openpyxl.load_workbook(io.BytesIO(staff.get(f"{list_of(session)}.xlsx").get_data())).active
    assert sheet is not None
    cells = list(sheet.iter_rows(min_row=2))
    assert {each[0].value for each in cells} == set(EVIL)
    assert {cell.data_type for row in cells for cell in row} <= {"s", "n"}
    assert [each[2].value for each in cells] == [2] * len(EVIL)
    assert text.headers["Cache-Control"] == "no-store"
    assert [each["rows"] for each in traces(db_session, "list_exported")] == [len(EVIL)] * 2


def test_the_sheet_on_paper_tells_no_code_phone_or_need(staff: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    make_registration(db_session, session, make_household(db_session, phone="+358401234567"), help="wheelchair")
    page = staff.get(f"/en/staff/sessions/{session.key}/sign-in-sheet").get_data(as_text=True)
    assert "Amina" in page
    assert "358401234567" not in page and "wheelchair" not in page


def test_the_same_family_twice_is_plain_to_staff_and_to_nobody_else(
    staff: FlaskClient, new_client: Any, db_session: DbSession
) -> None:
    session = make_session(db_session)
    phone = new_client()
    sign_up(phone, session, phone="040 123 4567")
    page = sign_up(new_client(), session, name="Amina H", phone="+358401234567")
    assert page.status_code == 303, "nobody learns from outside that this phone number is signed up"
    another = hidden_fields(phone.get(f"/en/sessions/{session.key}?for=other").get_data(as_text=True))
    send_form(phone, session, **{**another, "name": "Omar", "adults": 1, "children": 0, "for": "other"})
    listed = staff.get(list_of(session)).get_data(as_text=True)
    assert "Same phone as Amina H" in listed and "Same phone as Amina<" in listed
    assert "Signed up on the same phone as Omar" in listed
    assert db_session.scalar(sa.select(sa.func.count()).select_from(SharedPhone)) == 1


def test_two_cards_of_one_family_become_one(staff: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    first, second = (registered(db_session, session, name=name, phone="+358401234567") for name in ("Amina", "A."))
    other = registered(db_session, session, name="Omar")
    token = hidden_fields(staff.get(at(session, first)).get_data(as_text=True))
    assert staff.post(at(session, first, f"/merge/{other.id}"), data=token).status_code == 404
    assert staff.post(at(session, first, f"/merge/{second.id}"), data=token).status_code == 303
    names = db_session.scalars(sa.select(Household.name).order_by(Household.name)).all()
    assert names == ["Amina", "Omar"]
    assert taken(db_session, session) == 6


def test_another_organisations_people_are_out_of_reach(client: FlaskClient, db_session: DbSession) -> None:
    session, own = make_session(db_session), make_session(db_session)
    registration = registered(db_session, session)
    sign_in_staff(client, db_session, Role.ORGANISER, own.activity.organisation_id)
    for address in ("/add", f"/{registration.id}", f"/{registration.id}/move", ".csv", ".xlsx"):
        assert client.get(f"{list_of(session)}{address}").status_code == 403
    assert client.get(f"{list_of(own)}/{registration.id}").status_code == 404
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Household)) == 1
