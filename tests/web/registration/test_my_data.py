"""What a household reads of itself: everything that is kept, as a page and as a file."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask.testing import FlaskClient

from integration.activities.models import Session
from integration.checkin.models import Attendance, Source
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.registration.cards import derived_codes
from integration.registration.models import HeldSignUp, Hold, Household, WaitingEntry, WaitingState
from tests.factories.activities import make_activity, make_session
from tests.factories.registration import make_card, make_registration
from tests.fixtures.settings import CARD_KEY
from tests.web.registration.signing_up import post

PEOPLE = {"adults": 1, "children": 0, "children_0_6": 0, "children_7_12": 0, "children_13_17": 0}


def entry_of(session: Session, household: Household, **words: str) -> WaitingEntry:
    """A turn in the session's queue."""
    return WaitingEntry(
        id=2,
        session_id=session.id,
        household_id=household.id,
        is_increase=False,
        turn=1,
        places=1,
        state=WaitingState.WAITING,
        queued_at=utc_now(),
        **PEOPLE,
        **words,
    )


def held_of(hold: Hold, session: Session, household: Household, **words: str) -> HeldSignUp:
    """A sign-up that staff look at first."""
    kept = {"hold_id": hold.id, "session_id": session.id, "household_id": household.id, "created_at": utc_now()}
    return HeldSignUp(id=3, form_digest="x", **kept, **PEOPLE, **words)


def visit_of(session: Session, visitor_key: str) -> Attendance:
    """Three adults and a child were there."""
    came = {"arrived_adults": 3, "arrived_children": 1, "beyond_adults": 0, "beyond_children": 0}
    return Attendance(session_id=session.id, visitor_key=visitor_key, source=Source.SCANNED, first_at=utc_now(), **came)


def personal_columns() -> set[tuple[str, str]]:
    """Table and name of every column that its model calls personal, but those of organisations' own contacts."""
    return {
        (table.name, column.name)
        for table in Household.metadata.sorted_tables
        for column in table.columns
        if column.info.get("personal") and table.name not in ("group_registrations", "stands")
    }


def test_my_data_tells_every_personal_column_and_the_visits(client: FlaskClient, db_session: DbSession) -> None:
    """Each column is filled with a word of its own, and each word stands on the page and in the file."""
    session, second, third = (make_session(db_session) for _each in range(3))
    card = make_card(db_session)
    words = {column: f"{column[0][:9]}-{column[1]}" for column in personal_columns()}
    in_table = {table: {c: word for (t, c), word in words.items() if t == table} for table, _column in words}
    db_session.execute(sa.update(Household).values(in_table.pop("households")))
    make_registration(db_session, session, card.household).help = in_table.pop("registrations")["help"]
    db_session.add(entry_of(second, card.household, **in_table.pop("waiting_entries")))
    hold = Hold(id=1, began_at=utc_now(), last_at=utc_now())
    db_session.add(hold)
    db_session.flush()
    db_session.add(held_of(hold, third, card.household, **in_table.pop("held_sign_ups")))
    assert not in_table, "a new table: fill a row of it here"
    db_session.add(visit_of(session, card.visitor_key))
    db_session.flush()
    secret = derived_codes(CARD_KEY, card.id, 1).link_secret
    data = client.get(f"/en/cards/{secret}/data.json").get_json()
    page = client.get(f"/en/cards/{secret}/data").get_data(as_text=True)
    for (table, column), word in words.items():
        assert data[table][0][column] == word
        assert word in page
    assert [(each["adults"], each["children"]) for each in data["attendance"]] == [(3, 1)]
    assert data["attendance"][0]["session"]["title"]
    assert "Your visits" in page and "3 adults, 1 child" in page
    assert secret not in str(data) and card.visitor_key not in str(data)


def test_my_data_tells_series_and_messages(client: FlaskClient, db_session: DbSession) -> None:
    activity = make_activity(db_session, series=True)
    make_session(db_session, activity=activity)
    path = f"/en/activities/{activity.slug}/series"
    dates = re.findall('name="dates" value="([^"]+)"', client.get(path).get_data(as_text=True))
    answer = post(client, path, path, name="Amina", adults="1", children="0", dates=dates, email="a@example.com")
    secret = answer.location.split("/cards/", 1)[1].split("#")[0]
    page = client.get(f"/en/cards/{secret}/data").get_data(as_text=True)
    assert "All the dates: " in page
    assert "Series joined, E-mail (not sent)" in page
    data = client.get(f"/en/cards/{secret}/data.json").get_json()
    assert [len(data[table]) for table in ("series", "outbox_messages")] == [1, 1]
