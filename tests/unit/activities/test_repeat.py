"""A rule becomes sessions once, whatever is done twice, moved, cancelled or paused meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Role
from integration.activities import services
from integration.activities.errors import RuleHasNoDates, RuleTooLong, TimeDoesNotExist, TimeExistsTwice
from integration.activities.models import Frequency, RecurrenceRule, Session, SessionStatus
from integration.activities.rules import Recurrence
from integration.kernel.clock import local, utc_now
from integration.kernel.database import DbSession
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import make_actor
from tests.factories.organisations import make_organisation

NOW = utc_now()
MONDAYS = Recurrence(Frequency.WEEKLY, date(2027, 1, 4), date(2027, 2, 8), time(18), weekday=0)


def starts(db_session: DbSession) -> list[date]:
    """The local dates of all sessions."""
    return sorted(db_session.scalars(sa.select(Session.local_on)))


def test_each_date_becomes_a_session(db_session: DbSession) -> None:
    activity = make_activity(db_session)
    made = services.repeat(db_session, make_actor(), activity, MONDAYS, now=NOW)
    assert [each.occurrence_on for each in made] == [date(2027, 1, 4) + timedelta(weeks=n) for n in range(6)]
    assert {local(each.starts_at).time() for each in made} == {time(18)}
    assert {each.ends_at - each.starts_at for each in made} == {timedelta(hours=2)}


def test_repeating_twice_makes_nothing_new(db_session: DbSession) -> None:
    activity, actor = make_activity(db_session), make_actor()
    services.repeat(db_session, actor, activity, MONDAYS, now=NOW)
    assert services.repeat(db_session, actor, activity, MONDAYS, now=NOW) == []
    assert len(starts(db_session)) == 6
    assert db_session.scalar(sa.select(sa.func.count()).select_from(RecurrenceRule)) == 1


def test_a_later_end_carries_the_series_on(db_session: DbSession) -> None:
    activity, actor = make_activity(db_session), make_actor()
    services.repeat(db_session, actor, activity, MONDAYS, now=NOW)
    longer = replace(MONDAYS, until_on=date(2027, 2, 22))
    made = services.repeat(db_session, actor, activity, longer, now=NOW)
    assert [each.occurrence_on for each in made] == [date(2027, 2, 15), date(2027, 2, 22)]
    assert db_session.scalars(sa.select(RecurrenceRule.until_on)).all() == [date(2027, 2, 22)]


def test_a_moved_or_cancelled_session_does_not_come_back(db_session: DbSession) -> None:
    activity, actor = make_activity(db_session), make_actor()
    first, second, *_rest = services.repeat(db_session, actor, activity, MONDAYS, now=NOW)
    tuesday = first.starts_at + timedelta(days=1)
    services.move_session(
        db_session, actor, first, tuesday, tuesday + timedelta(hours=1), venue_id=first.venue_id, now=NOW
    )
    services.cancel_session(db_session, actor, second, now=NOW)
    assert services.repeat(db_session, actor, activity, MONDAYS, now=NOW) == []
    assert (first.local_on, second.status) == (date(2027, 1, 5), SessionStatus.CANCELLED)


def test_a_session_made_by_hand_at_that_very_time_is_not_doubled(db_session: DbSession) -> None:
    activity = make_activity(db_session)
    make_session(db_session, activity=activity, starts_at=services.moment_at(date(2027, 1, 11), time(18)))
    assert len(services.repeat(db_session, make_actor(), activity, MONDAYS, now=NOW)) == 5


def test_exceptions_and_pauses_are_kept_and_left_out(db_session: DbSession) -> None:
    activity, actor = make_activity(db_session), make_actor()
    services.add_pause(db_session, actor, activity, date(2027, 1, 10), date(2027, 1, 20), now=NOW)
    services.add_pause(db_session, actor, activity, date(2027, 1, 10), date(2027, 1, 20), now=NOW)
    services.repeat(db_session, actor, activity, MONDAYS, now=NOW, exceptions=[date(2027, 2, 1)])
    assert starts(db_session) == [date(2027, 1, 4), date(2027, 1, 25), date(2027, 2, 8)]
    rule = db_session.scalars(sa.select(RecurrenceRule)).one()
    assert [each.on_date for each in rule.exceptions] == [date(2027, 2, 1)]
    assert len(activity.pauses) == 1


def test_a_rule_that_leaves_nothing_is_refused(db_session: DbSession) -> None:
    activity, actor = make_activity(db_session), make_actor()
    services.add_pause(db_session, actor, activity, MONDAYS.starts_on, MONDAYS.until_on, now=NOW)
    with pytest.raises(RuleHasNoDates):
        services.repeat(db_session, actor, activity, MONDAYS, now=NOW)


def test_a_rule_of_more_than_24_months_is_refused(db_session: DbSession) -> None:
    longest = replace(MONDAYS, until_on=date(2029, 1, 5))
    with pytest.raises(RuleTooLong):
        services.repeat(db_session, make_actor(), make_activity(db_session), longest, now=NOW)


def test_the_wall_time_is_kept_over_both_nights_and_the_doubtful_ones_are_asked_about(db_session: DbSession) -> None:
    activity, actor = make_activity(db_session), make_actor()
    sundays = Recurrence(Frequency.WEEKLY, date(2027, 3, 21), date(2027, 11, 7), time(3, 30), weekday=6)
    with pytest.raises(TimeDoesNotExist) as spring:
        services.repeat(db_session, actor, activity, sundays, now=NOW)
    answers = [spring.value.suggestions[1]]
    with pytest.raises(TimeExistsTwice) as autumn:
        services.repeat(db_session, actor, activity, sundays, now=NOW, chosen=answers)
    assert autumn.value.on == date(2027, 10, 31)
    assert starts(db_session) == []
    answers.append(autumn.value.choices[1])
    made = services.repeat(db_session, actor, activity, sundays, now=NOW, chosen=answers)
    by_date = {each.local_on: each.starts_at for each in made}
    assert by_date[date(2027, 3, 28)] == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert by_date[date(2027, 10, 31)] == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    ordinary = [local(at).time() for on, at in by_date.items() if on != date(2027, 3, 28)]
    assert set(ordinary) == {time(3, 30)}


def test_dates_by_hand_can_be_added_to(db_session: DbSession) -> None:
    activity, actor = make_activity(db_session), make_actor()
    dates = (date(2027, 3, 4), date(2027, 9, 9))
    rule = Recurrence(Frequency.BY_HAND, dates[0], dates[1], time(12), dates=dates)
    services.repeat(db_session, actor, activity, rule, now=NOW)
    more = replace(rule, until_on=date(2027, 11, 11), dates=(*dates, date(2027, 11, 11)))
    made = services.repeat(db_session, actor, activity, more, now=NOW)
    assert [each.occurrence_on for each in made] == [date(2027, 11, 11)]


def test_the_database_itself_refuses_an_occurrence_twice(db_session: DbSession) -> None:
    activity = make_activity(db_session)
    first = services.repeat(db_session, make_actor(), activity, MONDAYS, now=NOW)[0]
    with pytest.raises(IntegrityError):
        make_session(db_session, activity=activity, rule_id=first.rule_id, occurrence_on=first.occurrence_on)


def test_only_the_own_organisation_repeats_and_pauses(db_session: DbSession) -> None:
    activity, stranger = make_activity(db_session), make_actor(Role.ORGANISER, make_organisation(db_session).id)
    with pytest.raises(NotPermitted):
        services.repeat(db_session, stranger, activity, MONDAYS, now=NOW)
    with pytest.raises(NotPermitted):
        services.add_pause(db_session, stranger, activity, MONDAYS.starts_on, MONDAYS.until_on, now=NOW)
