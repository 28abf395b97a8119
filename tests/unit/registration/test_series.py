"""Series: all the dates but those dropped, each taken or waiting by itself; later dates join; left as a whole."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from integration.activities.models import Activity, Session, SessionPlaces
from integration.activities.services import create_session
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, transaction
from integration.mail.models import OutboxMessage
from integration.registration.errors import NoSeries, NotAnybody
from integration.registration.models import Household, Registration, Series, WaitingEntry
from integration.registration.queries.series import dates_to_join, series_dates
from integration.registration.rules import People
from integration.registration.services import cancel_registration, delete_household, register
from integration.registration.services.series import Joined, Wish, add_date, join_series, leave_series
from tests.factories.activities import make_activity, make_session, make_slots
from tests.factories.actors import make_actor
from tests.fixtures.settings import CARD_KEY

FAMILY = People(1, 2)


def make_term(db_session: DbSession, dates: int = 4, capacity: int | None = 10) -> tuple[Activity, list[Session]]:
    """A family school with a date every week."""
    activity = make_activity(db_session, series=True, capacity=capacity)
    first_at = utc_now() + timedelta(days=3)
    weeks = [
        make_session(db_session, activity=activity, starts_at=first_at + timedelta(days=7 * week), capacity=capacity)
        for week in range(dates)
    ]
    return activity, weeks


def join(
    db_session: DbSession,
    activity: Activity,
    dates: list[Session],
    token: str = "a",
    household: Household | None = None,
    people: People = FAMILY,
    email: str | None = None,
    seconds: int = 0,
) -> Joined:
    wish, now = Wish("Amina", people, None, email, None, "sv"), utc_now() + timedelta(seconds=seconds)
    return join_series(db_session, activity, dates, household, wish, form_token=token, card_key=CARD_KEY, now=now)


def states(db_session: DbSession, series: Series) -> str:
    """How each date stands: + taken, ? waiting, - not coming."""
    dates = series_dates(db_session, series, utc_now())
    return "".join("+" if each.registration else "?" if each.entry else "-" for each in dates)


def taken(db_session: DbSession, sessions: list[Session]) -> list[int]:
    rows = db_session.execute(sa.select(SessionPlaces.session_id, SessionPlaces.taken)).all()
    by_id: dict[int, int] = {each.session_id: each.taken for each in rows}
    return [by_id[each.id] for each in sessions]


def test_two_dates_dropped_the_others_taken(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session, 5)
    series, _card = join(db_session, activity, [weeks[0], weeks[2], weeks[4]])
    assert states(db_session, series) == "+-+-+"
    assert taken(db_session, weeks) == [3, 0, 3, 0, 3]


def test_a_full_date_waits_by_itself(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    register_others(db_session, weeks[1])
    series, _card = join(db_session, activity, weeks)
    assert states(db_session, series) == "+?++"
    assert taken(db_session, weeks) == [3, 10, 3, 3]
    entry = db_session.scalars(sa.select(WaitingEntry)).one()
    assert (entry.series_id, entry.places) == (series.id, 3)


def register_others(db_session: DbSession, session: Session) -> Registration:
    made = register(
        db_session,
        session,
        None,
        name="Bao",
        people=People(10, 0),
        language="sv",
        form_token=f"others-{session.id}",
        card_key=CARD_KEY,
        now=utc_now(),
    )
    assert made.registration is not None
    return made.registration


def test_the_waiting_date_is_taken_in_and_stays_in_the_series(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    others = register_others(db_session, weeks[1])
    series, _card = join(db_session, activity, weeks)
    cancel_registration(db_session, others, weeks[1], utc_now())
    assert states(db_session, series) == "++++"
    ids = set(db_session.scalars(sa.select(Registration.series_id).where(Registration.cancelled_at.is_(None))))
    assert ids == {series.id}


def test_one_message_for_the_whole_series(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    join(db_session, activity, weeks, email="amina@example.org")
    assert list(db_session.scalars(sa.select(OutboxMessage.kind))) == ["series_joined"]


def test_the_same_form_again_is_the_same_series(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    one = join(db_session, activity, weeks)
    assert join(db_session, activity, weeks) == one
    assert taken(db_session, weeks) == [3, 3, 3, 3]


def test_a_date_had_before_belongs_to_the_series(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    series, card = join(db_session, activity, weeks[:1])
    household = card.household
    leave_series(db_session, series, utc_now())
    again, _card = join(db_session, activity, weeks[1:], "b", household)
    assert again.id != series.id and states(db_session, again) == "-+++"
    same, _card = join(db_session, activity, weeks, "c", household)
    assert same.id == again.id and states(db_session, again) == "++++"
    assert taken(db_session, weeks) == [3, 3, 3, 3]


def test_a_dropped_date_is_added_again(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    series, card = join(db_session, activity, weeks)
    date = series_dates(db_session, series, utc_now())[1]
    assert date.registration is not None
    cancel_registration(db_session, date.registration, date.session, utc_now())
    assert states(db_session, series) == "+-++"
    add_date(db_session, series, weeks[1], card.household, utc_now())
    assert states(db_session, series) == "++++"
    other = make_session(db_session)
    with pytest.raises(NoSeries):
        add_date(db_session, series, other, card.household, utc_now())


def test_leaving_gives_every_date_back(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    register_others(db_session, weeks[2])
    series, _card = join(db_session, activity, weeks)
    assert leave_series(db_session, series, utc_now()) == 4
    assert leave_series(db_session, series, utc_now()) == 0
    assert taken(db_session, weeks) == [0, 0, 10, 0]
    assert weeks[2].places.waiting == 0 and series.ended_at is not None


def test_a_date_added_later_joins_in_the_order_of_joining(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    first, _card = join(db_session, activity, weeks, "a", people=People(4, 2))
    second, _card = join(db_session, activity, weeks, "b", people=People(4, 0), seconds=1)
    third, _card = join(db_session, activity, weeks, "c", people=People(2, 0), seconds=2)
    gone, _card = join(db_session, activity, weeks[:1], "d", people=People(1, 0))
    leave_series(db_session, gone, utc_now())
    later = weeks[-1].starts_at + timedelta(days=7)
    added = create_session(db_session, make_actor(), activity, later, now=utc_now())
    assert [states(db_session, each)[-1] for each in (first, second, third, gone)] == ["+", "+", "?", "-"]
    assert added.places.taken == 10 and added.places.waiting == 1


def test_last_terms_families_are_not_signed_up_for_the_next(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session, 1)
    series, _card = join(db_session, activity, weeks)
    after = weeks[0].ends_at + timedelta(days=1)
    added = create_session(db_session, make_actor(), activity, after + timedelta(days=30), now=after)
    assert added.places.taken == 0 and series.ended_at is None


def test_what_is_no_series_or_nobody_is_refused(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    plain = make_activity(db_session)
    with pytest.raises(NoSeries):
        join(db_session, plain, [make_session(db_session, activity=plain)])
    with pytest.raises(NoSeries):
        join(db_session, activity, [])
    with pytest.raises(NoSeries):
        join(db_session, activity, [make_session(db_session)])
    with pytest.raises(NotAnybody):
        join(db_session, activity, weeks, people=People(0, 0))


def test_dates_with_individual_times_or_closed_are_not_offered(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    make_slots(db_session, weeks[0])
    weeks[1].sign_up_closed = True
    db_session.flush()
    assert dates_to_join(db_session, activity.id, utc_now()) == weeks[2:]


def test_deleting_the_household_deletes_its_series(db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    register_others(db_session, weeks[2])
    _series, card = join(db_session, activity, weeks)
    delete_household(db_session, card.household, utc_now())
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Series)) == 0
    assert taken(db_session, weeks) == [0, 0, 10, 0]


def test_many_join_at_once_in_any_order_and_nobody_waits_for_ever(app: Flask, db_session: DbSession) -> None:
    activity, weeks = make_term(db_session, 4, capacity=9)
    activity_id, ids = activity.id, [each.id for each in weeks]
    db_session.commit()
    gate = threading.Barrier(6)

    def attempt(number: int) -> int:
        gate.wait(timeout=30)
        with app.app_context(), transaction() as own:
            order = ids if number % 2 else ids[::-1]
            dates = [own.get_one(Session, each) for each in order]
            return join(own, own.get_one(Activity, activity_id), dates, f"at-once-{number}").series.id

    with ThreadPoolExecutor(6) as threads:
        series_ids = list(threads.map(attempt, range(6)))
    db_session.expire_all()
    found = [states(db_session, db_session.get_one(Series, each)) for each in series_ids]
    assert sorted(found) == ["++++"] * 3 + ["????"] * 3
    assert taken(db_session, weeks) == [9] * 4


def test_one_form_sent_twice_at_once_is_one_household(app: Flask, db_session: DbSession) -> None:
    activity, weeks = make_term(db_session)
    activity_id, ids = activity.id, [each.id for each in weeks]
    db_session.commit()
    gate = threading.Barrier(4)

    def attempt(_number: int) -> int:
        gate.wait(timeout=30)
        with app.app_context(), transaction() as own:
            dates = [own.get_one(Session, each) for each in ids]
            return join(own, own.get_one(Activity, activity_id), dates).series.id

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(attempt, range(4)))) == 1
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Household)) == 1
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Registration)) == 4
