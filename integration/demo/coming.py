"""Invented weeks ahead of us: rules that go on, families signed up, one date full and one cancelled."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from integration.accounts.rules import Actor
from integration.activities.errors import SessionFull
from integration.activities.models import Activity, Frequency, Session, SignUpMode
from integration.activities.rules import Recurrence, details_of_activity
from integration.activities.services import cancel_session, repeat
from integration.demo.content import Plan
from integration.demo.ways_in import FAIR, SERIES, TIMES, plant_fair, plant_series, plant_times
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.registration.rules import People
from integration.registration.services import register

NAMES = ("Amina", "Bao", "Carmen", "Dmytro", "Elif", "Farid", "Grace", "Hodan", "Ines", "Jamal", "Kaisa", "Linh")
SIGNED_UP_WITHIN = timedelta(days=30)
FULL = "mini-recruitment-fair"
WAITING = (("Nadia", People(2, 0)), ("Omar", People(1, 0)), ("Paula", People(1, 0)))
ONE_CANCELLED = "family-school"


def plant_coming(
    db_session: DbSession, plans: list[Plan], actor: Actor, card_key: str, dice: random.Random, now: datetime
) -> int:
    """Repeat what goes on, sign invented families up, cancel one date; return how many sessions there are."""
    planted = 0
    for plan in plans:
        if "rule" not in plan.content:
            continue
        sessions = _repeated(db_session, plan, actor, now)
        planted += len(sessions)
        _plant_other_ways(db_session, plan.activity.slug, sessions, actor, card_key, dice, now)
        for session in sessions:
            if (
                session.slot_minutes is None
                and session.sign_up != SignUpMode.NONE
                and now < session.starts_at < now + SIGNED_UP_WITHIN
            ):
                _sign_up(db_session, session, plan.activity, card_key, dice, now)
        if plan.activity.slug == ONE_CANCELLED:
            cancel_session(db_session, actor, sessions[2], now=now)
    return planted


def _plant_other_ways(
    db_session: DbSession,
    slug: str,
    sessions: list[Session],
    actor: Actor,
    card_key: str,
    dice: random.Random,
    now: datetime,
) -> None:
    """Individual times at the clinic's next dates, families in the series, a group and stands at the later fair."""
    if slug == TIMES:
        for session in sessions[:3]:
            plant_times(db_session, session, actor, card_key, dice, now)
    elif slug == SERIES and sessions:
        plant_series(db_session, sessions[0], card_key, dice, now)
    elif slug == FAIR and sessions:
        plant_fair(db_session, sessions[-1], actor, now)


def _repeated(db_session: DbSession, plan: Plan, actor: Actor, now: datetime) -> list[Session]:
    details = details_of_activity(plan.activity)
    return repeat(
        db_session, actor, plan.activity, _recurrence(plan.content["rule"], local_date(now)), now=now, details=details
    )


def _recurrence(rule: dict[str, Any], today: date) -> Recurrence:
    """The rule of the content file, from today on."""
    days = {"weeks": 7, "months": 31}
    length = next((rule[unit] * size for unit, size in days.items() if unit in rule), max(rule.get("in_days", [0])))
    weekday = today.weekday() if rule.get("weekday") == "today" else rule.get("weekday")
    return Recurrence(
        frequency=Frequency(rule["frequency"]),
        starts_on=today,
        until_on=today + timedelta(days=length),
        at=time.fromisoformat(rule["time"]),
        interval=rule.get("interval", 1),
        weekday=weekday,
        nth=rule.get("nth"),
        dates=tuple(today + timedelta(days=each) for each in rule.get("in_days", [])),
    )


def _sign_up(
    db_session: DbSession, session: Session, activity: Activity, card_key: str, dice: random.Random, now: datetime
) -> None:
    """Sign families up until the session is about half taken, or full where the demo shows that."""
    capacity = activity.capacity or 0
    wanted = capacity if activity.slug == FULL else capacity * dice.uniform(0.2, 0.6)
    taken = 0
    while taken < wanted:
        people = _people(activity, dice, most=int(capacity - taken))
        try:
            register(
                db_session,
                session,
                None,
                name=dice.choice(NAMES),
                people=people,
                language=dice.choice(("sv", "fi", "en")),
                form_token=f"demo-{session.id}-{taken}-{dice.getrandbits(64):x}",
                card_key=card_key,
                now=now,
            )
        except SessionFull:
            break
        taken += people.adults + people.children
    if activity.slug == FULL:
        _let_wait(db_session, session, card_key, now)


def _let_wait(db_session: DbSession, session: Session, card_key: str, now: datetime) -> None:
    """A few families in the queue of a session that is full."""
    for number, (name, people) in enumerate(WAITING):
        register(
            db_session,
            session,
            None,
            name=name,
            people=people,
            language="sv",
            form_token=f"demo-{session.id}-waits-{number}",
            card_key=card_key,
            now=now,
            may_wait=True,
        )


def _people(activity: Activity, dice: random.Random, most: int) -> People:
    """A household that fits into the places left; children only where families come."""
    adults = min(dice.choice((1, 1, 2)), most)
    children = min(dice.choice((0, 1, 2)), most - adults) if activity.audience in ("families", "residents") else 0
    if activity.asks_age_groups:
        return People.by_age(adults, 0, children, 0)
    return People(adults, children)
