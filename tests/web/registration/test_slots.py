"""Pages of individual times: booked, changed, cancelled by the household; made and removed by staff."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import Session, SessionPlaces, Slot
from integration.activities.queries import slots_of
from integration.audit.models import AuditEntry
from integration.kernel.clock import local, local_date, midnight, utc_now
from integration.registration.models import Registration
from tests.factories.activities import make_session, make_slots
from tests.factories.actors import sign_in_as
from tests.web.registration.signing_up import hidden_fields, post, secret_of, sign_up


def make_clinic(db_session: DbSession, languages: tuple[str, ...] = ("sv", "ar")) -> Session:
    """A session of two hours with three times of twenty minutes at each desk."""
    session = make_session(db_session)
    make_slots(db_session, session, languages=languages)
    return session


def address(session: Session, slot: Slot) -> str:
    return f"/en/sessions/{session.key}/times/{slot.id}"


def book(client: FlaskClient, session: Session, slot: Slot) -> str:
    """Book this time; the secret of the household's page."""
    return secret_of(post(client, address(session, slot), address(session, slot), name="Amina"))


def test_the_sessions_page_offers_times_by_language(client: FlaskClient, db_session: DbSession) -> None:
    session = make_clinic(db_session)
    page = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert page.count(f"/en/sessions/{session.key}/times/") == 6
    assert page.index(">svenska<") < page.index(">العربية<")
    assert 'name="adults"' not in page
    book(client, session, slots_of(db_session, session.id)[0])
    client.delete_cookie("session")
    page = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert page.count(f"/en/sessions/{session.key}/times/") == 5
    assert "5 places left" in page


def test_the_plain_form_does_not_pass_the_times_by(client: FlaskClient, db_session: DbSession) -> None:
    session = make_clinic(db_session)
    other = make_session(db_session)
    fields = hidden_fields(client.get(f"/en/sessions/{other.key}").get_data(as_text=True))
    client.post(f"/en/sessions/{session.key}", data={**fields, "name": "Amina", "adults": 3, "children": 0})
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Registration)) == 0


def test_a_household_books_changes_and_cancels(client: FlaskClient, db_session: DbSession) -> None:
    session = make_clinic(db_session, ("sv",))
    first, second, _third = slots_of(db_session, session.id)
    secret = book(client, session, first)
    page = client.get(f"/en/cards/{secret}").get_data(as_text=True)
    assert f"Your time: {local(first.starts_at):%H:%M}" in page
    registration = db_session.scalars(sa.select(Registration)).one()
    change = f"/en/cards/{secret}/time?registration={registration.id}"
    moved = post(client, f"/en/cards/{secret}/time", change, slot=second.id)
    assert moved.status_code == 303
    page = client.get(f"/en/cards/{secret}").get_data(as_text=True)
    assert f"Your time: {local(second.starts_at):%H:%M}" in page and "You have another time now." in page
    cancel = f"/en/cards/{secret}/cancel?registration={registration.id}"
    assert post(client, f"/en/cards/{secret}/cancel", cancel).status_code == 303
    assert db_session.scalars(sa.select(SessionPlaces.taken).where(SessionPlaces.session_id == session.id)).one() == 0
    assert client.get(change).status_code == 404


def test_whoever_is_second_reads_what_is_still_free(
    client: FlaskClient, new_client: type[FlaskClient], db_session: DbSession
) -> None:
    session = make_clinic(db_session, ("sv",))
    first, *_rest = slots_of(db_session, session.id)
    slow = new_client()
    fields = hidden_fields(slow.get(address(session, first)).get_data(as_text=True))
    secret = book(client, session, first)
    answer = slow.post(address(session, first), data={**fields, "name": "Bao"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Somebody else has just taken" in page
    assert len(re.findall(rf'class="btn" href="/en/sessions/{session.key}/times/\d+"', page)) == 2
    other = slots_of(db_session, session.id)[1]
    book(slow, session, other)
    registration = db_session.scalars(sa.select(Registration).where(Registration.slot_id == first.id)).one()
    change = f"/en/cards/{secret}/time?registration={registration.id}"
    answer = post(client, f"/en/cards/{secret}/time", change, slot=other.id)
    assert answer.status_code == 409 and "You keep yours." in answer.get_data(as_text=True)
    db_session.expire_all()
    assert registration.slot_id == first.id


def test_staff_make_times_in_one_step_also_for_the_dates_to_come(client: FlaskClient, db_session: DbSession) -> None:
    noon = midnight(local_date(utc_now()) + timedelta(days=2)) + timedelta(hours=12)
    session = make_session(db_session, starts_at=noon)
    later = make_session(db_session, activity=session.activity, starts_at=session.starts_at + timedelta(days=7))
    sign_in_as(client, db_session)
    new = f"/en/staff/sessions/{session.key}/times/new"
    starts = local(session.starts_at)
    answers = {
        "minutes": "20",
        "first_at": f"{starts:%H:%M}",
        "last_at": f"{starts + timedelta(minutes=40):%H:%M}",
        "desk_1": "sv",
        "desk_2": "ar",
        "coming_too": "y",
    }
    assert post(client, new, new, **answers).status_code == 303
    assert [len(slots_of(db_session, each.id)) for each in (session, later)] == [6, 6]
    assert later.places.capacity == 6
    assert "6 places" in client.get(f"/en/staff/sessions/{session.key}").get_data(as_text=True)
    assert post(client, new, new, **{**answers, "desk_1": "", "desk_2": ""}).status_code == 422
    overlong = {**answers, "minutes": "150"}
    assert "Every time must lie within the session." in post(client, new, new, **overlong).get_data(as_text=True)


def test_staff_see_who_comes_when_and_remove_only_free_times(client: FlaskClient, db_session: DbSession) -> None:
    session = make_clinic(db_session, ("sv",))
    first, second, third = (each.id for each in slots_of(db_session, session.id))
    book(client, session, slots_of(db_session, session.id)[0])
    sign_in_as(client, db_session)
    times = f"/en/staff/sessions/{session.key}/times"
    page = client.get(times).get_data(as_text=True)
    assert page.count("Amina") == 1 and page.count(">free<") == 2
    entry = db_session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "registration.list_read")).one()
    assert entry.facts == {"rows": 1}
    assert post(client, times, times, chosen=[first, second], do="remove").status_code == 303
    assert [each.id for each in slots_of(db_session, session.id)] == [first, third]
    assert post(client, times, times, chosen=[third], spoken="so", do="language").status_code == 303
    assert [each.language for each in slots_of(db_session, session.id)] == ["sv", "so"]


def test_another_organisations_times_are_closed(client: FlaskClient, db_session: DbSession) -> None:
    session, own = make_clinic(db_session), make_session(db_session)
    sign_in_as(client, db_session, Role.ORGANISER, own.activity.organisation_id)
    assert client.get(f"/en/staff/sessions/{session.key}/times").status_code == 403
    assert client.get(f"/en/staff/sessions/{session.key}/times/new").status_code == 403


def test_a_phone_of_two_families_books_for_each_of_them_or_for_a_third(
    client: FlaskClient, db_session: DbSession
) -> None:
    session = make_clinic(db_session)
    slots = slots_of(db_session, session.id)
    first = secret_of(sign_up(client, make_session(db_session)))
    second = secret_of(sign_up(client, make_session(db_session), name="Fatima", for_whom="other"))
    post(client, f"/en/cards/{second}/remember", f"/en/cards/{second}")
    page = client.get(address(session, slots[0])).get_data(as_text=True)
    assert "Sign up again: Amina" in page and f"{address(session, slots[0])}?for=us1" in page
    assert 'name="name"' not in page

    def book_for(slot: Slot, whom: str, **answers: str) -> str:
        there = f"{address(session, slot)}?for={whom}"
        return secret_of(post(client, there, there, **answers))

    assert book_for(slots[0], "us1") == second
    assert book_for(slots[1], "us") == first
    again = client.get(f"{address(session, slots[2])}?for=us")
    assert again.status_code == 303, "they have a time"
    asked = client.get(address(session, slots[2])).get_data(as_text=True)
    assert "They get a card of their own." in asked, "both have a time: the form is another family's"
    assert book_for(slots[2], "other", name="Leila") not in (first, second)


def wait_on(client: FlaskClient, session: Session, **answers: str) -> str:
    """Wait for a time; the secret of the household's page."""
    there = f"/en/sessions/{session.key}/times/wait"
    answer = post(client, there, there, name="Bao", **answers)
    found = re.search(r"/cards/([A-Z2-7]{26})\?waiting=\d+#w\d+$", answer.location or "")
    assert found, (answer.status_code, answer.location)
    return found[1]


def test_a_household_waits_for_a_time_and_says_yes(
    client: FlaskClient, new_client: type[FlaskClient], db_session: DbSession
) -> None:
    session = make_clinic(db_session)
    holders = [book(new_client(), session, slot) for slot in slots_of(db_session, session.id)]
    page = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert "All times are booked." in page and "Full right now" not in page
    assert f"/en/sessions/{session.key}/times/wait" in page
    secret = wait_on(client, session, email="bao@example.com", spoken="sv")
    card = f"/en/cards/{secret}"
    page = client.get(card).get_data(as_text=True)
    assert "You are number 1 on the waiting list." in page and ">svenska<" in page
    arabic = wait_on(new_client(), session, email="ali@example.com", spoken="ar")
    page = client.get(f"/en/cards/{arabic}").get_data(as_text=True)
    assert "You are number 1 on the waiting list." in page and "Those who wait for another language" in page
    registration = db_session.scalars(
        sa.select(Registration).join(Registration.slot).where(Slot.language == "sv").order_by(Slot.starts_at)
    ).first()
    assert registration is not None and registration.slot is not None
    slot = registration.slot
    freed = f"{local(slot.starts_at):%H:%M}"
    holder = next(
        each
        for each in holders
        if f"registration={registration.id}" in new_client().get(f"/en/cards/{each}").get_data(as_text=True)
    )
    cancel = f"/en/cards/{holder}/cancel"
    assert post(new_client(), cancel, f"{cancel}?registration={registration.id}").status_code == 303
    page = client.get(card).get_data(as_text=True)
    assert f"Your time would be: {freed}" in page and "There is a place for you!" in page
    stranger = new_client().get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert f"/times/{slot.id}" not in stranger and "All times are booked." in stranger
    sign_in_as(staff := new_client(), db_session)
    times = staff.get(f"/en/staff/sessions/{session.key}/times").get_data(as_text=True)
    assert "1 person waits for a time." in times and "Bao" in times and f'value="{slot.id}"' not in times
    entry = re.search(r'name="entry" value="(\d+)"', page)
    assert entry and post(client, f"{card}/accept", card, entry=entry[1]).status_code == 303
    assert f"Your time: {freed}" in client.get(card).get_data(as_text=True)


def test_whoever_would_wait_for_what_is_free_is_shown_it(
    client: FlaskClient, new_client: type[FlaskClient], db_session: DbSession
) -> None:
    session = make_clinic(db_session)
    for slot in slots_of(db_session, session.id):
        if slot.language == "ar":
            book(new_client(), session, slot)
    page = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert "No time is free with an adviser who speaks:" in page
    there = f"/en/sessions/{session.key}/times/wait"
    answer = post(client, there, there, name="Bao", spoken="")
    assert answer.status_code == 409 and "A time has just become free." in answer.get_data(as_text=True)
    secret = wait_on(client, session, spoken="ar")
    page = new_client().get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert page.count(f"/en/sessions/{session.key}/times/") == 4, "three Swedish times, and the way to wait"
    card = f"/en/cards/{secret}"
    entry = re.search(r'name="entry" value="(\d+)"', client.get(card).get_data(as_text=True))
    assert entry and post(client, f"{card}/leave", card, entry=entry[1]).status_code == 303
    assert db_session.scalars(sa.select(SessionPlaces.waiting).where(SessionPlaces.session_id == session.id)).one() == 0
    assert client.get(f"/en/sessions/{make_session(db_session).key}/times/wait").status_code == 404
