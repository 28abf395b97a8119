"""What the messages to households say, read from the rows as they are when the message leaves.

A message that has been overtaken (cancelled since, over since) is Outdated: another one says what is true now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from integration.activities.models import Session, SessionStatus
from integration.activities.queries import next_session, sessions_by_id
from integration.activities.rules import title_of
from integration.i18n.dates import clock, day, time_range
from integration.i18n.routing import current_code
from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import ngettext
from integration.i18n.texts import localize
from integration.kernel.database import DbSession, Texts
from integration.mail.errors import Outdated
from integration.mail.letters import CalendarPart, Letter, Link, Order, Plate, Visit
from integration.registration.cards import Codes, derived_codes, shown
from integration.registration.models import Household, Registration
from integration.registration.queries import card_of_household, live_registration
from integration.registration.rules import KEPT_DAYS
from integration.web.links import absolute_url
from integration.web.qr import qr_png

REMINDED_BEFORE = timedelta(hours=36)
"""A reminder of what is farther away was for a date that has been moved since."""


@dataclass(frozen=True)
class Told:
    """Whom a message is for and what it is about."""

    registration: Registration
    household: Household
    session: Session
    codes: Codes

    @property
    def title(self) -> str:
        """The session's title in the reader's language, or the one it has."""
        return _text(title_of(self.session))

    @property
    def day(self) -> str:
        """The session's weekday and date in words."""
        return day(self.session.starts_at)


def household_address(db_session: DbSession, household_id: int) -> str | None:
    """The e-mail address of a household as it is now."""
    return db_session.scalar(sa.select(Household.email).where(Household.id == household_id))


def confirmation(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """You are signed up: the card, when, where, whom to ask, and the invitation for a calendar."""
    told = _expected(db_session, order, card_key)
    subject = _("You are signed up: %(title)s, %(day)s", title=told.title, day=told.day)
    return _to_the_expected(told, subject, _("You are signed up!"))


def session_moved(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """Another time or place: how it is now."""
    told = _expected(db_session, order, card_key)
    subject = _("New time or place: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("Something has changed. This is how it is now. You keep your places.")
    return _to_the_expected(told, subject, _("New time or place"), opening)


def session_restored(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """It will be held after all."""
    told = _expected(db_session, order, card_key)
    subject = _("Held after all: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("We said that it was cancelled. Now it will be held. You keep your places.")
    return _to_the_expected(told, subject, _("It will be held after all"), opening)


def reminder(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """It is soon: when, where, and the card. Their calendar has it already."""
    told = _expected(db_session, order, card_key)
    if not told.household.reminders or told.session.starts_at > order.now + REMINDED_BEFORE:
        raise Outdated
    stopping = _("Do you want no reminders? You can turn them off on your card's page.")
    subject = _("Reminder: %(title)s, %(day)s", title=told.title, day=told.day)
    return replace(_to_the_expected(told, subject, _("See you soon!")), closing=(stopping,), calendar=None)


def session_cancelled(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """It will not be held; when it is next."""
    told = _told(db_session, order, card_key)
    if told.registration.cancelled_at or told.session.status != SessionStatus.CANCELLED:
        raise Outdated
    subject = _("Cancelled: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("%(title)s on %(day)s will not be held.", title=told.title, day=told.day)
    return _to_the_released(told, subject, _("Cancelled"), (opening, *_next_time(db_session, told.session, order.now)))


def places_given_back(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """You have cancelled; if they have signed up again since, that is what holds."""
    told = _told(db_session, order, card_key)
    if live_registration(db_session, told.session.id, told.household.id):
        raise Outdated
    subject = _("You have cancelled: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("Thank you for telling us: now someone else can come.")
    return _to_the_released(told, subject, _("You have cancelled"), (opening,))


def _to_the_expected(told: Told, subject: str, heading: str, *opening: str) -> Letter:
    """To somebody who will come: card, ways on, whom to ask, and the session for their calendar."""
    answering = _("The calendar invitation is for your calendar only: answering it does not cancel your places.")
    return Letter(
        subject=subject,
        heading=heading,
        opening=opening,
        visit=_visit(told),
        ask=_whom_to_ask(told.session),
        plate=_plate(told.codes),
        button=Link(_("Open the card"), absolute_url("registration.card_page", secret=told.codes.link_secret)),
        cancel=_way_to_cancel(told),
        closing=(answering,),
        footer=_footer(),
        calendar=CalendarPart("REQUEST", told.session.id),
    )


def _to_the_released(told: Told, subject: str, heading: str, opening: tuple[str, ...]) -> Letter:
    """To somebody who need not come: what is off, what else is on, and the session out of their calendar."""
    return Letter(
        subject=subject,
        heading=heading,
        opening=opening,
        visit=_visit(told, gone=True),
        ask=_whom_to_ask(told.session),
        button=Link(_("See what is on"), absolute_url("activities.whats_on")),
        footer=_footer(),
        calendar=CalendarPart("CANCEL", told.session.id),
    )


def _expected(db_session: DbSession, order: Order, card_key: str) -> Told:
    """Whom the message is for; Outdated unless they still have places at a session that will be held."""
    told = _told(db_session, order, card_key)
    cancelled = told.registration.cancelled_at or told.session.status == SessionStatus.CANCELLED
    if cancelled or told.session.ends_at <= order.now:
        raise Outdated
    return told


def _told(db_session: DbSession, order: Order, card_key: str) -> Told:
    registration = db_session.get(Registration, order.facts["registration"])
    if registration is None:
        raise Outdated
    session = sessions_by_id(db_session, [registration.session_id])[registration.session_id]
    card = card_of_household(db_session, registration.household_id)
    return Told(registration, card.household, session, derived_codes(card_key, card.id, card.issue))


def _visit(told: Told, *, gone: bool = False) -> Visit:
    session = told.session
    lines = [_place(session), _who(told)]
    return Visit(
        title=told.title,
        when=f"{day(session.starts_at)} {_at(session)}",
        lines=tuple(line for line in lines if line),
        online=Link(_("Join online"), session.online_url) if session.online_url and not gone else None,
        gone=gone,
    )


def _plate(codes: Codes) -> Plate:
    content = absolute_url("registration.pass_page", code=codes.pass_code).upper()
    return Plate(
        qr_png(content),
        shown(codes.short_code),
        _("Show the code at the door. The same card works every time."),
    )


def _way_to_cancel(told: Told) -> Link:
    url = absolute_url("registration.cancel", secret=told.codes.link_secret, registration=str(told.registration.id))
    return Link(_("Can you not come? Cancel here, and someone else gets the place."), url)


def _place(session: Session) -> str:
    """Venue, street and the way in; of an online session only that it is one."""
    if session.venue is None:
        return _("Online") if session.online_url else ""
    parts = (session.venue.name, session.venue.address, session.venue.directions)
    return ", ".join(text for text in map(_text, parts) if text)


def _who(told: Told) -> str:
    adults, children = told.registration.adults, told.registration.children
    words = [
        ngettext("%(num)s adult", "%(num)s adults", adults) if adults else "",
        ngettext("%(num)s child", "%(num)s children", children) if children else "",
    ]
    return ", ".join(each for each in (told.household.name or "", *words) if each)


def _whom_to_ask(session: Session) -> str:
    if not session.contact_phone:
        return ""
    return str(_("Ask: %(role)s, %(phone)s", role=_text(session.contact_role), phone=session.contact_phone))


def _next_time(db_session: DbSession, session: Session, now: datetime) -> tuple[str, ...]:
    coming = next_session(db_session, session.activity_id, max(session.starts_at, now))
    if coming is None:
        return ()
    on, at = day(coming.starts_at), clock(coming.starts_at)
    # NOTE: Swedish and Finnish put "kl." or "klo" before the time
    return (_("Next time: %(day)s at %(time)s.", day=on, time=at),)


def _at(session: Session) -> str:
    return str(_("at %(times)s", times=time_range(session.starts_at, session.ends_at)))


def _footer() -> tuple[str, ...]:
    return (
        _("We delete your e-mail address %(days)s days after your last session.", days=KEPT_DAYS),
        _("Delaktig sent this message by itself, because you gave your address when you signed up."),
    )


def _text(texts: Texts | None) -> str:
    return localize(texts, current_code()).text
