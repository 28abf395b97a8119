"""The household's own link, told to the contact that is stored and to nobody else."""

from __future__ import annotations

from integration.i18n.speaking import gettext as _
from integration.kernel.database import DbSession
from integration.mail.errors import Outdated
from integration.mail.letters import Letter, Link, Order
from integration.mail.models import Channel
from integration.mail.services import Fact, queue_message, redirect_messages
from integration.mail.short_messages import ShortMessage
from integration.registration.cards import Codes, derived_codes
from integration.registration.events import CardReissued, HouseholdsMerged, LinkRequested
from integration.registration.messages.reach import HOUSEHOLD, fact_for
from integration.registration.models import Household
from integration.registration.queries import card_of_household
from integration.registration.rules import KEPT_DAYS
from integration.web.links import absolute_url


def send_new_link(db_session: DbSession, news: CardReissued) -> None:
    """A card was replaced: its new link is told, so that a link in an old message is not the only one they have."""
    household = db_session.get_one(Household, news.household_id)
    fact = fact_for(
        household,
        "card_reissued",
        f"{news.card_id}:{news.issue}",
        f"card:{news.card_id}",
        card=news.card_id,
        issue=news.issue,
    )
    _queue(db_session, fact, household, news)


def send_own_link(db_session: DbSession, news: LinkRequested) -> None:
    """Somebody with the card in hand asks for the link: at most one message a minute, whoever asks how often."""
    household = db_session.get_one(Household, news.household_id)
    fact = fact_for(household, "own_link", f"{household.id}:{news.occurred_at:%Y%m%d%H%M}", f"household:{household.id}")
    _queue(db_session, fact, household, news)


def follow_merging(db_session: DbSession, news: HouseholdsMerged) -> None:
    """What was to be told to a household that is no more is told to the one it became."""
    redirect_messages(db_session, HOUSEHOLD, news.gone_household_id, news.kept_household_id)


def card_reissued(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """A new card: the old one is dead. Outdated when there is a newer one still."""
    codes = _codes(db_session, order, card_key)
    opening = _("Your card has been replaced. The old card and the old link do not work any more.")
    return _letter(_("Your new card"), opening, codes)


def own_link(db_session: DbSession, order: Order, *, card_key: str) -> Letter:
    """The way to the household's own page."""
    codes = _codes(db_session, order, card_key)
    opening = _("Somebody who has your card asked us to send you this link. Keep it to yourselves.")
    return _letter(_("The link to your card's page"), opening, codes)


def short_own_link(db_session: DbSession, order: Order, *, card_key: str) -> ShortMessage:
    """The same as SMS."""
    link = _address(_codes(db_session, order, card_key))
    return ShortMessage(lambda _title: _("Your card's own page: %(link)s Keep the link to yourselves.", link=link), "")


def _codes(db_session: DbSession, order: Order, card_key: str) -> Codes:
    card = card_of_household(db_session, order.recipient_id)
    if order.facts.get("issue", card.issue) != card.issue:
        raise Outdated
    return derived_codes(card_key, card.id, card.issue)


def _letter(subject: str, opening: str, codes: Codes) -> Letter:
    return Letter(
        subject=subject,
        heading=subject,
        opening=(opening,),
        button=Link(_("Open the card"), _address(codes)),
        footer=(_("We delete your e-mail address %(days)s days after your last session.", days=KEPT_DAYS),),
    )


def _address(codes: Codes) -> str:
    return absolute_url("registration.card_page", secret=codes.link_secret)


def _queue(db_session: DbSession, fact: Fact, household: Household, news: CardReissued | LinkRequested) -> None:
    """By e-mail, else by SMS; without a contact there is nobody to tell, and nobody learns so."""
    if household.email:
        queue_message(db_session, fact, now=news.occurred_at)
    elif household.phone:
        queue_message(db_session, fact, now=news.occurred_at, channel=Channel.SMS)
