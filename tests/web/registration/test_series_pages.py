"""The form of a series on a phone that several families share."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.kernel.clock import utc_now
from integration.registration.models import Household, Series
from tests.factories.activities import make_activity, make_session
from tests.web.registration.signing_up import post, secret_of, sign_up


def test_a_phone_of_two_families_joins_a_series_for_each_of_them_or_for_a_third(
    client: FlaskClient, db_session: DbSession
) -> None:
    activity = make_activity(db_session, series=True)
    date = make_session(db_session, activity=activity, starts_at=utc_now() + timedelta(days=7), capacity=20)
    sign_up(client, make_session(db_session))
    second = secret_of(sign_up(client, make_session(db_session), name="Fatima", for_whom="other"))
    post(client, f"/en/cards/{second}/remember", f"/en/cards/{second}")
    page = f"/en/activities/{activity.slug}/series"
    shown = client.get(page).get_data(as_text=True)
    assert "Sign up again: Amina" in shown and f"{page}?for=us1" in shown and f"{page}?for=other" in shown
    for whom, answers in (("us1", {}), ("us", {}), ("other", {"name": "Leila"})):
        there = f"{page}?for={whom}"
        people = {"adults": 1, "children": 0, "dates": [date.key]}
        assert post(client, there, there, **people, **answers).status_code == 303
    joined = db_session.scalars(sa.select(Household.name).join(Series, Series.household_id == Household.id)).all()
    assert sorted(name or "" for name in joined) == ["Amina", "Fatima", "Leila"]
