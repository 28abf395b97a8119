"""The same as SMS: one sentence that fits into one part, and a short way to the card's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from integration.i18n.dates import clock
from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import ngettext
from integration.kernel.database import DbSession
from integration.mail.errors import Outdated
from integration.mail.letters import Order
from integration.mail.short_messages import ShortMessage
from integration.registration.cards import derived_codes
from integration.registration.messages.contacts import (
    short_contact_cancelled,
    short_contact_moved,
    short_contact_restored,
)
from integration.registration.messages.letters import (
    cancelled,
    given_back,
    left_series,
    require_reminder,
    series_dates,
    words_of,
)
from integration.registration.messages.queue_letters import offered, out_of_queue, too_late, waiting
from integration.registration.messages.reach import HOUSEHOLD
from integration.registration.messages.short_words import one_sentence, short_link, short_when
from integration.registration.messages.told import Told, expected, in_words
from integration.registration.queries import card_of_household

SOON = timedelta(hours=2, minutes=30)
"""A reminder of what is farther away was for a time that has been changed since."""


def _plain(
    find: Callable[[DbSession, Order, str], Told], say: Callable[[str, str, str], str]
) -> Callable[..., ShortMessage]:
    """Writes one sentence of title, time and link to whom ``find`` finds."""

    def compose(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
        return _short(find(db_session, order, card_key), say)

    return compose


def _reminded(db_session: DbSession, order: Order, card_key: str) -> Told:
    told = expected(db_session, order, card_key)
    require_reminder(told, order)
    return told


def _with_places(db_session: DbSession, order: Order, card_key: str) -> Told:
    told = expected(db_session, order, card_key)
    if told.registration is None:
        raise Outdated
    return told


def _waits(db_session: DbSession, order: Order, card_key: str) -> Told:
    return waiting(db_session, order, card_key)[0]


short_confirmation = _plain(
    expected,
    lambda title, when, link: _(
        "You are signed up: %(title)s %(when)s. Your card: %(link)s", title=title, when=when, link=link
    ),
)
short_slot_changed = _plain(
    expected,
    lambda title, when, link: _(
        "Your new time: %(title)s %(when)s. Your card: %(link)s", title=title, when=when, link=link
    ),
)
short_given_back = _plain(
    given_back,
    lambda title, when, _link: _(
        "You have cancelled: %(title)s %(when)s. Thank you for telling us.", title=title, when=when
    ),
)
short_reminder = _plain(
    _reminded,
    lambda title, when, link: _(
        "Reminder: %(title)s %(when)s. Your card, or cancel: %(link)s", title=title, when=when, link=link
    ),
)
short_waiting = _plain(
    _waits,
    lambda title, when, link: _(
        "You are in the queue: %(title)s %(when)s. We tell you when there is room. %(link)s",
        title=title,
        when=when,
        link=link,
    ),
)
short_waiting_left = _plain(
    out_of_queue,
    lambda title, when, _link: _("You are not in the queue any more: %(title)s %(when)s.", title=title, when=when),
)
short_taken_in = _plain(
    expected,
    lambda title, when, link: _(
        "You have places now: %(title)s %(when)s. Cannot come? Cancel: %(link)s", title=title, when=when, link=link
    ),
)
short_too_late = _plain(
    too_late,
    lambda title, when, link: _(
        "No answer from you, so others got the places: %(title)s %(when)s. %(link)s",
        title=title,
        when=when,
        link=link,
    ),
)
_moved = _plain(
    expected,
    lambda title, when, link: _(
        "New time or place: %(title)s is %(when)s. Where: %(link)s", title=title, when=when, link=link
    ),
)
_restored = _plain(
    _with_places,
    lambda title, when, link: _(
        "Held after all: %(title)s %(when)s. You keep your places. %(link)s", title=title, when=when, link=link
    ),
)


def short_places_changed(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """How many places they have now."""
    told = expected(db_session, order, card_key)
    places = told.people.adults + told.people.children
    return _short(
        told,
        lambda title, when, link: ngettext(
            "You now have %(num)s place: %(title)s %(when)s. %(link)s",
            "You now have %(num)s places: %(title)s %(when)s. %(link)s",
            places,
            title=title,
            when=when,
            link=link,
        ),
    )


def short_cancelled(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """It will not be held."""
    if order.recipient_kind != HOUSEHOLD:
        return short_contact_cancelled(db_session, order)
    told = cancelled(db_session, order, card_key)
    phone = told.session.contact_phone
    asking = " " + _("Ask: %(phone)s", phone=phone) if phone else ""
    return _short(
        told,
        lambda title, when, _link: (
            _("CANCELLED: %(title)s %(when)s will not be held.", title=title, when=when) + asking
        ),
    )


def short_moved(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """Another time or place."""
    if order.recipient_kind != HOUSEHOLD:
        return short_contact_moved(db_session, order)
    return _moved(db_session, order, card_key=card_key)


def short_restored(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """It will be held after all."""
    if order.recipient_kind != HOUSEHOLD:
        return short_contact_restored(db_session, order)
    return _restored(db_session, order, card_key=card_key)


def short_soon(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """It is in two hours; nothing when it has begun, has been moved, or the wish is gone."""
    told = expected(db_session, order, card_key)
    if not told.household.sms_reminders or not order.now < told.starts_at <= order.now + SOON:
        raise Outdated
    at = clock(told.starts_at)
    return _short(
        told,
        lambda title, _when, link: _(
            "Soon: %(title)s today at %(time)s. Your card: %(link)s", title=title, time=at, link=link
        ),
    )


def short_offered(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """There is room: say yes in time."""
    told, until = offered(db_session, order, card_key)
    latest = short_when(until)
    return _short(
        told,
        lambda title, when, link: _(
            "Room for you: %(title)s %(when)s. Say yes before %(until)s: %(link)s",
            title=title,
            when=when,
            until=latest,
            link=link,
        ),
    )


def short_series(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """Signed up for a whole series."""
    household, dates = series_dates(db_session, order)
    card = card_of_household(db_session, household.id)
    link = short_link(derived_codes(card_key, card.id, card.issue))
    count = len(dates)
    return ShortMessage(
        lambda title: ngettext(
            "You are signed up: %(title)s, %(num)s date. See it: %(link)s",
            "You are signed up: %(title)s, %(num)s dates. See them: %(link)s",
            count,
            title=title,
            link=link,
        ),
        in_words(dates[0].activity.title),
    )


def short_series_left(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """They have left a whole series."""
    called, dates = left_series(db_session, order)
    return ShortMessage(
        lambda title: ngettext(
            "You have left the series %(title)s. %(num)s date is given back. Thank you for telling us.",
            "You have left the series %(title)s. %(num)s dates are given back. Thank you for telling us.",
            dates,
            title=title,
        ),
        called,
    )


def short_staff_message(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """What staff wrote, whole: it takes the parts that it takes."""
    told = expected(db_session, order, card_key)
    words = " ".join(words_of(db_session, order).split())
    return _short(told, lambda title, when, _link: f"{title} {when}: {words}")


def _short(told: Told, say: Callable[[str, str, str], str]) -> ShortMessage:
    return one_sentence(told.title, told.starts_at, short_link(told.codes), say)
