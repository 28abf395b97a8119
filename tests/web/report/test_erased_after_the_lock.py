"""A household that is erased after a year was locked is nowhere any more, and every figure is what it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from integration.accounts.rules import Role
from integration.activities.models import Session
from integration.checkin.queries.roster import found_by_name, roster_content
from integration.indicators.models import ClosedYear
from integration.indicators.queries import exact_figures
from integration.indicators.services import rebuild
from integration.indicators.services.whole_years import lock_year
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import Base, DbSession, transaction
from integration.mail.models import MessageState, OutboxMessage
from integration.programme.models import Measure, Programme
from integration.programme.queries import programme_outline
from integration.registration.models import Card
from integration.registration.rules import People
from integration.registration.services import delete_household, register
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import sign_in_as
from tests.factories.figures import at, close, computed, make_action, make_attendance, make_line, make_programme, serve
from tests.fixtures.settings import CARD_KEY

NOW = utc_now()
YEAR = local_date(NOW).year - 1
NAME, PHONE, EMAIL, HELP = "Zebulonia", "+358409871234", "zebulonia@example.org", "Rullstol, tack: Zebulonia"


@pytest.fixture
def programme(app: Flask, db_session: DbSession) -> Programme:
    """Visits and people of last year, of which some were made with the household's card; it comes again tomorrow."""
    made = make_programme(db_session, slug="town", first_year=YEAR, last_year=YEAR + 1)
    action = make_action(db_session, made, first_year=YEAR, last_year=YEAR + 1)
    for measure in (Measure.VISITS, Measure.UNIQUE):
        years: dict[str, Any] = {"first_year": YEAR, "last_year": YEAR + 1}
        make_line(db_session, action, computed(measure, slug=f"cafe-{measure}", **years))
    cafe = make_activity(db_session)
    serve(db_session, cafe, action)
    coming = make_session(db_session, activity=cafe, starts_at=NOW + timedelta(hours=20), key="comingcafe")
    with app.app_context():
        signed_up = register(
            *(db_session, coming, None),
            name=NAME,
            people=People(2, 3),
            phone=PHONE,
            email=EMAIL,
            help=HELP,
            language="sv",
            form_token="erased",
            card_key=CARD_KEY,
            now=NOW,
        )
    for month in (3, 9):
        session = make_session(db_session, activity=cafe, starts_at=at(YEAR, month, 5))
        make_attendance(db_session, session, signed_up.card.visitor_key, 2, 3)
        make_attendance(db_session, session, "somebody-else", 1, 1)
        close(db_session, session)
    rebuild(db_session, NOW)
    db_session.commit()
    return made


def test_an_erased_household_leaves_its_visits_and_nothing_else(
    app: Flask, db_session: DbSession, programme: Programme
) -> None:
    card = db_session.scalars(sa.select(Card)).one()
    secrets = [card.pass_digest, card.code_digest, card.link_digest, card.visitor_key]
    session = db_session.scalars(sa.select(Session).where(Session.key == "comingcafe")).one()
    assert traces(db_session, [NAME, PHONE, EMAIL, HELP]) and traces(db_session, secrets)
    assert found_by_name(db_session, session.id, NAME[:5])
    assert [len(on_roster(db_session, session)[part]) for part in ("codes", "sealed")] == [1, 1]
    lock(db_session, programme)
    before = figures(app)
    assert before["visits"] == [(YEAR, 14)] and before["unique"] == [(YEAR, 7)]

    with app.app_context(), transaction() as erasing:
        delete_household(erasing, erasing.scalars(sa.select(Card)).one().household, NOW)
    db_session.rollback()
    db_session.expire_all()

    assert traces(db_session, [NAME, PHONE, PHONE.removeprefix("+358"), EMAIL, HELP, *secrets]) == []
    states = set(db_session.scalars(sa.select(OutboxMessage.state)))
    assert states == {MessageState.DROPPED}, "what was to be sent to them is not, and holds no word of theirs"
    assert not found_by_name(db_session, session.id, NAME[:5])
    assert on_roster(db_session, session) == {"cards": "", "codes": [], "sealed": [], "elsewhere": []}
    assert NAME not in staff_list(app, db_session, session)
    assert figures(app) == before
    rebuild(db_session, NOW)
    db_session.commit()
    assert figures(app) == before, "counted anew from what is left"


def traces(db_session: DbSession, sought: list[str]) -> list[str]:
    """Every table in which one of these texts stands, in any column."""
    return [
        f"{table.name}: {each}"
        for table in Base.metadata.sorted_tables
        for row in db_session.execute(sa.select(table))
        for each in sought
        if any(each in str(value) for value in row)
    ]


def on_roster(db_session: DbSession, session: Session) -> dict[str, Any]:
    """What a phone at the door is given, but for its salt."""
    return {name: each for name, each in roster_content(db_session, session, CARD_KEY).items() if name != "salt"}


def lock(db_session: DbSession, programme: Programme) -> None:
    """Lock the year as a whole."""
    outline = programme_outline(db_session, programme.id)
    assert outline is not None
    exact = exact_figures(db_session, outline, YEAR, local_date(NOW))
    lock_year(db_session, outline, YEAR, exact, without=None, account_id=1, now=NOW)
    db_session.commit()
    assert db_session.get(ClosedYear, (programme.id, YEAR)) is not None


def figures(app: Flask) -> dict[str, list[tuple[int, int]]]:
    """What everybody can read of the locked year."""
    document = app.test_client().get("/api/v1/programmes/town/indicators.json").json
    assert document is not None
    return {
        each["measure"]: [(year["year"], year["value"]) for year in each["years"] if year["year"] == YEAR]
        for each in document["indicators"]
    }


def staff_list(app: Flask, db_session: DbSession, session: Session) -> str:
    """The organiser's list of the coming session."""
    organiser = app.test_client()
    sign_in_as(organiser, db_session, Role.COORDINATOR)
    db_session.commit()
    return organiser.get(f"/en/staff/sessions/{session.key}/registrations").text
