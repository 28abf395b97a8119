"""Rule 2: whoever was counted, in whatever way, makes a session held by itself; what nobody counted asks for a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Actor, Role
from integration.activities.models import Session
from integration.checkin.models import Closing
from integration.checkin.queries import desk
from integration.checkin.rules import As, People
from integration.checkin.services import Report, close_session, count_heads, mark_held
from integration.checkin.services.enter_sheet import Sheet, enter_sheet
from integration.checkin.services.groups import count_groups
from integration.checkin.services.self_check_in import code_secret, mark_themselves, renew_code
from integration.checkin.services.tally import count_one, uncount
from integration.kernel.clock import utc_now
from tests.factories.actors import make_actor
from tests.factories.checkin import make_running_session, scan_id
from tests.fixtures.settings import CARD_KEY

NOW = utc_now()


def mark(db_session: DbSession, actor: Actor, session: Session) -> None:
    secret = code_secret(CARD_KEY, renew_code(db_session, actor, session, CARD_KEY, NOW).id)
    mark_themselves(db_session, secret, As("phone"), People(2, 0), CARD_KEY, NOW)


def press(db_session: DbSession, actor: Actor, session: Session) -> None:
    count_one(db_session, actor, session, "adults", UUID(scan_id(1)), CARD_KEY, NOW)


def write(db_session: DbSession, actor: Actor, session: Session) -> None:
    count_heads(db_session, actor, session, People(3, 0), scan_id(2), NOW)


def type_in(db_session: DbSession, actor: Actor, session: Session) -> None:
    enter_sheet(db_session, actor, session, (), Sheet({}, {"adults": 2}), CARD_KEY, NOW)


def count_group(db_session: DbSession, actor: Actor, session: Session) -> None:
    count_groups(db_session, actor, session, {1: People(2, 20)}, NOW)


@pytest.mark.parametrize("count", [mark, press, write, type_in, count_group])
def test_held_by_itself_however_people_were_counted(
    db_session: DbSession, count: Callable[[DbSession, Actor, Session], None]
) -> None:
    session = make_running_session(db_session)
    actor = make_actor(Role.ORGANISER, session.activity.organisation_id)
    count(db_session, actor, session)
    due = session.ends_at + timedelta(hours=1)
    mark_held(db_session, due - timedelta(minutes=1))
    assert db_session.get(Closing, session.id) is None
    mark_held(db_session, due)
    said = db_session.get(Closing, session.id)
    assert said is not None
    assert (said.held, said.account_id) == (True, None)
    assert session in desk(db_session, None, due).to_confirm, "it still asks for the organiser's word"


def test_a_total_at_closing_is_the_organisers_word_at_once(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    actor = make_actor(Role.ORGANISER, session.activity.organisation_id)
    close_session(db_session, actor, session, Report(True, People(12, 3), reason="no_phone"), NOW)
    mark_held(db_session, session.ends_at + timedelta(hours=1))
    said = db_session.get(Closing, session.id)
    assert said is not None
    assert (said.held, said.account_id, said.manual_adults) == (True, actor.account_id, 12)
    assert session not in desk(db_session, None, session.ends_at + timedelta(hours=2)).to_confirm


def test_what_nobody_counted_is_asked_for_until_somebody_says(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    actor = make_actor(Role.ORGANISER, session.activity.organisation_id)
    press(db_session, actor, session)
    uncount(db_session, actor, session, UUID(scan_id(1)), CARD_KEY, NOW)
    for days in (1, 40):
        now = session.ends_at + timedelta(days=days)
        mark_held(db_session, now)
        assert db_session.get(Closing, session.id) is None, "taken back: nobody was counted"
        assert session in desk(db_session, None, now).to_confirm
    close_session(db_session, actor, session, Report(held=False), now)
    assert session not in desk(db_session, None, now).to_confirm
