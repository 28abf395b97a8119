"""Server and worker are killed while families sign up, change, cancel and queue, and while they are written to.

Afterwards nothing that was acknowledged is lost, nobody has had two of the same message, and the counters are right.
A short run by default; ``./test --all`` lets it last a minute and two thousand writes.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import httpx
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session, SessionPlaces
from integration.kernel.clock import utc_now
from integration.kernel.tokens import digest, random_token
from integration.mail.models import Channel, MessageState, OutboxMessage
from integration.registration.models import Registration, WaitingEntry, WaitingState
from tests.factories.activities import make_activity, make_session
from tests.fixtures.killing import Caller, MortalServers, Plan
from tests.fixtures.mail import MailServer
from tests.sampling import EVERYTHING
from tests.web.messages.signing import send
from tools.sms_gateway import Gateway

SECONDS, ENOUGH, DEATHS = (60, 2000, 10) if EVERYTHING else (6, 40, 2)
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]*)"')
_numbers = itertools.count(1)


@dataclass
class Kept:
    """What a family was told that it has: its places, or its turn in a queue."""

    number: int
    secret: str
    token: str
    people: int
    roomy: bool
    waits: bool
    live: bool = True
    certain: bool = True
    contact: tuple[bool, bool] = (False, False)


@dataclass
class Families:
    """Everybody who was acknowledged something, and how many acknowledgements there were."""

    roomy: str
    tight: Sequence[str]
    kept: list[Kept] = field(default_factory=list)
    acknowledged: int = 0

    def sign_up(self, caller: Caller) -> None:
        """A new family; where the connection breaks, it sends the same form again until it knows."""
        number = next(_numbers)
        key = self.roomy if caller.chance.random() < 0.6 else caller.chance.choice(self.tight)
        email, phone = caller.chance.random() < 0.3, caller.chance.random() < 0.3
        form = {
            "name": f"Family {number}",
            "adults": str(caller.chance.randint(1, 3)),
            "children": "0",
            "form_token": random_token(),
            "wait": "yes",
            **({"email": f"family{number}@example.com"} if email else {}),
            **({"phone": f"040{number:07d}"} if phone else {}),
        }
        answer = None
        while answer is None:
            answer = self._post(caller, f"/en/sessions/{key}", form)
        told = urlsplit(answer.headers["location"])
        query = parse_qs(told.query)
        kept = Kept(
            number=int((query.get("registered") or query["waiting"])[0]),
            secret=told.path.rpartition("/")[2],
            token=digest(form["form_token"]),
            people=int(form["adults"]),
            roomy=key == self.roomy,
            waits="waiting" in query,
            contact=(email, phone),
        )
        self.kept.append(kept)
        caller.notes.setdefault("mine", []).append(kept)

    def change(self, caller: Caller) -> None:
        """Another number of people, where there is room for any."""
        mine = [each for each in caller.notes.get("mine", ()) if each.live and each.roomy and each.certain]
        if not mine:
            return
        kept, people = caller.chance.choice(mine), caller.chance.randint(1, 6)
        form = {"registration": str(kept.number), "adults": str(people), "children": "0"}
        kept.certain = self._post(caller, f"/en/cards/{kept.secret}/places", form) is not None
        kept.people = people

    def cancel(self, caller: Caller) -> None:
        """Places given back, a turn in the queue given up."""
        mine = [each for each in caller.notes.get("mine", ()) if each.live and each.certain]
        if not mine:
            return
        kept = caller.chance.choice(mine)
        what, way = ("entry", "leave") if kept.waits else ("registration", "cancel")
        if kept.waits and caller.chance.random() < 0.7:
            return
        kept.certain = self._post(caller, f"/en/cards/{kept.secret}/{way}", {what: str(kept.number)}) is not None
        kept.live = False

    def _post(self, caller: Caller, path: str, form: dict[str, str]) -> httpx.Response | None:
        """Post from a network of one's own; None when nobody acknowledged it."""
        if "csrf" not in caller.notes:
            page = caller.get(f"/en/sessions/{self.roomy}")
            if page is None:
                return None
            caller.notes["csrf"], caller.notes["cookies"] = CSRF.findall(page.text)[0], dict(caller.client.cookies)
        caller.client.cookies = httpx.Cookies(caller.notes["cookies"])
        network = f"10.{caller.chance.randrange(256)}.{caller.chance.randrange(256)}.{caller.chance.randrange(256)}"
        data = {**form, "csrf_token": caller.notes["csrf"]}
        answer = caller.post(path, data=data, headers={"X-Forwarded-For": network})
        if answer is not None:
            assert answer.status_code == 303, f"{path}: {answer.status_code}\n{answer.text[:2000]}"
            self.acknowledged += 1
        return answer


def test_killed_again_and_again(
    mortal_servers: Callable[..., MortalServers],
    telling_app: Flask,
    db_session: DbSession,
    mail_server: MailServer,
    sms_gateway: Gateway,
) -> None:
    activity = make_activity(db_session)
    roomy = make_session(db_session, activity=activity, capacity=None)
    tight = [make_session(db_session, activity=activity, capacity=25) for _each in range(3)]
    db_session.commit()
    families = Families(roomy.key, [each.key for each in tight])
    servers = mortal_servers(TRUSTED_PROXIES="1", SMTP_URL=mail_server.url, SMS_URL=sms_gateway.url)

    def enough() -> bool:
        return families.acknowledged >= ENOUGH and len(servers.kills) >= DEATHS

    plan = Plan(SECONDS, (1.5, 3.0), enough=enough)
    servers.run([families.sign_up, families.sign_up, families.sign_up, families.change, families.cancel], plan)
    servers.end()
    _let_claims_run_out(db_session)
    doubtful = _everything_left(telling_app, db_session)

    print(  # noqa: T201 - the figures of a long run
        f"{families.acknowledged} acknowledged writes, {len(servers.kills)} deaths with "
        f"{[each.in_flight for each in servers.kills]} requests in flight, {len(mail_server.inbox)} letters, "
        f"{len(sms_gateway.taken)} SMS, {doubtful} doubtful"
    )
    assert len(servers.kills) >= DEATHS and all(each.in_flight for each in servers.kills)
    assert families.acknowledged >= ENOUGH
    _nothing_acknowledged_is_lost(db_session, families)
    for session in (roomy, *tight):
        _counters_are_right(db_session, session)
    _nobody_is_told_twice(db_session, mail_server, sms_gateway)
    _everybody_is_told(db_session, families, mail_server)
    assert doubtful <= len(servers.kills), "each death costs at most the one SMS that was in hand"


def _nothing_acknowledged_is_lost(db_session: DbSession, families: Families) -> None:
    registrations = {each.id: each for each in db_session.scalars(sa.select(Registration))}
    entries = {each.id: each for each in db_session.scalars(sa.select(WaitingEntry))}
    for kept in families.kept:
        if kept.waits:
            entry = entries[kept.number]
            assert not (kept.certain and not kept.live) or entry.state != WaitingState.WAITING
            continue
        registration = registrations[kept.number]
        if kept.certain:
            assert (registration.cancelled_at is None) == kept.live
            assert registration.adults + registration.children == kept.people
    numbers = Counter((kept.waits, kept.number) for kept in families.kept)
    assert set(numbers.values()) <= {1}, "one form makes one sign-up, however often it was sent"


def _counters_are_right(db_session: DbSession, session: Session) -> None:
    people = Registration.adults + Registration.children
    taken = db_session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(people), 0)).where(
            Registration.session_id == session.id, Registration.cancelled_at.is_(None)
        )
    )
    entries = db_session.scalars(sa.select(WaitingEntry).where(WaitingEntry.session_id == session.id)).all()
    waiting = sum(each.state == WaitingState.WAITING for each in entries)
    offered = sum(each.places for each in entries if each.state == WaitingState.OFFERED)
    counters = db_session.get_one(SessionPlaces, session.id)
    assert (counters.taken, counters.offered, counters.waiting) == (taken, offered, waiting)
    assert counters.capacity is None or counters.taken + counters.offered <= counters.capacity


def _nobody_is_told_twice(db_session: DbSession, mail_server: MailServer, sms_gateway: Gateway) -> None:
    known = set(db_session.scalars(sa.select(OutboxMessage.message_id)))
    names = {(each.recipient, each.message["Subject"], each.message["Message-ID"]) for each in mail_server.inbox}
    assert {name for _recipient, _subject, name in names} <= known
    confirmations = Counter(recipient for recipient, subject, _name in names if subject.startswith("You are signed up"))
    assert set(confirmations.values()) <= {1}, "a second Message-ID for the same fact"
    assert set(Counter(each.key for each in sms_gateway.taken).values()) <= {1}, "a second SMS under one key"
    signed_up = Counter(each.to for each in sms_gateway.taken if each.text.startswith("You are signed up"))
    assert set(signed_up.values()) <= {1}, "a second SMS about the same fact"


def _everybody_is_told(db_session: DbSession, families: Families, mail_server: MailServer) -> None:
    """At least once by e-mail: whoever has places, an address, and did not cancel, got the letter."""
    states = {row.key: row.state for row in db_session.execute(sa.select(OutboxMessage.key, OutboxMessage.state))}
    for kept in families.kept:
        email, phone = kept.contact
        if kept.waits or not (email or phone):
            continue
        state = states[f"confirmation:{kept.number}" + ("" if email else "/sms")]
        if kept.live and kept.certain:
            assert state in ((MessageState.SENT,) if email else (MessageState.SENT, MessageState.DOUBTFUL))
    received = {each.message["Message-ID"] for each in mail_server.inbox}
    sent = db_session.scalars(
        sa.select(OutboxMessage.message_id).where(
            OutboxMessage.channel == Channel.EMAIL, OutboxMessage.state == MessageState.SENT
        )
    )
    assert set(sent) <= received


def _let_claims_run_out(db_session: DbSession) -> None:
    """As if the lease of what the dead had in hand were over."""
    db_session.rollback()
    db_session.execute(
        sa.update(OutboxMessage).where(OutboxMessage.state == MessageState.SENDING).values(next_attempt_at=utc_now())
    )
    db_session.commit()


def _everything_left(app: Flask, db_session: DbSession) -> int:
    """Send what still waits; how many SMS are in doubt."""
    waiting = sa.select(sa.func.count()).where(
        OutboxMessage.state == MessageState.QUEUED, OutboxMessage.next_attempt_at <= utc_now()
    )
    for _round in range(20):
        send(app, db_session)
        if not db_session.scalar(waiting):
            break
    doubtful = sa.select(sa.func.count()).where(OutboxMessage.state == MessageState.DOUBTFUL)
    return db_session.scalar(doubtful) or 0
