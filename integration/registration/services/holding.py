"""Floods of sign-ups from one network: held apart, and accepted or removed by staff in one action.

Why so: docs/decisions/0013-floods.md. What is held takes no places and no turn in a queue, and nobody is written
to; the household's page says that somebody looks at it first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from integration.accounts.rules import Actor
from integration.activities.models import Session, Slot
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.kernel.errors import Refusal
from integration.kernel.rate_limits import Limit, count_attempt
from integration.kernel.tokens import digest, random_id
from integration.registration.models import (
    Card,
    HeldSignUp,
    Hold,
    Household,
    Registration,
    Series,
    SharedPhone,
    SignUpOrigin,
    WaitingEntry,
)
from integration.registration.queries import card_of_household, registration_by_form
from integration.registration.queries.holds import (
    arrivals_since,
    held_by_form,
    is_without_places,
    latest_hold,
    unknown_arrivals,
)
from integration.registration.queries.slots import free_slot
from integration.registration.rules import People
from integration.registration.rules.floods import FLOOD_WINDOW, ORIGINS_KEPT, is_flood
from integration.registration.services.cards import issue_card
from integration.registration.services.giving_back import cancel_registration
from integration.registration.services.households import delete_household
from integration.registration.services.signing_up import SignedUp, register
from integration.registration.services.waiting import leave_queue
from integration.registration.services.writing import insert_unless_taken

_ONE_AT_A_TIME = Limit("sign_up", 2**31 - 2, timedelta(days=1))
"""No limit: a counter whose row makes two sign-ups from one network wait for each other."""


def hold_of(
    db_session: DbSession, network: str | None, household: Household | None, people: People, now: datetime
) -> Hold | None:
    """The flood that this sign-up is part of; None when it is an ordinary one. Ask before signing up.

    The sign-up with which a flood begins to show takes along those that came before it. A household that was
    there before the flood is never part of it, nor is a network of which staff said the same day that it is known.
    """
    if network is None or (household is not None and household.created_at < now - FLOOD_WINDOW):
        return None
    count_attempt(db_session.connection(), _ONE_AT_A_TIME, network, now)
    arrivals = arrivals_since(db_session, network, now - FLOOD_WINDOW)
    if not is_flood(arrivals.sign_ups + 1, arrivals.people + people.total):
        return None
    hold = latest_hold(db_session, network)
    if hold is not None and hold.accepted_at:
        return None
    if hold is None or hold.last_at < now - FLOOD_WINDOW:
        hold = _begin(db_session, network, now)
        _take_along(db_session, hold, network, now - FLOOD_WINDOW, now)
        record(db_session, Audited.SIGN_UPS_HELD, "hold", hold.id, account_id=None, now=now)
    hold.last_at = now
    return hold


def held_back(
    db_session: DbSession,
    network: str | None,
    session: Session,
    household: Household | None,
    *,
    people: People,
    form_token: str,
    now: datetime,
    **answers: Any,
) -> Card | None:
    """The card of a sign-up that staff look at first: part of a flood, or held when the same form came before.

    None: nothing holds it back. ``answers`` are the other arguments of ``hold_sign_up``.
    """
    again = _held_card(db_session, session.id, form_token) if network else None
    if again is not None:
        return again
    hold = hold_of(db_session, network, household, people, now)
    if hold is None:
        return None
    answers |= {"people": people, "form_token": form_token, "now": now}
    return hold_sign_up(db_session, hold, session, household, **answers)


def _held_card(db_session: DbSession, session_id: int, form_token: str) -> Card | None:
    """Whose sign-up an earlier sending of the same form made, if staff have yet to look at it."""
    held = held_by_form(db_session, digest(f"{session_id}|{form_token}"))
    return card_of_household(db_session, held.household_id) if held else None


def note_arrival(
    db_session: DbSession,
    network: str | None,
    household_id: int,
    known_id: int | None,
    session_id: int,
    people: People,
    now: datetime,
) -> None:
    """Write down for a day from which network a sign-up came, and on whose phone: ``known_id`` is who it remembers."""
    if network is not None:
        _note_origin(db_session, network, household_id, session_id, people, now)
    if known_id is not None and known_id != household_id:
        insert_unless_taken(db_session, SharedPhone, household_id=household_id, other_id=known_id, at=now)


def hold_sign_up(
    db_session: DbSession,
    hold: Hold,
    session: Session,
    household: Household | None,
    *,
    name: str,
    people: People,
    phone: str | None,
    email: str | None,
    help: str | None,
    language: str,
    form_token: str,
    card_key: str,
    now: datetime,
    slot_id: int | None = None,
    slot_language: str | None = None,
) -> Card:
    """Keep a sign-up for staff to look at; the household gets its card all the same. Repeating it is harmless."""
    form_digest = digest(f"{session.id}|{form_token}")
    earlier = held_by_form(db_session, form_digest) or registration_by_form(db_session, form_digest)
    if earlier is not None:
        return card_of_household(db_session, earlier.household_id)
    if household is None:
        household = Household(
            id=random_id(), name=name, phone=phone, email=email, language=language, created_at=now, reminders=True
        )
        db_session.add(household)
        db_session.flush()
        card = issue_card(db_session, household.id, card_key, now)
    else:
        card = card_of_household(db_session, household.id)
    turn = _note_origin(db_session, hold.network, household.id, session.id, people, now) if hold.network else 0
    wishes = {"help": help or None, "slot_id": slot_id, "slot_language": slot_language}
    _keep(db_session, hold, session.id, household.id, people, form_digest, now, turn=turn, **wishes)
    return card


def note_series(
    db_session: DbSession,
    network: str | None,
    household_id: int,
    known_id: int | None,
    session_ids: Sequence[int],
    people: People,
    now: datetime,
) -> None:
    """Write down where a series came from: one sign-up, whose people are counted once, for all of its dates."""
    for number, session_id in enumerate(session_ids):
        counted = people if number == 0 else People(0, 0)
        note_arrival(db_session, network, household_id, known_id, session_id, counted, now)


def hold_series(
    db_session: DbSession, hold: Hold, sessions: Sequence[Session], household: Household | None, **wish: Any
) -> Card:
    """Keep the dates of a series for staff to look at, each as a sign-up of its own."""
    first, *others = sessions
    card = hold_sign_up(db_session, hold, first, household, **wish)
    for each in others:
        hold_sign_up(db_session, hold, each, card.household, **wish)
    return card


def hold_network(db_session: DbSession, actor: Actor, network: str, now: datetime) -> Hold:
    """Staff hold everything new that came from a network in the last day: it looked wrong to them."""
    hold = _begin(db_session, network, now)
    _take_along(db_session, hold, network, now - ORIGINS_KEPT, now)
    record(db_session, Audited.SIGN_UPS_HELD, "hold", hold.id, account_id=actor.account_id, now=now)
    return hold


def accept_held(
    db_session: DbSession, actor: Actor, hold: Hold, held: Sequence[HeldSignUp], card_key: str, now: datetime
) -> int:
    """Let held sign-ups count, each in its turn: those for whom there is no room any more wait in the queue.

    Answers how many have places now. More from the same network on this day is no flood.
    """
    hold.accepted_at = now
    taken = 0
    for each in sorted(held, key=lambda each: (each.session_id, each.created_at, each.turn, each.id)):
        taken += _accept(db_session, each, card_key, now)
        db_session.delete(each)
    db_session.flush()
    facts = {"sign_ups": len(held), "with_places": taken}
    record(db_session, Audited.HOLD_ACCEPTED, "hold", hold.id, account_id=actor.account_id, now=now, **facts)
    return taken


def remove_held(db_session: DbSession, actor: Actor, hold: Hold, held: Sequence[HeldSignUp], now: datetime) -> None:
    """Remove held sign-ups, and the households that are nothing but these; nobody is written to."""
    households = {each.household_id: each.household for each in held}
    for each in held:
        db_session.delete(each)
    db_session.flush()
    for household_id, household in households.items():
        if is_without_places(db_session, household_id):
            delete_household(db_session, household, now)
    facts = {"sign_ups": len(held), "people": sum(each.adults + each.children for each in held)}
    record(db_session, Audited.HOLD_REMOVED, "hold", hold.id, account_id=actor.account_id, now=now, **facts)


def forget_origins(db_session: DbSession, now: datetime) -> None:
    """Drop where sign-ups came from after a day, and what staff have not looked at before its session was over."""
    since = now - ORIGINS_KEPT
    db_session.execute(sa.delete(SignUpOrigin).where(SignUpOrigin.at < since))
    db_session.execute(sa.update(Hold).where(Hold.last_at < since, Hold.network.is_not(None)).values(network=None))
    over = sa.select(Session.id).where(Session.ends_at < since)
    db_session.execute(sa.delete(HeldSignUp).where(HeldSignUp.session_id.in_(over)))


def _begin(db_session: DbSession, network: str, now: datetime) -> Hold:
    hold = Hold(id=random_id(), network=network, began_at=now, last_at=now)
    db_session.add(hold)
    db_session.flush()
    return hold


def _take_along(db_session: DbSession, hold: Hold, network: str, since: datetime, now: datetime) -> None:
    """Give back what came before the flood showed: in the order of sessions, as everybody locks their places.

    Of one session the entries in the queue go first, so that no place that comes free goes to the flood again.
    """
    for row, session, turn in unknown_arrivals(db_session, network, since):
        people = People(row.adults, row.children, row.children_0_6, row.children_7_12, row.children_13_17)
        form_digest = row.form_digest or digest(f"row|{row.id}")
        household_id, wishes = row.household_id, {"help": row.help, "slot_id": row.slot_id}
        if session.ends_at <= now:
            continue
        if isinstance(row, WaitingEntry):
            wishes["slot_language"] = row.slot_language
            sent_at, gone = row.queued_at, leave_queue(db_session, row, session, now)
        else:
            sent_at, gone = row.created_at, cancel_registration(db_session, row, session, now, told=False)
        if row.series_id is not None:
            _end_series(db_session, row.series_id, now)
        if gone:
            _keep(db_session, hold, session.id, household_id, people, form_digest, sent_at, turn=turn, **wishes)


def _end_series(db_session: DbSession, series_id: int, now: datetime) -> None:
    """What is held takes no part in dates that are added later."""
    live = sa.and_(Series.id == series_id, Series.ended_at.is_(None))
    db_session.execute(sa.update(Series).where(live).values(ended_at=now))


def _note_origin(
    db_session: DbSession, network: str, household_id: int, session_id: int, people: People, now: datetime
) -> int:
    """Write the arrival down; the how-manieth of its network it is."""
    of_network = sa.select(sa.func.coalesce(sa.func.max(SignUpOrigin.turn), 0) + 1).where(
        SignUpOrigin.network == network
    )
    values = {"network": network, "household_id": household_id, "session_id": session_id, "at": now}
    origin = SignUpOrigin(id=random_id(), people=people.total, turn=of_network.scalar_subquery(), **values)
    db_session.add(origin)
    db_session.flush()
    return origin.turn


def _keep(
    db_session: DbSession,
    hold: Hold,
    session_id: int,
    household_id: int,
    people: People,
    form_digest: str,
    sent_at: datetime,
    **more: Any,
) -> None:
    held = HeldSignUp(
        id=random_id(),
        hold_id=hold.id,
        session_id=session_id,
        household_id=household_id,
        adults=people.adults,
        children=people.children,
        children_0_6=people.children_0_6,
        children_7_12=people.children_7_12,
        children_13_17=people.children_13_17,
        form_digest=form_digest,
        created_at=sent_at,
        **more,
    )
    db_session.add(held)
    db_session.flush()


def _accept(db_session: DbSession, held: HeldSignUp, card_key: str, now: datetime) -> bool:
    """Whether it has places now; one whose session will not be, or that has signed up again, needs none.

    Where somebody has meanwhile taken the individual time that was chosen, they choose another on their page.
    """
    household = held.household
    people = People(held.adults, held.children, held.children_0_6, held.children_7_12, held.children_13_17)
    chosen = db_session.get(Slot, held.slot_id) if held.slot_id is not None else None
    still_free = chosen is not None and free_slot(db_session, held.session_id, chosen.id, now) is not None
    try:
        with db_session.begin_nested():
            signed_up = register(
                db_session,
                held.session,
                household,
                name=household.name or "",
                people=people,
                help=held.help,
                slot_id=held.slot_id if still_free else None,
                slot_language=chosen.language if chosen else held.slot_language,
                language=household.language,
                form_token=f"held|{held.id}",
                card_key=card_key,
                now=now,
                may_wait=True,
            )
    except Refusal:
        return False
    _answer_for_form(db_session, held.form_digest, signed_up)
    return signed_up.registration is not None


def _answer_for_form(db_session: DbSession, form_digest: str, signed_up: SignedUp) -> None:
    """The form that was held, sent again, is answered with what became of it, not with what was given back before."""
    for table in (Registration, WaitingEntry):
        db_session.execute(sa.update(table).where(table.form_digest == form_digest).values(form_digest=None))
    made = signed_up.registration or signed_up.entry
    if made is not None:
        made.form_digest = form_digest
    db_session.flush()
