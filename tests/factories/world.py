"""A whole small city for tests of pages: Vaasa's programme, the demo's content, and a session in every state."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from integration.accounts.rules import Actor, Role
from integration.activities.models import Activity, Session, SessionStatus, SignUpMode
from integration.activities.rules import details_of_activity
from integration.activities.services import cancel_session, create_session
from integration.demo.coming import plant_coming
from integration.demo.content import Plan, plant_content
from integration.demo.history import close_history, plant_history
from integration.demo.people import PASSWORD, plant_staff
from integration.indicators.services import rebuild
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession, transaction
from integration.kernel.tokens import random_id
from integration.mail.models import Channel, DropReason, MessageState, OutboxMessage
from integration.mail.services import queue_message
from integration.programme.models import Action, Indicator, Programme
from integration.programme.programme_file import read_programme
from integration.programme.services import load_programme
from integration.registration.cards import Codes, derived_codes, feed_token
from integration.registration.messages import fact_of
from integration.registration.models import Hold
from integration.registration.rules import People
from integration.registration.services import hold_sign_up, issue_blank_cards, register
from tests.factories.queues import plant_queue
from tests.factories.spreadsheets import plant_imports
from tests.factories.ways_in import plant_ways_in
from tests.fixtures.settings import CARD_KEY

PROGRAMME_FILE = Path(__file__).resolve().parents[2] / "programmes" / "vaasa-2023-2026.yaml"
COORDINATOR = Actor(account_id=0, roles=((Role.COORDINATOR, None),))
SEED = 2026
_tokens = count(1)

__all__ = ["PASSWORD", "World", "plant_city", "plant_session", "plant_world"]


@dataclass(frozen=True)
class World:
    """What tests need to know to open pages: sessions' keys by what they are like, and one household's secrets."""

    sessions: dict[str, str]
    codes: Codes
    feed: str
    registration: int
    desk: dict[str, int] = field(default_factory=dict)
    """Ids for the desk's pages: ``$household``, ``$other`` and ``$batch``."""
    hold: int = 0


def plant_city(app: Flask, *, years: bool = True) -> list[Plan]:
    """Vaasa's programme, the demo's associations, venues, activities and staff; with ``years``, their history too."""
    now = utc_now()
    with app.app_context(), transaction() as db_session:
        load_programme(db_session, read_programme(PROGRAMME_FILE.read_bytes()), now)
        programme = db_session.scalars(sa.select(Programme)).one()
        _let_it_run(db_session, programme, local_date(now).year)
        plans = plant_content(db_session, programme)
        plant_staff(db_session, now)
        if years:
            dice = random.Random(SEED)
            plant_history(db_session, plans, dice, now, 1)
            close_history(db_session, now)
            plant_coming(db_session, plans, COORDINATOR, CARD_KEY, dice, now)
            rebuild(db_session, now)
        return plans


def _let_it_run(db_session: DbSession, programme: Programme, year: int) -> None:
    """Prolong the programme where tests run after its end: what is looked at is a programme under way."""
    last = programme.last_year
    if last < year:
        for model in (Programme, Action, Indicator):
            db_session.execute(sa.update(model).where(model.last_year == last).values(last_year=year))


def plant_world(app: Flask) -> World:
    """The city with its years, one more session of every kind, and a household that is signed up."""
    plan_by_slug = {plan.activity.slug: plan.activity for plan in plant_city(app)}
    imports = plant_imports(app)
    now = utc_now()
    with app.app_context(), transaction() as db_session:
        cafe, school = (db_session.merge(plan_by_slug[slug]) for slug in ("culture-cafe", "family-school"))
        made = {
            "open": _session(db_session, cafe, now + timedelta(days=2)),
            "ages": _session(db_session, school, now + timedelta(days=3)),
            "full": _session(db_session, cafe, now + timedelta(days=4), capacity=3),
            "drop_in": _session(db_session, cafe, now + timedelta(days=5), sign_up=SignUpMode.NONE, capacity=None),
            "running": _session(db_session, cafe, now - timedelta(minutes=20)),
            "cancelled": _session(db_session, cafe, now + timedelta(days=6)),
            "incomplete": _session(db_session, cafe, now + timedelta(days=7), title={"sv": "Bara på svenska"}),
            "online": _session(
                db_session, cafe, now + timedelta(days=8), venue_id=None, online_url="https://meet.example.invalid/cafe"
            ),
        }
        signed_up = _sign_up(db_session, made["open"], People(2, 1), now)
        for name in ("ages", "online", "cancelled"):
            _sign_up(db_session, made[name], _people(made[name]), now, household=signed_up.card.household)
        _sign_up(db_session, made["full"], People(2, 1), now)
        _write_messages(db_session, made["running"], _sign_up(db_session, made["running"], People(2, 2), now), now)
        cancel_session(db_session, COORDINATOR, made["cancelled"], now=now)
        card = signed_up.card
        clinic, fair = (db_session.merge(plan_by_slug[slug]) for slug in ("cv-clinic", "mini-recruitment-fair"))
        queue = plant_queue(db_session, COORDINATOR, cafe, now)
        ways_in = plant_ways_in(db_session, COORDINATOR, clinic, school, fair, now)
        return World(
            {name: each.key for name, each in made.items()} | {"past": _past(db_session, now)} | ways_in | queue,
            derived_codes(CARD_KEY, card.id, card.issue),
            feed_token(CARD_KEY, card.id, card.issue),
            signed_up.registration.id,
            hold=_hold_a_flood(db_session, made["ages"], now),
            desk=_desk(db_session, card.household_id, now) | imports,
        )


def _desk(db_session: DbSession, household_id: int, now: datetime) -> dict[str, int]:
    """What the desk's pages are tried with: the household, and a stack of blank cards."""
    cards = issue_blank_cards(db_session, 3, "ar", CARD_KEY, now)
    return {"$household": household_id, "$other": cards[0].household_id, "$batch": cards[0].batch or 0}


def plant_session(app: Flask, slug: str, starts_at: datetime, **over: Any) -> str:
    """One more session of this activity of the city; returns its key."""
    with app.app_context(), transaction() as db_session:
        activity = db_session.scalars(sa.select(Activity).where(Activity.slug == slug)).one()
        return _session(db_session, activity, starts_at, **over).key


def _session(db_session: DbSession, activity: Activity, starts_at: datetime, **over: Any) -> Session:
    details = details_of_activity(activity)
    changed = type(details)(**{**vars(details), **over})
    return create_session(db_session, COORDINATOR, activity, starts_at, now=utc_now(), details=changed)


def _people(session: Session) -> People:
    return People.by_age(1, 1, 1, 0) if session.activity.asks_age_groups else People(1, 1)


def _sign_up(db_session: DbSession, session: Session, people: People, now: datetime, household: Any = None) -> Any:
    number = next(_tokens)
    return register(
        db_session,
        session,
        household,
        name="Amina",
        people=people,
        phone="0400000000" if household is None else None,
        help="Arabic, please",
        language="sv",
        form_token=f"world-{number}",
        card_key=CARD_KEY,
        now=now,
    )


def _write_messages(db_session: DbSession, session: Session, made: Any, now: datetime) -> None:
    """One message in each state that staff can see."""
    states: tuple[tuple[str, Channel, dict[str, Any]], ...] = (
        ("confirmation", Channel.EMAIL, {"state": MessageState.SENT, "sent_at": now}),
        ("reminder", Channel.EMAIL, {"state": MessageState.QUEUED}),
        ("session_moved", Channel.EMAIL, {"state": MessageState.DROPPED, "drop_reason": DropReason.UNREACHABLE}),
        ("reminder_soon", Channel.SMS, {"state": MessageState.DOUBTFUL}),
    )
    for kind, channel, state in states:
        registration, household = made.registration, made.card.household
        queue_message(db_session, fact_of(kind, registration, household, ":world"), now=now, channel=channel)
        key = f"{kind}:{registration.id}:world{'/sms' if channel == Channel.SMS else ''}"
        db_session.execute(sa.update(OutboxMessage).where(OutboxMessage.key == key).values(**state))


def _hold_a_flood(db_session: DbSession, session: Session, now: datetime) -> int:
    """Two sign-ups that staff have to look at; returns what they hang on."""
    hold = Hold(id=random_id(), network=None, began_at=now, last_at=now)
    db_session.add(hold)
    db_session.flush()
    for number in range(2):
        answers: dict[str, Any] = {"phone": None, "email": None, "help": None, "language": "sv", "card_key": CARD_KEY}
        token = f"world-held-{number}"
        people = People.by_age(6, 6, 0, 0)
        hold_sign_up(db_session, hold, session, None, name="Omar", people=people, form_token=token, now=now, **answers)
    return hold.id


def _past(db_session: DbSession, now: datetime) -> str:
    """The latest culture café that is over."""
    statement = (
        sa.select(Session.key)
        .join(Activity)
        .where(Activity.slug == "culture-cafe", Session.ends_at < now, Session.status == SessionStatus.PLANNED)
        .order_by(Session.starts_at.desc())
        .limit(1)
    )
    key: str = db_session.scalars(statement).one()
    return key
