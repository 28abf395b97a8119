"""Workers die while they send, again and again: everybody is told, and nobody is told under two names."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session as DbSession

from integration.kernel.clock import utc_now
from integration.mail.models import MessageState, OutboxMessage
from tests.factories.activities import make_session
from tests.fixtures.mail import MailServer
from tests.fixtures.servers import PATIENCE_SECONDS, ROOT, free_port
from tests.fixtures.settings import CARD_KEY, SECRET_KEY
from tests.web.messages.signing import send, sign_up
from tools.setup.serving import is_sqlite, server_command, worker_command

FAMILIES, DEATHS, BETWEEN_DEATHS = 30, 3, 5


def test_workers_die_and_everybody_is_told_once(
    mailing_app: Flask, database_url: str, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session, capacity=None)
    for number in range(FAMILIES):
        sign_up(mailing_app, db_session, session, email=f"family{number}@example.com")
    mail_server.pause_seconds = 0.1
    for death in range(1, DEATHS + 1):
        _die_while_sending(database_url, mail_server, death * BETWEEN_DEATHS)
        _let_claims_run_out(db_session)
    mail_server.pause_seconds = 0
    send(mailing_app, db_session)
    messages = db_session.scalars(sa.select(OutboxMessage)).all()
    assert {each.state for each in messages} == {MessageState.SENT}
    assert len({each.key for each in messages}) == FAMILIES
    times = Counter(mail_server.message_ids())
    assert times.keys() == {each.message_id for each in messages}
    assert times.total() <= FAMILIES + DEATHS, "each death costs at most the one message that was under way"
    names = {(each.recipient, each.message["Message-ID"]) for each in mail_server.inbox}
    assert len(names) == FAMILIES


def _die_while_sending(database_url: str, mail_server: MailServer, letters: int) -> None:
    """Let the worker send until so many letters have come in all, then kill it and its children in mid-sentence."""
    worker = subprocess.Popen(
        server_command(database_url, free_port()) if is_sqlite(database_url) else worker_command(),
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET_KEY,
            "CARD_KEY": CARD_KEY,
            "BASE_URL": "http://delaktig.test",
            "SMTP_URL": mail_server.url,
            "DEMO": "0",
            "BACKGROUND_JOBS": "1",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 3 * PATIENCE_SECONDS
        while len(mail_server.inbox) < letters:
            assert worker.poll() is None and time.monotonic() < deadline, "the worker sends nothing"
            time.sleep(0.01)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def _let_claims_run_out(db_session: DbSession) -> None:
    """As if the lease of what the dead had in hand were over."""
    db_session.rollback()
    db_session.execute(
        sa.update(OutboxMessage).where(OutboxMessage.state == MessageState.SENDING).values(next_attempt_at=utc_now())
    )
    db_session.commit()
