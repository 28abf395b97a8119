"""Owners are reminded of what is missing: whoever answers today, weekly at most, and of the same not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from integration.accounts.models import Account, AccountRole
from integration.accounts.rules import Role
from integration.i18n.speaking import speaking
from integration.indicators.models import Provenance, Report, Stage
from integration.kernel.database import DbSession
from integration.mail.errors import Outdated
from integration.mail.letters import Letter, Order
from integration.mail.models import OutboxMessage
from integration.programme.models import IndicatorKind, Part, Responsibility
from integration.report.models import OwnerReminder
from integration.report.reminders import KIND, asked_parties, figures_owed, remind_owners, set_wanted
from integration.report.rules import MOST_TIMES, Told
from tests.factories.figures import indicator, make_action, make_line, make_programme
from tests.factories.organisations import make_organisation

MONDAY = datetime(2026, 1, 12, 9, tzinfo=UTC)


class Town:
    """One figure of 2024 and 2025 that the library owed until 2025 and the museum owes since."""

    def __init__(self, db_session: DbSession) -> None:
        self.db_session = db_session
        self.library, self.museum = make_organisation(db_session).id, make_organisation(db_session).id
        programme = make_programme(db_session, slug="town", first_year=2024, last_year=2025)
        action = make_action(db_session, programme)
        action.responsibilities = [
            _answers(self.library, date(2024, 1, 1), date(2025, 12, 31)),
            _answers(self.museum, date(2026, 1, 1), None),
        ]
        self.loans = indicator(IndicatorKind.REPORTED, slug="loans", title={"sv": "Lån", "fi": "Lainat"})
        make_line(db_session, action, self.loans)

    def owner(self, organisation_id: int, email: str, language: str = "sv") -> Account:
        """Somebody who reports for an organisation."""
        account = Account(email=email, password_hash="-", language=language, active=True, created_at=MONDAY)
        account.roles = [AccountRole(role=Role.OWNER, organisation_id=organisation_id)]
        self.db_session.add(account)
        self.db_session.flush()
        return account

    def report(self, year: int) -> None:
        """Hand the figure in."""
        self.db_session.add(
            Report(
                indicator_id=self.loans.id,
                year=year,
                revision=1,
                stage=Stage.REPORTED,
                provenance=Provenance.REPORTED,
                applies=True,
                value=7,
                personal=False,
                opened_at=MONDAY,
            )
        )
        self.db_session.flush()

    def queued(self, now: datetime) -> list[OutboxMessage]:
        """Run the job and read what it wrote down in all."""
        remind_owners(self.db_session, now)
        self.db_session.flush()
        return list(self.db_session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == KIND)))


def _answers(organisation_id: int, starts_on: date, ends_on: date | None) -> Responsibility:
    return Responsibility(organisation_id=organisation_id, part=Part.RESPONSIBLE, starts_on=starts_on, ends_on=ends_on)


@pytest.fixture
def town(app: Flask, db_session: DbSession) -> Iterator[Town]:
    """A town, seen as a job sees it."""
    with app.app_context():
        yield Town(db_session)


def letter_of(town: Town, message: OutboxMessage, now: datetime = MONDAY) -> Letter:
    """The letter as the outbox would write it."""
    order = Order(
        message.id, KIND, "account", message.recipient_id, message.language, message.facts, "<x@y>", 1, now, now
    )
    with speaking(message.language):
        return figures_owed(town.db_session, order)


def test_whoever_answers_today_gets_one_letter_for_all_years(town: Town) -> None:
    town.owner(town.library, "library@example.com")
    museum = town.owner(town.museum, "museum@example.com", "fi")
    (message,) = town.queued(MONDAY)
    assert (message.recipient_id, message.language) == (museum.id, "fi")
    letter = letter_of(town, message)
    assert "2025: Lainat" in letter.opening
    assert "2024: Lainat" in letter.opening
    assert letter.button is not None
    assert letter.button.url.endswith("/fi/staff/programmes/town/reporting/2025")
    assert asked_parties(town.db_session)[town.museum].told_at == MONDAY


def test_the_same_is_told_once_and_something_else_a_week_later(town: Town) -> None:
    town.owner(town.museum, "museum@example.com")
    assert len(town.queued(MONDAY)) == 1
    assert len(town.queued(MONDAY + timedelta(minutes=1))) == 1
    assert len(town.queued(MONDAY + timedelta(days=14))) == 1
    town.report(2024)
    assert len(town.queued(MONDAY + timedelta(days=3))) == 1
    assert len(town.queued(MONDAY + timedelta(days=7))) == 2


def test_what_nobody_answers_is_asked_again_thrice_in_a_season_and_anew_in_the_next(town: Town) -> None:
    town.owner(town.museum, "museum@example.com")
    asked: list[datetime] = []
    for day in range(80):
        before = len(asked)
        asked += [MONDAY + timedelta(days=day)] * (len(town.queued(MONDAY + timedelta(days=day))) - before)
    assert [each.date() for each in asked] == [date(2026, 1, 12), date(2026, 2, 2), date(2026, 2, 23)]
    found = asked_parties(town.db_session)[town.museum]
    assert (found.told_at, found.times) == (asked[-1], MOST_TIMES)
    told = Told("the same", asked[-1], MOST_TIMES)
    assert told.again("the same", datetime(2027, 1, 11, 9, tzinfo=UTC)) == 1
    assert told.again("something else", asked[-1] + timedelta(days=7)) == 1


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 1, 5, 9, tzinfo=UTC),
        datetime(2026, 1, 17, 9, tzinfo=UTC),
        datetime(2026, 4, 1, 9, tzinfo=UTC),
        datetime(2027, 2, 1, 9, tzinfo=UTC),
    ],
    ids=["holiday", "Saturday", "after the season", "a year that the programme does not have"],
)
def test_nobody_is_reminded_out_of_season(town: Town, now: datetime) -> None:
    town.owner(town.museum, "museum@example.com")
    assert town.queued(now) == []


def test_who_has_stopped_the_reminders_gets_none_and_one_underway_is_dropped(town: Town) -> None:
    owner = town.owner(town.museum, "museum@example.com")
    (message,) = town.queued(MONDAY)
    set_wanted(town.db_session, owner.id, wanted=False)
    with pytest.raises(Outdated):
        letter_of(town, message)
    town.report(2024)
    assert len(town.queued(MONDAY + timedelta(days=7))) == 1
    set_wanted(town.db_session, owner.id, wanted=True)
    assert len(town.queued(MONDAY + timedelta(days=7))) == 2


def test_what_was_handed_in_meanwhile_is_not_asked_for(town: Town) -> None:
    town.owner(town.museum, "museum@example.com")
    (message,) = town.queued(MONDAY)
    town.report(2024)
    assert "2024: Lån" not in letter_of(town, message).opening
    town.report(2025)
    with pytest.raises(Outdated):
        letter_of(town, message)


def test_an_account_that_is_closed_or_gone_is_not_reminded(town: Town) -> None:
    owner = town.owner(town.museum, "museum@example.com")
    owner.active = False
    assert town.queued(MONDAY) == []
    owner.active = True
    assert len(town.queued(MONDAY)) == 1
    town.db_session.delete(owner)
    town.db_session.flush()
    assert town.db_session.scalar(sa.select(sa.func.count()).select_from(OwnerReminder)) == 0
