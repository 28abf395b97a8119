"""The same as SMS: one sentence that fits into one part, and a short way to the card's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from integration.i18n.dates import clock, weekday_short
from integration.i18n.routing import current_code
from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import ngettext
from integration.kernel.clock import local
from integration.kernel.database import DbSession
from integration.mail.errors import Outdated
from integration.mail.letters import Order
from integration.mail.short_messages import ShortMessage
from integration.registration.cards import Codes, derived_codes
from integration.registration.messages.letters import cancelled, given_back, require_reminder, series_dates, words_of
from integration.registration.messages.queue_letters import offered, out_of_queue, too_late, waiting
from integration.registration.messages.told import Told, expected, in_words
from integration.registration.queries import card_of_household
from integration.web.links import absolute_url

SOON = timedelta(hours=2, minutes=30)
"""A reminder of what is farther away was for a time that has been changed since."""


def short_confirmation(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """You are signed up."""
    told = expected(db_session, order, card_key)
    return _short(
        told,
        lambda title, when, link: _(
            "You are signed up: %(title)s %(when)s. Your card: %(link)s", title=title, when=when, link=link
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


def short_slot_changed(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """Their new individual time."""
    told = expected(db_session, order, card_key)
    return _short(
        told,
        lambda title, when, link: _(
            "Your new time: %(title)s %(when)s. Your card: %(link)s", title=title, when=when, link=link
        ),
    )


def short_given_back(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """You have cancelled."""
    told = given_back(db_session, order, card_key)
    return _short(
        told,
        lambda title, when, _link: _(
            "You have cancelled: %(title)s %(when)s. Thank you for telling us.", title=title, when=when
        ),
    )


def short_cancelled(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """It will not be held."""
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
    told = expected(db_session, order, card_key)
    return _short(
        told,
        lambda title, when, link: _(
            "New time or place: %(title)s is %(when)s. Where: %(link)s", title=title, when=when, link=link
        ),
    )


def short_restored(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """It will be held after all."""
    told = expected(db_session, order, card_key)
    if told.registration is None:
        raise Outdated
    return _short(
        told,
        lambda title, when, link: _(
            "Held after all: %(title)s %(when)s. You keep your places. %(link)s", title=title, when=when, link=link
        ),
    )


def short_reminder(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """It is tomorrow."""
    told = expected(db_session, order, card_key)
    require_reminder(told, order)
    return _short(
        told,
        lambda title, when, link: _(
            "Reminder: %(title)s %(when)s. Your card, or cancel: %(link)s", title=title, when=when, link=link
        ),
    )


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


def short_waiting(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """You are in the queue."""
    told, _entry = waiting(db_session, order, card_key)
    return _short(
        told,
        lambda title, when, link: _(
            "You are in the queue: %(title)s %(when)s. We tell you when there is room. %(link)s",
            title=title,
            when=when,
            link=link,
        ),
    )


def short_waiting_left(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """Staff took you out of the queue."""
    told = out_of_queue(db_session, order, card_key)
    return _short(
        told,
        lambda title, when, _link: _("You are not in the queue any more: %(title)s %(when)s.", title=title, when=when),
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


def short_taken_in(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """From the queue to places."""
    told = expected(db_session, order, card_key)
    return _short(
        told,
        lambda title, when, link: _(
            "You have places now: %(title)s %(when)s. Cannot come? Cancel: %(link)s", title=title, when=when, link=link
        ),
    )


def short_too_late(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """Nobody answered in time."""
    told = too_late(db_session, order, card_key)
    return _short(
        told,
        lambda title, when, link: _(
            "No answer from you, so others got the places: %(title)s %(when)s. %(link)s",
            title=title,
            when=when,
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


def short_staff_message(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """What staff wrote, whole: it takes the parts that it takes."""
    told = expected(db_session, order, card_key)
    words = " ".join(words_of(db_session, order).split())
    return _short(told, lambda title, when, _link: f"{title} {when}: {words}")


def short_link(codes: Codes) -> str:
    """The shortest address of the household's own page; it leads on in the household's language."""
    return absolute_url("registration.short_link", secret=codes.link_secret)


def short_when(moment: datetime) -> str:
    """Weekday, date and time in as few letters as can be read: ``tis 24.11 kl. 17.30``."""
    on = local(moment)
    date = f"{weekday_short(moment)} {on.day}.{on.month}{'.' if current_code() == 'fi' else ''}"
    # NOTE: in an SMS, e.g. "Tue 24.11 at 17:30"; Swedish and Finnish put "kl." or "klo" before the time
    return str(_("%(day)s at %(time)s", day=date, time=clock(moment)))


def _short(told: Told, say: Callable[[str, str, str], str]) -> ShortMessage:
    when, link = short_when(told.starts_at), short_link(told.codes)
    return ShortMessage(lambda title: say(title, when, link), told.title)
