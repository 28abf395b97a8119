"""What those are told who answer for a group or have asked for a stand: they have no card, and no page of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Session, SessionStatus
from integration.activities.queries import sessions_by_id
from integration.activities.rules import title_of
from integration.i18n.dates import day, time_range
from integration.i18n.speaking import gettext as _
from integration.kernel.database import DbSession
from integration.mail.errors import Outdated
from integration.mail.letters import Letter, Link, Order, Visit
from integration.mail.services import Fact
from integration.mail.short_messages import ShortMessage
from integration.registration.events import StandAnswered
from integration.registration.messages.pieces import next_time, place_of, whats_on, whom_to_ask
from integration.registration.messages.reach import GROUP, STAND, Manner, tell
from integration.registration.messages.short_words import one_sentence
from integration.registration.messages.told import in_words
from integration.registration.models import GroupRegistration, Stand, StandState
from integration.registration.queries.groups import groups_of_session, stands_of_session
from integration.registration.rules import KEPT_DAYS
from integration.web.links import absolute_url

Contact = GroupRegistration | Stand
TABLES: dict[str, type[GroupRegistration] | type[Stand]] = {GROUP: GroupRegistration, STAND: Stand}


@dataclass(frozen=True)
class Addressed:
    """Who is told, and about which session."""

    contact: Contact
    session: Session

    @property
    def title(self) -> str:
        """The session's title in the reader's language."""
        return in_words(title_of(self.session))

    @property
    def day(self) -> str:
        """The session's weekday and date in words."""
        return day(self.session.starts_at)


def tell_contacts(
    db_session: DbSession, kind: str, session: Session, news: Any, manner: Manner, *, at_night: bool
) -> None:
    """Tell those of the session's groups and stands what its households are told: it is off, moved, or on again."""
    stands = [each for each in stands_of_session(db_session, session.id) if each.state != StandState.DECLINED]
    contacts: list[Contact] = [*groups_of_session(db_session, session.id), *stands]
    for contact in contacts:
        fact = _fact(kind, contact, f":{session.sequence}")
        tell(db_session, contact, fact, now=news.at, manner=manner, at_night=at_night, must=True)


def answer_stand(db_session: DbSession, news: StandAnswered) -> None:
    """Staff have said yes or no: whoever asked for the stand is told."""
    stand = db_session.get_one(Stand, news.stand_id)
    fact = _fact(
        "stand_answered", stand, f":{int(news.at.timestamp())}", confirmed=int(stand.state == StandState.CONFIRMED)
    )
    tell(db_session, stand, fact, now=news.at, must=True)


def group_address(db_session: DbSession, group_id: int) -> str | None:
    """The e-mail address of who answers for a group, as it is now."""
    return db_session.scalar(sa.select(GroupRegistration.email).where(GroupRegistration.id == group_id))


def group_phone(db_session: DbSession, group_id: int) -> str | None:
    """The phone number of who answers for a group, as it is now."""
    return db_session.scalar(sa.select(GroupRegistration.phone).where(GroupRegistration.id == group_id))


def stand_address(db_session: DbSession, stand_id: int) -> str | None:
    """The e-mail address of who asked for a stand, as it is now."""
    return db_session.scalar(sa.select(Stand.email).where(Stand.id == stand_id))


def stand_phone(db_session: DbSession, stand_id: int) -> str | None:
    """The phone number of who asked for a stand, as it is now."""
    return db_session.scalar(sa.select(Stand.phone).where(Stand.id == stand_id))


def stand_answered(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """Whether there is a stand; Outdated when staff have thought again since."""
    told, confirmed = _answered(db_session, order)
    subject = _("Your stand: %(title)s, %(day)s", title=told.title, day=told.day)
    if confirmed:
        heading, opening = _("There is a stand for you"), _("You asked for a stand. You are welcome!")
    else:
        heading, opening = _("There is no stand for you this time"), _("You asked for a stand. There is no room left.")
    return _letter(told, subject, heading, opening)


def short_stand_answered(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """The same as SMS."""
    told, confirmed = _answered(db_session, order)
    phone = told.session.contact_phone
    if confirmed:
        return _short(
            told,
            lambda title, when, _link: _(
                "There is a stand for you: %(title)s %(when)s. Ask: %(phone)s", title=title, when=when, phone=phone
            ),
        )
    return _short(
        told,
        lambda title, when, _link: _(
            "There is no stand for you: %(title)s %(when)s. Ask: %(phone)s", title=title, when=when, phone=phone
        ),
    )


def contact_cancelled(db_session: DbSession, order: Order) -> Letter:
    """The session will not be held."""
    told = _of_cancelled(db_session, order)
    subject = _("Cancelled: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("%(title)s on %(day)s will not be held.", title=told.title, day=told.day)
    following = next_time(db_session, told.session, order.now)
    return _letter(told, subject, _("Cancelled"), opening, *following, gone=True)


def contact_moved(db_session: DbSession, order: Order) -> Letter:
    """Another time or place."""
    told = _of_coming(db_session, order)
    subject = _("New time or place: %(title)s, %(day)s", title=told.title, day=told.day)
    return _letter(told, subject, _("New time or place"), _("Something has changed. This is how it is now."))


def contact_restored(db_session: DbSession, order: Order) -> Letter:
    """It will be held after all."""
    told = _of_coming(db_session, order)
    subject = _("Held after all: %(title)s, %(day)s", title=told.title, day=told.day)
    opening = _("We said that it was cancelled. Now it will be held.")
    return _letter(told, subject, _("It will be held after all"), opening)


def short_contact_cancelled(db_session: DbSession, order: Order) -> ShortMessage:
    """The session will not be held."""
    return _short(
        _of_cancelled(db_session, order),
        lambda title, when, _link: _("CANCELLED: %(title)s %(when)s will not be held.", title=title, when=when),
    )


def short_contact_moved(db_session: DbSession, order: Order) -> ShortMessage:
    """Another time or place."""
    return _short(
        _of_coming(db_session, order),
        lambda title, when, link: _(
            "New time or place: %(title)s is %(when)s. Where: %(link)s", title=title, when=when, link=link
        ),
    )


def short_contact_restored(db_session: DbSession, order: Order) -> ShortMessage:
    """It will be held after all."""
    return _short(
        _of_coming(db_session, order),
        lambda title, when, link: _("Held after all: %(title)s %(when)s. %(link)s", title=title, when=when, link=link),
    )


def _short(told: Addressed, say: Callable[[str, str, str], str]) -> ShortMessage:
    return one_sentence(told.title, told.session.starts_at, _page(told.session), say)


def _fact(kind: str, contact: Contact, version: str, **more: int) -> Fact:
    recipient = GROUP if isinstance(contact, GroupRegistration) else STAND
    return Fact(
        key=f"{kind}:{recipient}:{contact.id}{version}",
        kind=kind,
        recipient_kind=recipient,
        recipient_id=contact.id,
        language=contact.language,
        about=f"session:{contact.session_id}",
        facts={"session": contact.session_id, **more},
    )


def _addressed(db_session: DbSession, order: Order) -> Addressed:
    """Who is told; Outdated when the group does not come any more, or there is no stand for them."""
    contact: Any = db_session.get(TABLES[order.recipient_kind], order.recipient_id)
    gone = contact is None or (isinstance(contact, GroupRegistration) and contact.cancelled_at)
    if gone:
        raise Outdated
    return Addressed(contact, sessions_by_id(db_session, [contact.session_id])[contact.session_id])


def _of_coming(db_session: DbSession, order: Order) -> Addressed:
    told = _addressed(db_session, order)
    if told.session.status == SessionStatus.CANCELLED or told.session.ends_at <= order.now or _is_declined(told):
        raise Outdated
    return told


def _of_cancelled(db_session: DbSession, order: Order) -> Addressed:
    told = _addressed(db_session, order)
    if told.session.status != SessionStatus.CANCELLED or _is_declined(told):
        raise Outdated
    return told


def _is_declined(told: Addressed) -> bool:
    return isinstance(told.contact, Stand) and told.contact.state == StandState.DECLINED


def _answered(db_session: DbSession, order: Order) -> tuple[Addressed, bool]:
    told = _addressed(db_session, order)
    over = told.session.status == SessionStatus.CANCELLED or told.session.ends_at <= order.now
    if over or not isinstance(told.contact, Stand) or told.contact.state == StandState.ASKED:
        raise Outdated
    confirmed = told.contact.state == StandState.CONFIRMED
    if confirmed != bool(order.facts["confirmed"]):
        raise Outdated
    return told, confirmed


def _letter(told: Addressed, subject: str, heading: str, *opening: str, gone: bool = False) -> Letter:
    session = told.session
    place = place_of(session)
    times = time_range(session.starts_at, session.ends_at)
    return Letter(
        subject=subject,
        heading=heading,
        opening=opening,
        visit=Visit(
            title=told.title,
            when=f"{told.day} {_('at %(times)s', times=times)}",
            lines=(place,) if place else (),
            gone=gone,
        ),
        ask=whom_to_ask(session),
        button=whats_on() if gone else Link(_("See the session"), _page(session)),
        footer=(_("We delete your e-mail address %(days)s days after the session.", days=KEPT_DAYS),),
    )


def _page(session: Session) -> str:
    return absolute_url("registration.session_page", key=session.key)
