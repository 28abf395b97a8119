"""What responsible parties are told about the figures that they owe: one letter for all of them, and not for ever."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from integration.accounts.models import Account
from integration.accounts.queries import accounts_with
from integration.accounts.rules import Role
from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import ngettext
from integration.i18n.texts import localize
from integration.indicators.queries import programme_figures
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession, Texts
from integration.mail.errors import Outdated
from integration.mail.letters import Letter, Link, Order
from integration.mail.services import Fact, queue_message
from integration.programme.queries import ProgrammeOutline, current_programme, programme_outline
from integration.report.models import OwnerReminder
from integration.report.rules import MOST_TIMES, Told, is_owed, is_reminding_day
from integration.web.links import absolute_url

KIND = "figures_owed"
ACCOUNT = "account"
NAMED = 12
"""How many figures of a year a letter names; the page behind its link has all."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A figure that nobody has handed in, and who answers for its action today."""

    year: int
    indicator_id: int
    title: Texts
    organisations: frozenset[int]


def owed_figures(db_session: DbSession, programme: ProgrammeOutline, today: date) -> list[Owed]:
    """What is owed of the programme's years that are over. Owners change: whoever answers today is asked."""
    figures = programme_figures(db_session, programme, today, council=True)
    return [
        Owed(figure.year, indicator.id, indicator.title, frozenset(each.organisation_id for each in parties))
        for action in programme.actions
        if (parties := action.responsible(today))
        for line in action.lines
        for indicator in line.indicators
        for figure in figures.of(indicator)
        if is_owed(figure, today)
    ]


def remind_owners(db_session: DbSession, now: datetime) -> None:
    """In the season, tell every owner what is missing: at most once a week, the same every third week and thrice."""
    today = local_date(now)
    programme = _asked_about(db_session, today) if is_reminding_day(today) else None
    if programme is None:
        return
    owed = owed_figures(db_session, programme, today)
    known = {each.account_id: each for each in db_session.scalars(sa.select(OwnerReminder))}
    for account in accounts_with(db_session, Role.OWNER):
        mine = _owed_by(account, owed)
        reminder = known.get(account.id) or OwnerReminder(account_id=account.id, wanted=True, rows=0, times=0)
        state = _digest(mine)
        times = Told(reminder.told, reminder.told_at, reminder.times).again(state, now)
        if not mine or not reminder.wanted or times is None:
            continue
        queue_message(db_session, _fact(account, programme, today), now=now)
        reminder.told, reminder.rows, reminder.told_at, reminder.times = state, len(mine), now, times
        db_session.add(reminder)


def figures_owed(db_session: DbSession, order: Order, **_keys: str) -> Letter:
    """The letter, as things are when it leaves; Outdated when all was handed in meanwhile or it is not wanted."""
    today = local_date(order.now)
    account = db_session.get(Account, order.recipient_id)
    programme = programme_outline(db_session, order.facts["programme"])
    reminder = db_session.get(OwnerReminder, order.recipient_id)
    if account is None or programme is None or not (reminder and reminder.wanted):
        raise Outdated
    mine = _owed_by(account, owed_figures(db_session, programme, today))
    if not mine:
        raise Outdated
    title = localize(programme.title, order.language).text.replace("\xad", "")
    subject = ngettext("%(num)s figure is missing", "%(num)s figures are missing", len(mine))
    return Letter(
        subject=f"{subject}: {title}",
        heading=subject,
        opening=(_opening(title), *_by_year(mine, order.language)),
        button=Link(_("Report the figures"), _desk(programme, max(each.year for each in mine))),
        closing=(_("Is a meter not in use any more? Say on its page that it does not apply. That is an answer too."),),
        footer=(
            _(
                "This reminder comes from January to March, at most once a week, and at most %(most)s times about the "
                "same. You can stop it on the same page.",
                most=MOST_TIMES,
            ),
        ),
    )


def set_wanted(db_session: DbSession, account_id: int, *, wanted: bool) -> None:
    """Stop an account's reminders, or let them come again."""
    reminder = reminder_of(db_session, account_id) or OwnerReminder(account_id=account_id, rows=0, times=0)
    reminder.wanted = wanted
    db_session.add(reminder)


def reminder_of(db_session: DbSession, account_id: int) -> OwnerReminder | None:
    """What is known of an account's reminders; None: it was never reminded and has not stopped them."""
    return db_session.get(OwnerReminder, account_id)


@dataclass(frozen=True, slots=True)
class Asked:
    """How far the reminders have come with one responsible party."""

    accounts: int
    told_at: datetime | None
    times: int
    """How often whoever was last told has been told the same."""
    stopped: int


def asked_parties(db_session: DbSession) -> dict[int, Asked]:
    """Organisation id > who of it is reminded, and when it last was. Two statements."""
    rows = {each.account_id: each for each in db_session.scalars(sa.select(OwnerReminder))}
    found: defaultdict[int, list[OwnerReminder | None]] = defaultdict(list)
    for account in accounts_with(db_session, Role.OWNER):
        for organisation_id in _organisations(account):
            found[organisation_id].append(rows.get(account.id))
    return {organisation_id: _asked(reminders) for organisation_id, reminders in found.items()}


def _asked(reminders: list[OwnerReminder | None]) -> Asked:
    told_at, times = max(((each.told_at, each.times) for each in reminders if each and each.told_at), default=(None, 0))
    stopped = sum(1 for each in reminders if each and not each.wanted)
    return Asked(len(reminders), told_at, times, stopped)


def _asked_about(db_session: DbSession, today: date) -> ProgrammeOutline | None:
    """The programme of the year that has just ended; a programme asks after its own last year too."""
    programme = current_programme(db_session, date(today.year - 1, 12, 31))
    if programme is None or not programme.first_year < today.year <= programme.last_year + 1:
        return None
    return programme_outline(db_session, programme.id)


def _owed_by(account: Account, owed: Iterable[Owed]) -> list[Owed]:
    """An owner of no organisation in particular answers for all."""
    own = _organisations(account)
    everything = any(each.role is Role.OWNER and each.organisation_id is None for each in account.roles)
    return [each for each in owed if everything or each.organisations & own]


def _organisations(account: Account) -> set[int]:
    return {each.organisation_id for each in account.roles if each.role is Role.OWNER and each.organisation_id}


def _digest(mine: list[Owed]) -> str:
    state = sorted((each.year, each.indicator_id) for each in mine)
    return hashlib.sha256(repr(state).encode()).hexdigest()


def _fact(account: Account, programme: ProgrammeOutline, today: date) -> Fact:
    return Fact(
        key=f"{KIND}:{account.id}:{today:%Y%m%d}",
        kind=KIND,
        recipient_kind=ACCOUNT,
        recipient_id=account.id,
        language=account.language,
        about=f"programme:{programme.id}",
        facts={"programme": programme.id},
    )


def _opening(title: str) -> str:
    return str(_("You answer for these meters of %(programme)s. Nobody has handed in a figure yet:", programme=title))


def _by_year(mine: list[Owed], code: str) -> list[str]:
    """One paragraph per year, the latest first."""
    paragraphs = []
    for year in sorted({each.year for each in mine}, reverse=True):
        titles = [localize(each.title, code).text.replace("\xad", "") for each in mine if each.year == year]
        named, more = "; ".join(titles[:NAMED]), len(titles) - NAMED
        rest = " " + ngettext("and %(num)s more.", "and %(num)s more.", more) if more > 0 else ""
        paragraphs.append(f"{year}: {named}{rest}")
    return paragraphs


def _desk(programme: ProgrammeOutline, year: int) -> str:
    return absolute_url("report_staff.desk", programme=programme.slug, year=year)
