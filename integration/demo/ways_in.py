"""Invented sign-ups of other shapes: individual times, families in a series, a group, stands at a fair."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from integration.accounts.rules import Actor
from integration.activities.models import Session
from integration.activities.queries import slots_of
from integration.activities.rules import planned_slots
from integration.activities.services import plan_slots
from integration.kernel.database import DbSession
from integration.organisations.models import OrganisationKind
from integration.registration.queries.groups import stands_of_session
from integration.registration.queries.series import dates_to_join
from integration.registration.rules import People
from integration.registration.services.groups import register_group
from integration.registration.services.series import Wish, join_series
from integration.registration.services.slots import book_slot
from integration.registration.services.stands import ask_for_stand, confirm_stand

TIMES, SERIES, FAIR = "cv-clinic", "family-school", "mini-recruitment-fair"
MINUTES, LAST_BEGINS = 20, timedelta(minutes=120)
DESKS = ("sv", "fi", "ar")
PHONE = "+358401234567"


def plant_times(
    db_session: DbSession, session: Session, actor: Actor, card_key: str, dice: random.Random, now: datetime
) -> None:
    """Twenty minutes each at three desks; about a third of them are booked."""
    planned = planned_slots(session.starts_at, session.starts_at + LAST_BEGINS, MINUTES, DESKS)
    plan_slots(db_session, actor, session, planned, now=now)
    for slot in slots_of(db_session, session.id):
        if slot.starts_at > now and dice.random() < 0.35:
            book_slot(
                db_session,
                session,
                None,
                slot.id,
                name=dice.choice(("Anton", "Dalia", "Hamid", "Mira", "Olena", "Sami")),
                language=slot.language if slot.language in ("sv", "fi") else "en",
                form_token=f"demo-slot-{slot.id}-{dice.getrandbits(64):x}",
                card_key=card_key,
                now=now,
            )


def plant_series(db_session: DbSession, session: Session, card_key: str, dice: random.Random, now: datetime) -> None:
    """Three families in the series, each without two of its dates."""
    activity = session.activity
    dates = dates_to_join(db_session, activity.id, now)
    for name in ("Farah", "Mykola", "Sahra"):
        dropped = set(dice.sample(range(len(dates)), 2)) if len(dates) > 2 else set()
        people = People.by_age(1, 1, 1, 0) if activity.asks_age_groups else People(1, 2)
        join_series(
            db_session,
            activity,
            [each for number, each in enumerate(dates) if number not in dropped],
            None,
            Wish(name, people, None, None, None, "sv"),
            form_token=f"demo-series-{dice.getrandbits(64):x}",
            card_key=card_key,
            now=now,
        )


def plant_fair(db_session: DbSession, session: Session, actor: Actor, now: datetime) -> None:
    """A class that comes together, one stand that is confirmed and one that waits for an answer."""
    register_group(
        db_session,
        session,
        name="Svenska för invandrare, grupp 2",
        contact_name="Läraren för grupp 2",
        adults=18,
        children=0,
        phone=PHONE,
        email=None,
        help=None,
        language="sv",
        form_token=f"demo-group-{session.key}",
        now=now,
    )
    wishes = (("Påhittade båtar Ab", "Personalchefen", "Ett bord och el"), ("Keksitty leipomo Oy", "Esihenkilö", ""))
    for name, role, needs in wishes:
        ask_for_stand(
            db_session,
            session,
            name=name,
            contact_role=role,
            phone=PHONE,
            email=None,
            needs=needs,
            language="sv",
            form_token=f"demo-stand-{session.key}-{name}",
            now=now,
        )
    first = next(each for each in stands_of_session(db_session, session.id) if each.organisation_name == wishes[0][0])
    confirm_stand(db_session, actor, first, session, None, OrganisationKind.EMPLOYER, now)
