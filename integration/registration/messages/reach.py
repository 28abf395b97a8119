"""Which way a household is told: e-mail for letters, SMS for what cannot wait, by what it gave of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from integration.kernel.database import DbSession
from integration.mail.models import Channel
from integration.mail.post_office import post_office
from integration.mail.services import Fact, queue_message
from integration.registration.models import GroupRegistration, Household, Registration, Stand
from integration.registration.queries import registrations_of_session

HOUSEHOLD, GROUP, STAND = "household", "group", "stand"
"""Kinds of recipients: a household, who answers for a group, who asked for a stand."""
Reachable = Household | GroupRegistration | Stand


class Manner(Enum):
    """What sort of news it is. ``EVERYWHERE``: it cannot wait, and a calendar holds what has changed."""

    LETTER = auto()
    LETTER_ONLY = auto()
    QUICK = auto()
    QUICK_ONLY = auto()
    EVERYWHERE = auto()


PREFERRED = {
    Manner.LETTER: ((Channel.EMAIL,), (Channel.SMS,)),
    Manner.LETTER_ONLY: ((Channel.EMAIL,),),
    Manner.QUICK: ((Channel.SMS,), (Channel.EMAIL,)),
    Manner.QUICK_ONLY: ((Channel.SMS,),),
    Manner.EVERYWHERE: ((Channel.SMS, Channel.EMAIL), (Channel.SMS,), (Channel.EMAIL,)),
}
"""Each sort of news goes by the first of these that the household can be reached by."""


@dataclass
class Reach:
    """How many households a message to all would reach, by channel, and in which languages; and how many not."""

    channels: Counter[Channel] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    unreachable: int = 0


def channels_of(*, email: bool, phone: bool, manner: Manner) -> tuple[Channel, ...]:
    """The channels for this news; none when the household cannot be reached that way."""
    open_to = {channel for channel, given in ((Channel.EMAIL, email), (Channel.SMS, phone)) if given}
    return next((each for each in PREFERRED[manner] if open_to.issuperset(each)), ())


def tell(
    db_session: DbSession,
    reader: Reachable,
    fact: Fact,
    *,
    now: datetime,
    manner: Manner = Manner.LETTER,
    at_night: bool = False,
    due_at: datetime | None = None,
    must: bool = False,
) -> None:
    """Queue the fact on every channel that it goes by. ``must``: if there is none, staff see whom to call."""
    channels = _channels(reader, manner)
    for channel in channels:
        queue_message(db_session, fact, now=now, due_at=due_at, channel=channel, urgent=at_night)
    if must and not channels:
        queue_message(db_session, fact, now=now, reachable=False)


def reach_of(db_session: DbSession, session_id: int) -> Reach:
    """Whom a message to all who come to this session would reach."""
    return reach_of_households(each.household for each in registrations_of_session(db_session, session_id))


def reach_of_households(households: Iterable[Household]) -> Reach:
    """Whom a message to these households would reach."""
    reach = Reach()
    for household in households:
        channels = _channels(household, Manner.LETTER)
        reach.channels.update(channels)
        reach.languages[household.language] += bool(channels)
        reach.unreachable += not channels
    return reach


def fact_for(household: Household, kind: str, subject: str, about: str, **facts: int) -> Fact:
    """The fact of this kind for a household; ``subject`` tells it from all others of its kind."""
    return Fact(
        key=f"{kind}:{subject}",
        kind=kind,
        recipient_kind=HOUSEHOLD,
        recipient_id=household.id,
        language=household.language,
        about=about,
        facts=facts,
    )


def fact_of(kind: str, registration: Registration, household: Household, version: str = "", **more: int) -> Fact:
    """The fact of this kind about a sign-up; ``version`` tells apart what can happen again."""
    about = f"session:{registration.session_id}"
    facts = {"registration": registration.id, "session": registration.session_id, **more}
    return fact_for(household, kind, f"{registration.id}{version}", about, **facts)


def has_contact(reader: Reachable) -> bool:
    """Whether messages to them are queued: they gave an e-mail address, or a phone and there is a gateway for SMS."""
    return bool(_channels(reader, Manner.QUICK))


def can_be_asked(reader: Reachable) -> bool:
    """Whether an offer would reach them in time (rule 13): by a mail server or a gateway that is set, now.

    Letters wait in sight until there is a mail server. An offer would run out meanwhile, unread: whoever can be
    reached by nothing else is as one without contact.
    """
    office = post_office()
    return bool(reader.email and office.server) or bool(reader.phone and office.gateway)


def _channels(reader: Reachable, manner: Manner) -> tuple[Channel, ...]:
    by_sms = bool(reader.phone) and post_office().gateway is not None
    return channels_of(email=bool(reader.email), phone=by_sms, manner=manner)
