"""SMS: to whom, in how many parts, at most once, and seen by staff when nobody knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import Session, SessionStatus
from integration.activities.services import cancel_session
from integration.i18n.speaking import speaking
from integration.kernel.clock import utc_now
from integration.kernel.database import transaction
from integration.mail.letters import Order
from integration.mail.models import Channel, MessageState, OutboxMessage
from integration.mail.post_office import post_office
from integration.mail.rules import LEASE, PAUSES, is_quiet
from integration.mail.services import send_due_sms, sending_sms
from integration.mail.short_messages import parts
from integration.registration.cards import derived_codes
from integration.registration.messages import (
    Manner,
    fact_of,
    queue_soon_reminders,
    queue_staff_message,
    reach_of,
    tell,
)
from integration.registration.messages.reach import channels_of
from integration.registration.models import (
    GroupRegistration,
    Household,
    Registration,
    Series,
    StaffMessage,
    Stand,
    StandState,
    WaitingEntry,
    WaitingState,
)
from integration.registration.services import cancel_registration
from tests.factories.activities import make_session
from tests.factories.actors import sign_in_as
from tests.fixtures.mail import MailServer
from tests.fixtures.settings import CARD_KEY
from tests.web.messages.signing import COORDINATOR, EMAIL, act, by_day, places_of, send, sign_up
from tools.sms_gateway import BREAKS_OFF, Gateway

PHONE = "+358401234567"
LONG = {
    "sv": "Kulturkaféet för alla som vill prata svenska, finska och tjugo andra språk vid samma långa bord",
    "fi": "Kulttuurikahvila kaikille, jotka haluavat puhua suomea, ruotsia ja kahtakymmentä muuta kieltä",
    "en": "The culture café for everybody who likes to speak Swedish, Finnish and twenty other languages",
}
BASE = "https://delaktig.integration.vaasa.example"


def states(db_session: DbSession) -> list[tuple[Channel, MessageState]]:
    """The channel and state of every message, in the order of writing."""
    rows = db_session.execute(sa.select(OutboxMessage.channel, OutboxMessage.state).order_by(OutboxMessage.id))
    return [(row[0], row[1]) for row in rows]


def by_phone(app: Flask, db_session: DbSession, session: Session | None = None, **over: Any) -> Any:
    """A household that gave a phone only."""
    return sign_up(app, db_session, session or make_session(db_session), **{"email": None, "phone": PHONE, **over})


@pytest.mark.parametrize(
    ("email", "phone", "manner", "channels"),
    [
        (True, True, Manner.LETTER, (Channel.EMAIL,)),
        (False, True, Manner.LETTER, (Channel.SMS,)),
        (True, True, Manner.QUICK, (Channel.SMS,)),
        (True, False, Manner.QUICK, (Channel.EMAIL,)),
        (True, True, Manner.EVERYWHERE, (Channel.SMS, Channel.EMAIL)),
        (False, True, Manner.EVERYWHERE, (Channel.SMS,)),
        (True, False, Manner.QUICK_ONLY, ()),
        (False, True, Manner.LETTER_ONLY, ()),
        (False, False, Manner.EVERYWHERE, ()),
    ],
)
def test_the_way_follows_what_was_given(
    email: bool, phone: bool, manner: Manner, channels: tuple[Channel, ...]
) -> None:
    assert channels_of(email=email, phone=phone, manner=manner) == channels


def test_who_gave_a_phone_gets_an_sms_with_a_short_way_to_the_card(
    telling_app: Flask, db_session: DbSession, sms_gateway: Gateway, client: FlaskClient
) -> None:
    made = by_phone(telling_app, db_session, language="fi")
    send(telling_app, db_session)
    (sms,) = sms_gateway.taken
    assert sms.to == PHONE and sms.text.startswith("Olette ilmoittautuneet: Kahvila")
    assert states(db_session) == [(Channel.SMS, MessageState.SENT)]
    secret = derived_codes(CARD_KEY, made.card.id, made.card.issue).link_secret
    (path,) = re.findall(r"/k/\S+", sms.text)
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/fi/cards/{secret}")
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get("/k/NOBODY").status_code == 404


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (202, MessageState.SENT),
        (409, MessageState.SENT),
        (422, MessageState.FAILED),
        (429, MessageState.QUEUED),
        (401, MessageState.QUEUED),
        (500, MessageState.DOUBTFUL),
        (302, MessageState.DOUBTFUL),
        (BREAKS_OFF, MessageState.DOUBTFUL),
    ],
)
def test_what_the_gateway_says(
    telling_app: Flask, db_session: DbSession, sms_gateway: Gateway, answer: int, state: MessageState
) -> None:
    by_phone(telling_app, db_session)
    sms_gateway.answers = [answer]
    send(telling_app, db_session)
    assert states(db_session) == [(Channel.SMS, state)]
    for later in (PAUSES[0] + timedelta(seconds=5), LEASE * 2):
        send(telling_app, db_session, later)
    again = state == MessageState.QUEUED
    assert states(db_session) == [(Channel.SMS, MessageState.SENT if again else state)]
    assert len(sms_gateway.taken) <= 1


def test_a_gateway_that_is_away_costs_no_attempt(make_app: Callable[..., Flask], db_session: DbSession) -> None:
    away = make_app(sms_url="http://127.0.0.1:9/send")
    by_phone(away, db_session)
    send(away, db_session)
    message = db_session.scalars(sa.select(OutboxMessage)).one()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 0)


@pytest.mark.parametrize("left", [True, False])
def test_a_worker_that_dies_with_one_in_hand_leaves_it_in_doubt(
    telling_app: Flask, db_session: DbSession, sms_gateway: Gateway, monkeypatch: pytest.MonkeyPatch, left: bool
) -> None:
    class Killed(BaseException):
        pass

    def die(*_args: object, **_values: object) -> None:
        raise Killed

    by_phone(telling_app, db_session)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending_sms, "mark" if left else "_written", die)
        send(telling_app, db_session)
    for later in (timedelta(minutes=1), LEASE + timedelta(minutes=1), LEASE * 5):
        send(telling_app, db_session, later)
    assert states(db_session) == [(Channel.SMS, MessageState.DOUBTFUL)]
    assert len(sms_gateway.taken) == left


def test_staff_send_a_doubtful_one_again_once(
    telling_app: Flask, db_session: DbSession, sms_gateway: Gateway, client: FlaskClient
) -> None:
    session = make_session(db_session)
    by_phone(telling_app, db_session, session)
    sms_gateway.answers = [503]
    send(telling_app, db_session)
    sign_in_as(client, db_session, Role.COORDINATOR)
    page = f"/en/staff/sessions/{session.key}/messages"
    text = client.get(page).get_data(as_text=True)
    assert "May not have arrived" in text and PHONE in text
    fields = dict(re.findall(r'name="(csrf_token|message)"[^>]*value="([^"]*)"', text))
    for _twice in range(2):
        assert client.post(f"{page}/resend", data=fields).status_code == 303
    send(telling_app, db_session)
    assert len(sms_gateway.taken) == 2 and len({each.key for each in sms_gateway.taken}) == 2
    assert "Send again" not in client.get(page).get_data(as_text=True)
    assert client.post(f"{page}/resend", data={**fields, "message": "1" * 30}).status_code == 404


def test_at_night_only_what_cannot_wait_leaves(
    telling_app: Flask, db_session: DbSession, sms_gateway: Gateway, mail_server: MailServer
) -> None:
    now = by_day(utc_now())
    night = now
    while not is_quiet(night):
        night += timedelta(minutes=30)
    far = make_session(db_session, starts_at=night + timedelta(days=3))
    near = make_session(db_session, starts_at=night + timedelta(hours=12))
    for session in (far, near):
        sign_up(telling_app, db_session, session, phone=PHONE)
    send(telling_app, db_session)
    mail_server.inbox.clear()
    for session in (far, near):
        act(telling_app, db_session, cancel_session, COORDINATOR, session, now=night)
    with telling_app.app_context():
        send_due_sms(night)
    assert [each.text.startswith("INSTÄLLT") for each in sms_gateway.taken] == [True]
    db_session.rollback()
    waiting = db_session.scalars(
        sa.select(OutboxMessage.about).where(
            OutboxMessage.kind == "session_cancelled", ~OutboxMessage.urgent, OutboxMessage.channel == Channel.EMAIL
        )
    ).all()
    assert waiting == [f"session:{far.id}"]


def test_two_hours_before_by_sms_for_those_who_wish(
    telling_app: Flask, db_session: DbSession, sms_gateway: Gateway
) -> None:
    starts_at = utc_now() + timedelta(hours=5)
    session = make_session(db_session, starts_at=starts_at)
    wishing = by_phone(telling_app, db_session, session)
    by_phone(telling_app, db_session, session)
    household = db_session.get_one(Household, wishing.card.household_id)
    household.sms_reminders = True
    db_session.commit()
    for before in (3, 2, 1.9):
        act(telling_app, db_session, queue_soon_reminders, starts_at - timedelta(hours=before))
    sms_gateway.taken.clear()
    with telling_app.app_context():
        send_due_sms(starts_at - timedelta(hours=1.9))
    assert [each.text.split(":")[0] for each in sms_gateway.taken if "Snart" in each.text] == ["Snart"]
    household.sms_reminders = False
    assert len(sms_gateway.taken) == 3, "two confirmations and one reminder"


def test_the_household_asks_for_the_sms_itself(telling_app: Flask, db_session: DbSession) -> None:
    made, client = by_phone(telling_app, db_session, language="en"), telling_app.test_client()
    page = f"/en/cards/{derived_codes(CARD_KEY, made.card.id, made.card.issue).link_secret}"
    for button, wanted in (("Remind us by SMS two hours before", True), ("Send no SMS two hours before", False)):
        text = client.get(page).get_data(as_text=True)
        assert button in text
        form = text[text.index("/sms-reminders") :].split("</form>")[0]
        fields = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', form))
        assert client.post(f"{page}/sms-reminders", data=fields).status_code == 303
        db_session.rollback()
        db_session.expire_all()
        assert db_session.get_one(Household, made.card.household_id).sms_reminders is wanted


def test_the_wish_for_an_sms_is_asked_for_when_signing_up_and_only_where_sms_are_sent(
    telling_app: Flask, app: Flask, db_session: DbSession
) -> None:
    made = by_phone(telling_app, db_session, language="en")
    page = f"/en/cards/{derived_codes(CARD_KEY, made.card.id, made.card.issue).link_secret}"
    signed_up = f"{page}?registered={places_of(made).id}"
    question = "Shall we send you an SMS two hours before?"
    assert question in telling_app.test_client().get(signed_up).get_data(as_text=True)
    assert question not in telling_app.test_client().get(page).get_data(as_text=True)
    without = app.test_client().get(signed_up).get_data(as_text=True)
    assert question not in without and "/sms-reminders" not in without and "/reminders" not in without


def test_a_message_to_all_reaches_each_by_its_own_way(telling_app: Flask, db_session: DbSession) -> None:
    session = make_session(db_session)
    sign_up(telling_app, db_session, session, language="sv")
    by_phone(telling_app, db_session, session, language="fi")
    sign_up(telling_app, db_session, session, email=None)
    people = list(db_session.scalars(sa.select(Registration)))
    texts = {"sv": "Ta med inneskor.", "fi": "Ottakaa sisäkengät."}
    with telling_app.app_context():
        reach = reach_of(db_session, session.id)
    told = act(telling_app, db_session, queue_staff_message, session, texts, people, COORDINATOR, utc_now())
    assert told == reach
    assert (dict(reach.channels), reach.unreachable) == ({Channel.EMAIL: 1, Channel.SMS: 1}, 1)


@pytest.mark.parametrize("language", ["sv", "fi", "en"])
def test_every_kind_takes_one_part_in_every_language(
    make_app: Callable[..., Flask], db_session: DbSession, language: str
) -> None:
    """With a title, a host name and numbers as long as they get."""
    app = make_app(sms_url="http://127.0.0.1:9/send", base_url=BASE)
    now = by_day(utc_now())
    session = make_session(db_session, title=LONG, starts_at=now + timedelta(hours=2), contact_phone="+358 40 123 4567")
    made = by_phone(app, db_session, session, language=language, now=now)
    household = db_session.get_one(Household, made.card.household_id)
    household.sms_reminders = True
    entry = _waiting(session, household, now)
    db_session.add(entry)
    db_session.commit()
    with app.app_context():
        kinds = sorted(post_office().short_composers)
    more = _rows_of_the_rare(db_session, session, household, made.registration, language, now)
    to_contacts = [(kind, "group") for kind in CONTACTS_TOO] + [("stand_answered", "stand")]
    households = [(kind, "household") for kind in kinds if kind != "stand_answered"]
    for kind, recipient in households + to_contacts:
        _bring_about(db_session, kind, session, made.registration, entry)
        _let_series_be(db_session, more["series"], live=kind != "series_left")
        facts = {"session": session.id, **more, **_about(kind, made.registration.id, entry.id)}
        reader = household.id if recipient == "household" else more[recipient]
        order = Order(1, kind, recipient, reader, language, facts, "<a@b>", 1, now, now)
        with app.app_context(), transaction() as seen, speaking(language):
            text = post_office().short_composers[kind](seen, order).text
        assert parts(text) == 1, f"{kind} to {recipient}: {len(text)} letters: {text}"
        assert LONG[language][:10] in text or kind in ("own_link", "card_reissued")
    assert len(kinds) >= 20


CONTACTS_TOO = ("session_cancelled", "session_moved", "session_restored")


def _rows_of_the_rare(
    db_session: DbSession, session: Session, household: Household, registration: Any, language: str, now: Any
) -> dict[str, int]:
    """What series, groups, stands and staff's words are about, by the facts' names."""
    session.activity.title = LONG
    people = {"adults": 1, "children": 0, "children_0_6": 0, "children_7_12": 0, "children_13_17": 0}
    series = Series(id=1, household_id=household.id, activity_id=session.activity_id, created_at=now, **people)
    contact = {"phone": PHONE, "email": None, "language": language}
    group = GroupRegistration(
        id=2, session_id=session.id, name="A", adults=9, children=0, form_digest="g", created_at=now, **contact
    )
    stand = Stand(id=3, session_id=session.id, state=StandState.CONFIRMED, form_digest="s", asked_at=now, **contact)
    words = StaffMessage(id=4, session_id=session.id, texts={language: "Hej!"}, account_id=1, created_at=now)
    db_session.add_all([series, group, stand, words])
    db_session.flush()
    registration.series_id = series.id
    db_session.commit()
    return {
        "series": 1,
        "group": 2,
        "stand": 3,
        "message": 4,
        "activity": session.activity_id,
        "dates": 12,
        "confirmed": 1,
    }


def _let_series_be(db_session: DbSession, series_id: int, *, live: bool) -> None:
    db_session.get_one(Series, series_id).ended_at = None if live else utc_now()
    db_session.commit()


IN_QUEUE = {
    "waiting_begun": WaitingState.WAITING,
    "place_offered": WaitingState.OFFERED,
    "offer_expired": WaitingState.EXPIRED,
    "waiting_left": WaitingState.LEFT,
}


def _waiting(session: Session, household: Household, now: Any) -> WaitingEntry:
    return WaitingEntry(
        id=7,
        session_id=session.id,
        household_id=household.id,
        is_increase=False,
        turn=1,
        places=1,
        adults=1,
        children=0,
        children_0_6=0,
        children_7_12=0,
        children_13_17=0,
        state=WaitingState.WAITING,
        queued_at=now,
        offer_expires_at=now + timedelta(hours=1),
    )


def _about(kind: str, registration_id: int, entry_id: int) -> dict[str, int]:
    return {"entry": entry_id} if kind in IN_QUEUE else {"registration": registration_id}


def _bring_about(db_session: DbSession, kind: str, session: Session, registration: Any, entry: WaitingEntry) -> None:
    """Let the rows be so that this kind of message is true."""
    session.status = SessionStatus.CANCELLED if kind == "session_cancelled" else SessionStatus.PLANNED
    registration.cancelled_at = utc_now() if kind == "places_given_back" else None
    entry.state = IN_QUEUE.get(kind, WaitingState.WAITING)
    entry.closed_at = None if entry.is_open else utc_now()
    db_session.commit()


def test_logs_hold_no_number(
    telling_app: Flask, db_session: DbSession, sms_gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        for answer in (422, 500, BREAKS_OFF, 429):
            sms_gateway.answers = [answer]
            by_phone(telling_app, db_session)
            send(telling_app, db_session)
    assert "401234567" not in caplog.text


@pytest.mark.parametrize("sends_sms", [True, False])
def test_who_can_only_be_rung_is_offered_places_where_sms_are_sent_and_else_taken_in(
    telling_app: Flask, app: Flask, db_session: DbSession, sends_sms: bool
) -> None:
    here = telling_app if sends_sms else app
    session = make_session(db_session, capacity=3)
    seated = sign_up(here, db_session, session)
    waits = by_phone(here, db_session, session, may_wait=True)
    assert waits.entry is not None
    act(here, db_session, cancel_registration, seated.registration, session, utc_now())
    assert waits.entry.state == (WaitingState.OFFERED if sends_sms else WaitingState.TAKEN)
    kind = "place_offered" if sends_sms else "taken_in"
    told = db_session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == kind)).one()
    assert told.state == (MessageState.QUEUED if sends_sms else MessageState.DROPPED), "staff see whom to ring"


def test_without_a_gateway_a_phone_is_no_way(app: Flask, db_session: DbSession) -> None:
    made = sign_up(app, db_session, make_session(db_session), phone=PHONE)
    household = db_session.get_one(Household, made.card.household_id)
    fact = fact_of("place_offered", places_of(made), household)
    act(app, db_session, tell, household, fact, now=utc_now(), manner=Manner.QUICK)
    assert household.email == EMAIL
    assert {each[0] for each in states(db_session)} == {Channel.EMAIL}
