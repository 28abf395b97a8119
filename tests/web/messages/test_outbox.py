"""The outbox: every message is a committed fact, sent at least once under one Message-ID, and holds no address."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session as DbSession

from integration.kernel.clock import utc_now
from integration.mail.models import DropReason, MessageState, OutboxMessage
from integration.mail.rules import KEPT, LEASE, MOST_ATTEMPTS, PAUSES
from integration.mail.services import Fact, forget_old_messages, queue_message, send_due, sending
from integration.registration.models import Household
from integration.registration.services import delete_household
from tests.factories.activities import make_session
from tests.fixtures.mail import MailServer
from tests.web.messages.signing import EMAIL, act, send, sign_up


def only_message(db_session: DbSession) -> OutboxMessage:
    """The one message in the outbox, as it is now."""
    return db_session.scalars(sa.select(OutboxMessage)).one()


def test_a_message_leaves_once(mailing_app: Flask, db_session: DbSession, mail_server: MailServer) -> None:
    sign_up(mailing_app, db_session, make_session(db_session))
    now = send(mailing_app, db_session)
    send(mailing_app, db_session, timedelta(days=2))
    message = only_message(db_session)
    assert (message.state, message.attempts, message.sent_at) == (MessageState.SENT, 1, now)
    assert mail_server.message_ids() == [message.message_id]
    assert [each.recipient for each in mail_server.inbox] == [EMAIL]


def test_what_does_not_commit_is_never_told(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(db_session)
    db_session.commit()
    monkeypatch.setattr(db_session, "commit", db_session.rollback)
    sign_up(mailing_app, db_session, session)
    send(mailing_app, db_session)
    assert db_session.scalars(sa.select(OutboxMessage)).all() == []
    assert mail_server.inbox == []


def test_without_an_address_nothing_is_queued(mailing_app: Flask, db_session: DbSession) -> None:
    sign_up(mailing_app, db_session, make_session(db_session), email=None)
    assert db_session.scalars(sa.select(OutboxMessage)).all() == []


def test_without_a_mail_server_messages_wait(app: Flask, db_session: DbSession) -> None:
    sign_up(app, db_session, make_session(db_session))
    send(app, db_session)
    assert (only_message(db_session).state, only_message(db_session).attempts) == (MessageState.QUEUED, 0)


def test_the_outbox_holds_no_address_and_no_name(app: Flask, db_session: DbSession) -> None:
    sign_up(app, db_session, make_session(db_session), name="Amina", phone="+358400000000")
    row = db_session.execute(sa.select(OutboxMessage.__table__)).mappings().one()
    written = " ".join(str(value) for value in row.values())
    for personal in (EMAIL, "example.com", "Amina", "358400000000"):
        assert personal not in written


def test_facts_are_numbers(app: Flask, db_session: DbSession) -> None:
    words: Any = {"to": EMAIL}
    fact = Fact("k", "confirmation", "household", 1, "sv", "session:1", words)
    with app.app_context(), pytest.raises(TypeError):
        queue_message(db_session, fact, now=utc_now())


def test_one_fact_is_one_message(app: Flask, db_session: DbSession) -> None:
    fact = Fact("confirmation:1", "confirmation", "household", 1, "sv", "session:1", {"registration": 1})
    for _again in range(2):
        act(app, db_session, queue_message, fact, now=utc_now())
    assert only_message(db_session).key == "confirmation:1"


def test_a_server_that_says_later_is_asked_again_after_growing_pauses(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    sign_up(mailing_app, db_session, make_session(db_session, starts_at=utc_now() + timedelta(days=9)))
    mail_server.data_answers = ["451 later"] * MOST_ATTEMPTS
    later = timedelta()
    for pause in PAUSES:
        now = send(mailing_app, db_session, later)
        message = only_message(db_session)
        assert (message.state, message.next_attempt_at) == (MessageState.QUEUED, now + pause)
        send(mailing_app, db_session, later + pause - timedelta(seconds=5))
        assert only_message(db_session).attempts == message.attempts
        later += pause + timedelta(seconds=5)
    send(mailing_app, db_session, later)
    assert (only_message(db_session).state, only_message(db_session).attempts) == (MessageState.FAILED, MOST_ATTEMPTS)
    assert mail_server.inbox == []


def test_greylisting_is_waited_out_under_the_same_name(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    sign_up(mailing_app, db_session, make_session(db_session))
    name = only_message(db_session).message_id
    mail_server.recipient_answers = ["450 not yet"]
    send(mailing_app, db_session)
    send(mailing_app, db_session, PAUSES[0] + timedelta(seconds=1))
    assert mail_server.message_ids() == [name]
    assert only_message(db_session).state == MessageState.SENT


def test_an_address_that_nobody_has_fails_at_once(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    sign_up(mailing_app, db_session, make_session(db_session))
    mail_server.recipient_answers = ["550 nobody of that name"]
    send(mailing_app, db_session)
    assert (only_message(db_session).state, only_message(db_session).attempts) == (MessageState.FAILED, 1)


def test_a_server_that_breaks_off_gets_the_same_message_again(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    """It took the message and died before saying so: whoever reads sees one message, for both have one name."""
    sign_up(mailing_app, db_session, make_session(db_session))
    mail_server.hang_up_after = 1
    send(mailing_app, db_session)
    assert only_message(db_session).state == MessageState.QUEUED
    mail_server.hang_up_after = None
    send(mailing_app, db_session, PAUSES[0] + timedelta(seconds=1))
    assert mail_server.message_ids() == [only_message(db_session).message_id] * 2
    assert mail_server.inbox[0].message["Date"] == mail_server.inbox[1].message["Date"]


def test_a_worker_that_dies_between_sending_and_marking_sends_the_same_message_again(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_args: object, **_values: object) -> None:
        raise Killed

    sign_up(mailing_app, db_session, make_session(db_session))
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending, "_mark", die)
        send(mailing_app, db_session)
    db_session.rollback()
    assert only_message(db_session).state == MessageState.SENDING
    send(mailing_app, db_session, LEASE - timedelta(minutes=1))
    assert len(mail_server.inbox) == 1
    send(mailing_app, db_session, LEASE + timedelta(minutes=1))
    assert mail_server.message_ids() == [only_message(db_session).message_id] * 2
    assert only_message(db_session).state == MessageState.SENT


def test_an_unreachable_server_is_no_messages_fault(
    mailing_app: Flask, db_session: DbSession, make_app: Any, caplog: pytest.LogCaptureFixture
) -> None:
    away = make_app(smtp_url="smtp://127.0.0.1:9")
    sign_up(away, db_session, make_session(db_session))
    with caplog.at_level(logging.WARNING):
        send(away, db_session)
    assert (only_message(db_session).state, only_message(db_session).attempts) == (MessageState.QUEUED, 0)
    assert "does not answer" in caplog.text


def test_logs_hold_no_address(
    mailing_app: Flask,
    db_session: DbSession,
    mail_server: MailServer,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_args: object, **_values: object) -> None:
        raise ValueError(EMAIL)

    mail_server.recipient_answers = ["550 no amina@example.com here", "450 amina@example.com later"]
    session = make_session(db_session)
    with caplog.at_level(logging.DEBUG):
        for _each in range(2):
            sign_up(mailing_app, db_session, session)
            send(mailing_app, db_session)
        monkeypatch.setattr(sending, "as_email", fail)
        sign_up(mailing_app, db_session, session)
        send(mailing_app, db_session)
    assert "was not written: ValueError" in caplog.text
    assert "example.com" not in caplog.text


def test_a_household_whose_address_is_gone_could_not_be_told(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    made = sign_up(mailing_app, db_session, make_session(db_session))
    db_session.execute(sa.update(Household).where(Household.id == made.card.household_id).values(email=None))
    db_session.commit()
    send(mailing_app, db_session)
    message = only_message(db_session)
    assert (message.state, message.drop_reason) == (MessageState.DROPPED, DropReason.UNREACHABLE)
    assert mail_server.inbox == []


def test_a_household_that_deletes_itself_is_told_nothing_more(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    made = sign_up(mailing_app, db_session, make_session(db_session))
    household = db_session.get_one(Household, made.card.household_id)
    act(mailing_app, db_session, delete_household, household, utc_now())
    send(mailing_app, db_session)
    messages = db_session.scalars(sa.select(OutboxMessage)).all()
    assert {(each.state, each.drop_reason) for each in messages} == {(MessageState.DROPPED, DropReason.ERASED)}
    assert mail_server.inbox == []


def test_two_workers_share_the_messages_out(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one worker is in the middle of a message, another sends the rest and none twice."""
    session = make_session(db_session, capacity=None)
    for number in range(5):
        sign_up(mailing_app, db_session, session, email=f"family{number}@example.com")
    inside: list[int] = []
    original = sending._written

    def meanwhile(office: Any, order: Any) -> Any:
        if not inside:
            inside.append(order.id)
            send_due(utc_now())
        return original(office, order)

    monkeypatch.setattr(sending, "_written", meanwhile)
    send(mailing_app, db_session)
    assert sorted(each.recipient for each in mail_server.inbox) == [f"family{n}@example.com" for n in range(5)]
    assert len(set(mail_server.message_ids())) == 5


def test_old_messages_are_forgotten(app: Flask, db_session: DbSession) -> None:
    fact = Fact("confirmation:1", "confirmation", "household", 1, "sv", "session:1")
    now = utc_now()
    act(app, db_session, queue_message, fact, now=now, reachable=False)
    act(app, db_session, forget_old_messages, now + KEPT)
    assert only_message(db_session)
    act(app, db_session, forget_old_messages, now + KEPT + timedelta(minutes=1))
    assert db_session.scalars(sa.select(OutboxMessage)).all() == []
