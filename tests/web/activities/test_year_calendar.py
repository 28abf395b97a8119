"""The year calendar: for everybody, for those who plan, as a table; and the ways from it into planning."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.activities.models import Activity, ActivityPartner, Pause, SessionKind, SessionStatus, Visibility
from integration.kernel.clock import utc_now, wall_times
from integration.kernel.database import DbSession
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import sign_in_as
from tests.factories.organisations import make_organisation
from tests.web.activities.filling_in import HOSTILE, fields_of, fill_in

YEAR = 2027
TUESDAY = date(2027, 1, 5)
Statements = Callable[[], AbstractContextManager[list[str]]]


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    """The page at this address with single blanks."""
    response = client.get(address)
    assert response.status_code == status, address
    return " ".join(response.get_data(as_text=True).split())


def on(day: date, hour: int = 17) -> datetime:
    """The moment at which the city's clock shows this."""
    return wall_times(day, time(hour))[0]


def weekly(db_session: DbSession, activity: Activity, number: int = 20) -> None:
    """A session every Tuesday, from the year's first on."""
    for each in range(number):
        make_session(db_session, activity=activity, starts_at=on(TUESDAY + timedelta(weeks=each)))


def fair(db_session: DbSession, day: date, name: str, **over: Any) -> Activity:
    """A fair of an activity of its own."""
    title = {"sv": f"{name}mässa", "fi": f"{name}messut", "en": f"{name} fair"}
    activity = make_activity(db_session, kind=SessionKind.FAIR, title=title, capacity=20)
    make_session(db_session, activity=activity, starts_at=on(day, 12), **over)
    return activity


def table(client: FlaskClient, address: str = f"/en/year/{YEAR}.csv") -> list[dict[str, str]]:
    """The year as a spreadsheet reads it."""
    response = client.get(address)
    assert response.status_code == 200 and response.mimetype == "text/csv"
    text = response.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_what_recurs_is_one_line_and_fairs_stand_alone(client: FlaskClient, db_session: DbSession) -> None:
    school = make_activity(db_session, title={"sv": "Familjeskola", "fi": "Perhekoulu", "en": "Family school"})
    weekly(db_session, school)
    fair(db_session, date(2027, 9, 11), "Hobby")
    english, swedish = page(client, f"/en/year/{YEAR}"), page(client, f"/sv/year/{YEAR}")
    assert "every Tuesday 17:00–19:00, weeks 1–20" in english and "(20 times)" in english
    assert "varje tisdag 17.00–19.00, vecka 1–20" in swedish and "(20 gånger)" in swedish
    assert "joka tiistai" in page(client, f"/fi/year/{YEAR}")
    assert english.count("Family school") == 1 and english.count("Hobby fair") == 1
    for holiday in ("Midsommarafton", "Självständighetsdagen", "Långfredagen"):
        assert holiday in swedish


def test_collisions_and_holidays_are_pointed_out_in_words(client: FlaskClient, db_session: DbSession) -> None:
    fair(db_session, date(2027, 9, 11), "Hobby")
    fair(db_session, date(2027, 9, 11), "Work")
    fair(db_session, date(2027, 6, 26), "Summer")
    html = page(client, f"/en/year/{YEAR}")
    assert html.count("Two big events or more on one day:") == 1
    assert html.count("On a public holiday:") == 1
    rows = {row["What"]: row["To look at"] for row in table(client)}
    assert rows["Hobby fair"] == "The same day: Work fair" and rows["Work fair"] == "The same day: Hobby fair"
    assert rows["Summer fair"] == "On a public holiday"


def test_everybody_sees_who_prepares_and_nothing_that_is_closed(
    new_client: Callable[[], FlaskClient], db_session: DbSession
) -> None:
    partner = make_organisation(db_session, name={"sv": "Brobyggarna", "fi": "Sillanrakentajat", "en": "Bridges"})
    activity = fair(db_session, date(2027, 9, 11), "Hobby")
    activity.partners = [ActivityPartner(organisation_id=partner.id)]
    closed = fair(db_session, date(2027, 9, 12), "Closed", visibility=Visibility.CLOSED)
    fair(db_session, date(2027, 9, 13), "Half", title={"sv": "Halvmässa"})

    def seen(role: Role | None, organisation_id: int | None = None) -> tuple[str, set[str]]:
        client = new_client()
        if role:
            sign_in_as(client, db_session, role, organisation_id)
        return page(client, f"/en/year/{YEAR}"), {row["What"] for row in table(client)}

    planning = ("Add a pause", "new session", "Bridges")
    html, rows = seen(None)
    assert f"Prepared by {activity.organisation.name['en']}" in html
    assert not any(each in html for each in ("Closed fair", "Halvmässa", *planning)) and "Closed fair" not in rows
    html, rows = seen(Role.ORGANISER, closed.organisation_id)
    assert all(each in html for each in ("Closed fair", "Not public", *planning)) and "Closed fair" in rows
    assert "Halvmässa" not in html and "Halvmässa" not in rows, "of another organisation"
    html, rows = seen(Role.COORDINATOR)
    assert {"Closed fair", "Halvmässa"} <= rows and "Halvmässa" in html
    html, rows = seen(Role.COUNCIL)
    assert not any(each in html for each in ("Closed fair", "Halvmässa", *planning)) and "Closed fair" not in rows


def test_cancelled_ones_stay_visible(client: FlaskClient, db_session: DbSession) -> None:
    activity = make_activity(db_session)
    weekly(db_session, activity, 6)
    seventh = on(TUESDAY + timedelta(weeks=6))
    make_session(db_session, activity=activity, starts_at=seventh, status=SessionStatus.CANCELLED)
    fair(db_session, date(2027, 9, 11), "Hobby", status=SessionStatus.CANCELLED)
    html = page(client, f"/en/year/{YEAR}")
    assert 'Cancelled: <time datetime="2027-02-16"' in html and "(6 times)" in html
    assert '<s class="gone">Hobby fair</s>' in html


def test_pauses_show_once_with_who_rests(client: FlaskClient, db_session: DbSession) -> None:
    rest = {"starts_on": date(2026, 12, 20), "ends_on": date(2027, 1, 10)}
    for name in ("Ett", "Två"):
        activity = make_activity(db_session, title={"sv": name, "fi": name})
        weekly(db_session, activity, 5)
        activity.pauses.append(Pause(**rest, reason={"sv": "Jullov", "fi": "Joululoma"}))
    html = page(client, f"/sv/year/{YEAR}")
    assert html.count("Jullov") == 1 and "Jullov: Ett, Två" in html
    assert [row["Vad"] for row in table(client, f"/sv/year/{YEAR}.csv") if row["Slag"] == "Paus"] == ["Ett", "Två"]


def test_few_statements_however_full_the_year(
    client: FlaskClient, db_session: DbSession, statements: Statements
) -> None:
    for _each in range(8):
        weekly(db_session, make_activity(db_session, partners=[make_organisation(db_session).id]), 12)
    for address in (f"/sv/year/{YEAR}", f"/sv/year/{YEAR}.csv"):
        with statements() as said:
            page(client, address)
        assert len(said) <= 4, said


def test_the_table_has_every_session_and_no_formula(client: FlaskClient, db_session: DbSession) -> None:
    weekly(db_session, make_activity(db_session, title={"sv": "=1+1", "fi": "=1+1", "en": '=cmd|"x", \r\n'}), 12)
    rows = table(client)
    sessions = [row for row in rows if "cmd" in row["What"]]
    assert len(sessions) == 12 and all(row["What"].startswith("'=cmd") for row in sessions)
    assert [row["Date"] for row in rows] == sorted(row["Date"] for row in rows)
    assert {"Midsummer Eve", "Independence Day"} <= {row["What"] for row in rows}
    assert client.get(f"/en/year/{YEAR}.csv").headers["Cache-Control"].startswith("private")


def test_the_list_leads_to_this_year_and_the_year_to_its_neighbours(client: FlaskClient) -> None:
    assert 'href="/sv/year"' in page(client, "/sv/")
    assert client.get("/sv/year").location == f"/sv/year/{utc_now().year}"
    html = page(client, f"/sv/year/{YEAR}")
    for address in ("/sv/year/2026", "/sv/year/2028", f"/calendar/year/{YEAR}.ics", f"/sv/year/{YEAR}.csv"):
        assert f'href="{address}"' in html
    assert "/sv/year/1999" not in page(client, "/sv/year/2000") and "2101" not in page(client, "/sv/year/2100")


@pytest.mark.parametrize("year", ["1999", "2101", "0000", "9999", "20267", "x", "-2026", "2026.ics", "٢٠٢٦"])
def test_no_year_of_ours_is_not_found(client: FlaskClient, year: str) -> None:
    page(client, f"/sv/year/{year}", 404)
    page(client, f"/sv/year/{year}.csv", 404)


def test_each_day_to_come_leads_to_a_new_session_on_it(client: FlaskClient, db_session: DbSession) -> None:
    activity = fair(db_session, date(2027, 12, 6), "Hobby")
    sign_in_as(client, db_session, Role.ORGANISER, activity.organisation_id)
    assert page(client, "/en/year/2096").count("/en/staff/sessions/new?on=2096-") == 366
    assert "?on=" not in page(client, "/en/year/2020")
    html = page(client, "/en/staff/sessions/new?on=2027-12-06")
    assert "Monday 6 December" in html and "Independence Day" in html and "Hobby fair" in html
    address = f"/en/staff/activities/{activity.slug}/sessions/new?on=2027-12-06"
    assert address in html
    assert fields_of(client.get(address))["on"] == ["2027-12-06"]
    made = fill_in(client, address, at="10:00")
    assert made.status_code == 303 and "6 December" in page(client, made.location)


STRANGE = [each for each in HOSTILE if "\0" not in each]


@pytest.mark.parametrize("text", [*STRANGE, "2027-02-30", "1999-12-31", "٢٠٢٧"], ids=lambda text: text[:9])
def test_a_strange_day_fills_in_nothing(client: FlaskClient, db_session: DbSession, text: str) -> None:
    activity = make_activity(db_session, slug="cafe")
    sign_in_as(client, db_session, Role.ORGANISER, activity.organisation_id)
    for address in ("sessions/new", "activities/cafe/sessions/new", "pauses/new"):
        response = client.get(f"/en/staff/{address}", query_string={"on": text, "year": text})
        assert response.status_code == 200 and b"<script>alert" not in response.data
    assert fields_of(client.get(f"/en/staff/activities/cafe/sessions/new?on={text[:50]}"))["on"] == [""]


def test_a_pause_for_several_activities(client: FlaskClient, db_session: DbSession) -> None:
    first = make_activity(db_session)
    second, other = make_activity(db_session, organisation=first.organisation), make_activity(db_session)
    sign_in_as(client, db_session, Role.ORGANISER, first.organisation_id)
    address = "/en/staff/pauses/new"
    wrong = fill_in(client, address, starts_on="2027-06-10", ends_on="2027-06-01")
    assert wrong.status_code == 422
    assert "The last date must not be before" in wrong.text and "Choose at least one activity." in wrong.text
    days = {"starts_on": "2027-06-01", "ends_on": "2027-08-10", "reason_sv": "Sommarlov", "reason_fi": "Kesäloma"}
    foreign = fill_in(client, address, **days, activities=[str(other.id)])
    assert foreign.status_code == 422, "of another organisation"
    done = fill_in(client, address, **days, activities=[str(first.id), str(second.id)])
    assert (done.status_code, done.location) == (303, "/en/year/2027")
    fill_in(client, address, **days, activities=[str(first.id)])
    pauses = list(db_session.scalars(sa.select(Pause).order_by(Pause.activity_id)))
    assert [each.activity_id for each in pauses] == [first.id, second.id], "the same pause twice is one"
    assert pauses[0].reason == {"sv": "Sommarlov", "fi": "Kesäloma"}


def test_nothing_typed_makes_the_pause_stumble(client: FlaskClient, db_session: DbSession) -> None:
    activity = make_activity(db_session)
    sign_in_as(client, db_session, Role.ORGANISER, activity.organisation_id)
    for text in HOSTILE:
        for name in ("starts_on", "ends_on", "reason_sv", "activities"):
            answers = {"starts_on": "2027-06-01", "ends_on": "2027-06-02", "activities": str(activity.id), name: text}
            assert fill_in(client, "/en/staff/pauses/new", **answers).status_code in (303, 422), (name, text[:20])


def test_planning_is_for_those_who_arrange(client: FlaskClient, db_session: DbSession) -> None:
    for address in ("sessions/new", "pauses/new"):
        assert client.get(f"/en/staff/{address}").status_code == 302
    sign_in_as(client, db_session, Role.COUNCIL)
    for address in ("sessions/new", "pauses/new"):
        page(client, f"/en/staff/{address}", 403)
