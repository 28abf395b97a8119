"""What letters are made of: what, when, where, the card, the ways on, whom to ask."""

from __future__ import annotations

from datetime import datetime

from integration.activities.models import Session
from integration.activities.queries import next_session
from integration.i18n.dates import clock, day, time_range
from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import ngettext
from integration.kernel.database import DbSession
from integration.mail.letters import CalendarPart, Letter, Link, Plate, Visit
from integration.registration.cards import Codes, shown
from integration.registration.messages.told import Told, in_words
from integration.registration.rules import KEPT_DAYS
from integration.web.links import absolute_url
from integration.web.qr import qr_png


def to_the_expected(told: Told, subject: str, heading: str, *opening: str) -> Letter:
    """To somebody who will come: card, ways on, whom to ask, and the session for their calendar."""
    answering = _("The calendar invitation is for your calendar only: answering it does not cancel your places.")
    return Letter(
        subject=subject,
        heading=heading,
        opening=opening,
        visit=visit(told),
        ask=whom_to_ask(told.session),
        plate=_plate(told.codes),
        button=card_link(told.codes, _("Open the card")),
        cancel=_way_to_cancel(told.codes, told.people.id),
        closing=(answering,),
        footer=footer(),
        calendar=CalendarPart("REQUEST", told.session.id),
    )


def to_the_released(told: Told, subject: str, heading: str, opening: tuple[str, ...]) -> Letter:
    """To somebody who need not come: what is off, what else is on, and the session out of their calendar."""
    return Letter(
        subject=subject,
        heading=heading,
        opening=opening,
        visit=visit(told, gone=True),
        ask=whom_to_ask(told.session),
        button=whats_on(),
        footer=footer(),
        calendar=CalendarPart("CANCEL", told.session.id) if told.registration else None,
    )


def to_the_waiting(told: Told, subject: str, heading: str, button: str, *opening: str) -> Letter:
    """To somebody in the queue: what it is about and the way to the card's page, where they answer or leave."""
    return Letter(
        subject=subject,
        heading=heading,
        opening=opening,
        visit=visit(told),
        ask=whom_to_ask(told.session),
        button=card_link(told.codes, button),
        footer=footer(),
    )


def visit(told: Told, *, gone: bool = False) -> Visit:
    """What, when, where and for whom."""
    session = told.session
    lines = [place_of(session), _who(told)]
    may_join = told.registration is not None and not gone
    times = time_range(told.starts_at, told.ends_at)
    return Visit(
        title=told.title,
        when=f"{day(told.starts_at)} {_('at %(times)s', times=times)}",
        lines=tuple(line for line in lines if line),
        online=Link(_("Join online"), session.online_url) if may_join and session.online_url else None,
        gone=gone,
    )


def card_link(codes: Codes, words: str) -> Link:
    """The household's own page."""
    return Link(words, absolute_url("registration.card_page", secret=codes.link_secret))


def whats_on() -> Link:
    """What else there is."""
    return Link(_("See what is on"), absolute_url("activities.whats_on"))


def whom_to_ask(session: Session) -> str:
    """The role and phone of who knows."""
    if not session.contact_phone:
        return ""
    return str(_("Ask: %(role)s, %(phone)s", role=in_words(session.contact_role), phone=session.contact_phone))


def next_time(db_session: DbSession, session: Session, now: datetime) -> tuple[str, ...]:
    """When the activity is next, if it is."""
    coming = next_session(db_session, session.activity_id, max(session.starts_at, now))
    if coming is None:
        return ()
    on, at = day(coming.starts_at), clock(coming.starts_at)
    # NOTE: Swedish and Finnish put "kl." or "klo" before the time
    return (_("Next time: %(day)s at %(time)s.", day=on, time=at),)


def footer() -> tuple[str, ...]:
    """Why they get this, and until when we have their address."""
    return (
        _("We delete your e-mail address %(days)s days after your last session.", days=KEPT_DAYS),
        _("Delaktig sent this message by itself, because you gave your address when you signed up."),
    )


def _plate(codes: Codes) -> Plate:
    content = absolute_url("registration.pass_page", code=codes.pass_code).upper()
    return Plate(
        qr_png(content),
        shown(codes.short_code),
        _("Show the code at the door. The same card works every time."),
    )


def _way_to_cancel(codes: Codes, registration_id: int) -> Link:
    url = absolute_url("registration.cancel", secret=codes.link_secret, registration=str(registration_id))
    return Link(_("Can you not come? Cancel here, and someone else gets the place."), url)


def place_of(session: Session) -> str:
    """Venue, street and the way in; of an online session only that it is one."""
    if session.venue is None:
        return _("Online") if session.online_url else ""
    parts = (session.venue.name, session.venue.address, session.venue.directions)
    return ", ".join(text for text in map(in_words, parts) if text)


def _who(told: Told) -> str:
    adults, children = told.people.adults, told.people.children
    words = [
        ngettext("%(num)s adult", "%(num)s adults", adults) if adults else "",
        ngettext("%(num)s child", "%(num)s children", children) if children else "",
    ]
    return ", ".join(each for each in (told.household.name or "", *words) if each)
