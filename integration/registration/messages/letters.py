"""The letters about places, read from the rows as they are when the message leaves.

A message that has been overtaken (cancelled since, over since) is Outdated: another one says what is true now.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from integration.activities.models import Activity, Session, SessionStatus
from integration.activities.queries import sessions_by_id
from integration.activities.rules import title_of
from integration.i18n.dates import clock, day
from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import ngettext
from integration.kernel.database import DbSession
from integration.mail.errors import Outdated
from integration.mail.letters import Letter, Order, Visit
from integration.registration.cards import derived_codes
from integration.registration.messages.contacts import contact_cancelled, contact_moved, contact_restored
from integration.registration.messages.pieces import (
    card_link,
    footer,
    next_time,
    to_the_expected,
    to_the_released,
    to_the_waiting,
    visit,
    whats_on,
    whom_to_ask,
)
from integration.registration.messages.reach import HOUSEHOLD
from integration.registration.messages.told import Told, expected, in_words, told_of
from integration.registration.models import Household, Registration, Series, StaffMessage, WaitingState
from integration.registration.queries import card_of_household, live_registration

REMINDED_BEFORE = timedelta(hours=36)
"""A reminder of what is farther away was for a date that has been moved since."""


def confirmation(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """You are signed up: the card, when, where, whom to ask, and the invitation for a calendar."""
    told = expected(db_session, order, card_key)
    subject = _("You are signed up: %(title)s, %(day)s", title=told.title, day=told.day)
    return to_the_expected(told, subject, _("You are signed up!"))


def places_changed(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """More or fewer come: how many now."""
    told = expected(db_session, order, card_key)
    subject = _("Your places have changed: %(title)s, %(day)s", title=told.title, day=told.day)
    return to_the_expected(told, subject, _("Your places have changed"), _("This is how it is now."))


def slot_changed(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """Another individual time."""
    told = expected(db_session, order, card_key)
    subject = _("Your new time: %(title)s, %(day)s", title=told.title, day=told.day)
    return to_the_expected(told, subject, _("Your new time"), _("This is how it is now."))


def session_moved(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """Another time or place: how it is now."""
    if order.recipient_kind != HOUSEHOLD:
        return contact_moved(db_session, order)
    told = expected(db_session, order, card_key)
    subject = _("New time or place: %(title)s, %(day)s", title=told.title, day=told.day)
    heading = _("New time or place")
    if told.registration is None:
        opening = _("Something has changed. This is how it is now. You keep your turn in the queue.")
        return to_the_waiting(told, subject, heading, _("Open the card"), opening)
    opening = _("Something has changed. This is how it is now. You keep your places.")
    return to_the_expected(told, subject, heading, opening)


def session_restored(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """It will be held after all."""
    if order.recipient_kind != HOUSEHOLD:
        return contact_restored(db_session, order)
    told = expected(db_session, order, card_key)
    if told.registration is None:
        raise Outdated
    subject = _("Held after all: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("We said that it was cancelled. Now it will be held. You keep your places.")
    return to_the_expected(told, subject, _("It will be held after all"), opening)


def reminder(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """It is soon: when, where, and the card. Their calendar has it already."""
    told = expected(db_session, order, card_key)
    require_reminder(told, order)
    stopping = _("Do you want no reminders? You can turn them off on your card's page.")
    subject = _("Reminder: %(title)s, %(day)s", title=told.title, day=told.day)
    return replace(to_the_expected(told, subject, _("See you soon!")), closing=(stopping,), calendar=None)


def require_reminder(told: Told, order: Order) -> None:
    """Outdated when they want none any more, it has begun, or it has been moved far away."""
    begun_or_far = not order.now < told.starts_at <= order.now + REMINDED_BEFORE
    if not told.household.reminders or begun_or_far:
        raise Outdated


def session_cancelled(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """It will not be held; when it is next."""
    if order.recipient_kind != HOUSEHOLD:
        return contact_cancelled(db_session, order)
    told = cancelled(db_session, order, card_key)
    subject = _("Cancelled: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("%(title)s on %(day)s will not be held.", title=told.title, day=told.day)
    return to_the_released(told, subject, _("Cancelled"), (opening, *next_time(db_session, told.session, order.now)))


def cancelled(db_session: DbSession, order: Order, card_key: str) -> Told:
    """Whom a cancelled session is told to; Outdated if it is held after all, or they had left before."""
    told = told_of(db_session, order, card_key)
    left = told.registration.cancelled_at if told.registration else told.entry and told.entry.state == WaitingState.LEFT
    if left or told.session.status != SessionStatus.CANCELLED:
        raise Outdated
    return told


def places_given_back(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """You have cancelled; if they have signed up again since, that is what holds."""
    told = given_back(db_session, order, card_key)
    subject = _("You have cancelled: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("Thank you for telling us: now someone else can come.")
    return to_the_released(told, subject, _("You have cancelled"), (opening,))


def given_back(db_session: DbSession, order: Order, card_key: str) -> Told:
    """Who gave places back; Outdated if they have signed up again since."""
    told = told_of(db_session, order, card_key)
    if live_registration(db_session, told.session.id, told.household.id):
        raise Outdated
    return told


def thanks(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """Thank you for coming; when it is next. Who wants no reminders wants no thanks either."""
    household = _household(db_session, order)
    if not household.reminders:
        raise Outdated
    session = sessions_by_id(db_session, [order.facts["session"]])[order.facts["session"]]
    title = in_words(title_of(session))
    return Letter(
        subject=_("Thank you for coming: %(title)s", title=title),
        heading=_("Thank you for coming!"),
        opening=(
            _("It was good that you came to %(title)s on %(day)s.", title=title, day=day(session.starts_at)),
            *next_time(db_session, session, order.now),
        ),
        ask=whom_to_ask(session),
        button=whats_on(),
        closing=(_("Do you want no such messages? Turn reminders off on your card's page."),),
        footer=footer(),
    )


def staff_message(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """What staff wrote to those who come, in the reader's language."""
    told = expected(db_session, order, card_key)
    return Letter(
        subject=_("A message about %(title)s, %(day)s", title=told.title, day=told.day),
        heading=_("A message about %(title)s", title=told.title),
        opening=tuple(line for line in words_of(db_session, order).splitlines() if line.strip()),
        visit=visit(told),
        ask=whom_to_ask(told.session),
        button=card_link(told.codes, _("Open the card")),
        footer=footer(),
    )


def words_of(db_session: DbSession, order: Order) -> str:
    """What staff wrote, in the reader's language or the one it has; Outdated when it has been forgotten."""
    message = db_session.get(StaffMessage, order.facts["message"])
    if message is None:
        raise Outdated
    return in_words(message.texts)


def series_joined(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """Signed up for a whole series: all of its dates."""
    household, dates = series_dates(db_session, order)
    card = card_of_household(db_session, household.id)
    title = in_words(dates[0].activity.title)
    codes = derived_codes(card_key, card.id, card.issue)
    return Letter(
        subject=_("You are signed up for the series: %(title)s", title=title),
        heading=_("You are signed up for the series!"),
        opening=(_("These are your dates. You can drop single ones on your card's page."),),
        visit=Visit(
            title, "", tuple(_("%(day)s at %(time)s", day=day(d.starts_at), time=clock(d.starts_at)) for d in dates)
        ),
        ask=whom_to_ask(dates[0]),
        button=card_link(codes, _("Open the card")),
        footer=footer(),
    )


def series_left(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """You have left a series; if they have joined it again since, that is what holds."""
    title, dates = left_series(db_session, order)
    opening = ngettext(
        "You have left the series. %(num)s date is given back.",
        "You have left the series. %(num)s dates are given back.",
        dates,
    )
    return Letter(
        subject=_("You have left the series: %(title)s", title=title),
        heading=_("You have left the series"),
        opening=(opening, _("Thank you for telling us: now someone else can come.")),
        button=whats_on(),
        footer=footer(),
    )


def left_series(db_session: DbSession, order: Order) -> tuple[str, int]:
    """What the activity is called, and how many dates they gave back."""
    again = sa.exists().where(
        Series.household_id == order.recipient_id,
        Series.activity_id == order.facts["activity"],
        Series.ended_at.is_(None),
    )
    activity = db_session.scalar(sa.select(Activity).where(Activity.id == order.facts["activity"], ~again))
    if activity is None:
        raise Outdated
    return in_words(activity.title), order.facts["dates"]


def series_dates(db_session: DbSession, order: Order) -> tuple[Household, list[Session]]:
    """Whose series it is, and its coming dates by time; Outdated when it has ended or has none."""
    series = db_session.get(Series, order.facts["series"])
    if series is None or series.ended_at:
        raise Outdated
    ids = db_session.scalars(
        sa.select(Registration.session_id).where(
            Registration.series_id == series.id, Registration.cancelled_at.is_(None)
        )
    ).all()
    coming = [each for each in sessions_by_id(db_session, ids).values() if each.ends_at > order.now]
    if not coming:
        raise Outdated
    return db_session.get_one(Household, series.household_id), sorted(coming, key=lambda each: each.starts_at)


def _household(db_session: DbSession, order: Order) -> Household:
    household = db_session.get(Household, order.recipient_id)
    if household is None:
        raise Outdated
    return household
