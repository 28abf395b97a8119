"""Reminders on the desk: an owner stops them and lets them come again, the council sees who owes and was reminded."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import Flask

from integration.accounts.models import AccountRole
from integration.accounts.rules import Role
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession
from integration.programme.models import IndicatorKind, Part, Responsibility
from integration.report.models import OwnerReminder
from integration.report.rules import MOST_TIMES
from tests.factories.actors import sign_in_as
from tests.factories.figures import indicator, make_action, make_line, make_programme
from tests.factories.organisations import make_organisation

YEAR = local_date(utc_now()).year - 1
DESK = f"/en/staff/programmes/town/reporting/{YEAR}"


def make_town(db_session: DbSession) -> int:
    """A programme with one owed figure, and the organisation that answers for it."""
    programme = make_programme(db_session, slug="town", first_year=YEAR, last_year=YEAR + 1)
    action = make_action(db_session, programme, slug="library")
    make_line(db_session, action, indicator(IndicatorKind.REPORTED, first_year=YEAR, last_year=YEAR + 1))
    organisation_id = make_organisation(db_session).id
    action.responsibilities = [
        Responsibility(organisation_id=organisation_id, part=Part.RESPONSIBLE, starts_on=date(YEAR, 1, 1))
    ]
    return organisation_id


def test_an_owner_stops_the_reminders_and_the_council_sees_it(app: Flask, db_session: DbSession) -> None:
    organisation_id = make_town(db_session)
    owner, council = app.test_client(), app.test_client()
    sign_in_as(council, db_session, Role.COUNCIL)
    db_session.commit()
    assert "nobody has an account" in council.get(DESK).text
    sign_in_as(owner, db_session, Role.OWNER, organisation_id)
    db_session.commit()
    assert "not reminded yet" in council.get(DESK).text
    page = owner.get(DESK).text
    assert "Stop the reminders" in page
    assert "responsible party owes" not in page
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    assert owner.post("/en/staff/reminders", data={"csrf_token": token, "wanted": "n"}).status_code == 303
    assert "Remind me again" in owner.get(DESK).text
    assert "has stopped the reminders" in council.get(DESK).text
    assert council.post("/en/staff/reminders", data={"wanted": "n"}).status_code in (400, 403)


def test_the_council_sees_how_often_somebody_was_reminded_and_when_no_more_is_sent(
    app: Flask, db_session: DbSession
) -> None:
    organisation_id, now = make_town(db_session), utc_now()
    council = app.test_client()
    sign_in_as(council, db_session, Role.COUNCIL)
    sign_in_as(app.test_client(), db_session, Role.OWNER, organisation_id)
    account_id = db_session.scalars(sa.select(AccountRole.account_id).where(AccountRole.role == Role.OWNER)).one()
    reminder = OwnerReminder(account_id=account_id, wanted=True, told="-", told_at=now, times=1)
    db_session.add(reminder)
    for times, words in ((1, "reminded on"), (2, "reminded 2 times, last on"), (MOST_TIMES, "no more about the same")):
        reminder.times = times
        db_session.commit()
        assert words in council.get(DESK).text
