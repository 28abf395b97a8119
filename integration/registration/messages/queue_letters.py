"""The letters about the queue: waiting, an offer, taken in, too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from integration.i18n.dates import clock, day
from integration.i18n.speaking import gettext as _
from integration.kernel.database import DbSession
from integration.mail.errors import Outdated
from integration.mail.letters import Letter, Order
from integration.registration.messages.pieces import to_the_expected, to_the_released, to_the_waiting
from integration.registration.messages.told import Told, expected, told_of
from integration.registration.models import WaitingEntry, WaitingState


def waiting_begun(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """You are in the queue, and what happens next."""
    told, entry = waiting(db_session, order, card_key)
    subject = _("You are in the queue: %(title)s, %(day)s", title=told.title, day=told.day)
    if entry.is_increase:
        meaning = _("You keep the places that you have. When there is room for the others too, we tell you.")
    elif told.session.slot_minutes is not None:
        meaning = _("There is no time for you yet. When one becomes free, we tell you.")
    else:
        meaning = _("The session is full now. When there is room for all of you, we tell you.")
    leaving = _("Do you not want to wait any more? You can leave the queue on your card's page.")
    return replace(
        to_the_waiting(told, subject, _("You are in the queue"), _("See your place in the queue"), meaning),
        closing=(leaving,),
    )


def waiting(db_session: DbSession, order: Order, card_key: str) -> tuple[Told, WaitingEntry]:
    """Who waits; Outdated when they have been offered places, taken in, or left."""
    return _in_state(expected(db_session, order, card_key), WaitingState.WAITING)


def place_offered(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """There is room: say yes in time."""
    told, until = offered(db_session, order, card_key)
    subject = _("There is room for you: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _(
        "We keep the places for you until %(day)s at %(time)s. Say yes before that, or the next family gets them.",
        day=day(until),
        time=clock(until),
    )
    closing = _("You are not signed up until you have said yes.")
    letter = to_the_waiting(told, subject, _("There is room for you!"), _("Answer now"), opening)
    return replace(letter, closing=(closing,))


def offered(db_session: DbSession, order: Order, card_key: str) -> tuple[Told, datetime]:
    """Whom places are kept for, and until when; Outdated when they have answered or it is too late."""
    told, entry = _in_state(expected(db_session, order, card_key), WaitingState.OFFERED)
    if entry.offer_expires_at is None or entry.offer_expires_at <= order.now:
        raise Outdated
    return told, entry.offer_expires_at


def taken_in(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """From the queue to places, without having been asked: the card, the invitation, the way to cancel."""
    told = expected(db_session, order, card_key)
    subject = _("You have places now: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("There was room, so you need not wait any more.")
    return to_the_expected(told, subject, _("You have places now!"), opening)


def offer_expired(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """Nobody answered in time; how to queue again."""
    told = too_late(db_session, order, card_key)
    subject = _("Too late to answer: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("We had no answer from you in time, so the next family got the places.")
    again = _("Do you still want to come? You can queue again on the session's page.")
    return to_the_waiting(told, subject, _("Too late to answer"), _("Open the card"), opening, again)


def too_late(db_session: DbSession, order: Order, card_key: str) -> Told:
    """Whose offer ran out; Outdated when the session is over."""
    told = told_of(db_session, order, card_key)
    if told.session.ends_at <= order.now:
        raise Outdated
    return _in_state(told, WaitingState.EXPIRED)[0]


def waiting_left(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """Staff took you out of the queue."""
    told = out_of_queue(db_session, order, card_key)
    subject = _("Not in the queue any more: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("You are not in the queue any more.")
    return to_the_released(told, subject, _("Not in the queue any more"), (opening,))


def out_of_queue(db_session: DbSession, order: Order, card_key: str) -> Told:
    """Who left the queue; Outdated when they are back in it."""
    return _in_state(told_of(db_session, order, card_key), WaitingState.LEFT)[0]


def _in_state(told: Told, state: WaitingState) -> tuple[Told, WaitingEntry]:
    if told.entry is None or told.entry.state != state:
        raise Outdated
    return told, told.entry
