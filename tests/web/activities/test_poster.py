"""An organiser prints a poster: its words, its code, its languages."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.activities.models import Activity, Session, Visibility
from integration.activities.services import moment_at
from integration.kernel.database import DbSession
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import sign_in_as
from tests.paper import barriers, codes, pictures, span_of, words

HERE = "/en/staff/activities/culture-cafe/poster"
TITLE = {"sv": "Kulturkafé", "fi": "Kulttuurikahvila", "en": "Culture café", "ar": "مقهى الثقافة", "so": "Makhaayad"}


@pytest.fixture
def activity(client: FlaskClient, db_session: DbSession) -> Activity:
    found = make_activity(db_session, slug="culture-cafe", title=TITLE)
    sign_in_as(client, db_session, Role.ORGANISER, found.organisation_id)
    return found


@pytest.fixture
def session(db_session: DbSession, activity: Activity) -> Session:
    return make_session(db_session, activity=activity, starts_at=moment_at(date(2027, 5, 6), time(18)))


def pdf_of(client: FlaskClient, query: str) -> bytes:
    answer = client.get(f"{HERE}.pdf?{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return answer.get_data()


def test_the_code_of_one_session_leads_to_its_sign_up(client: FlaskClient, session: Session) -> None:
    pdf = pdf_of(client, f"dates={session.key}&size=a4&top=sv")
    [address] = codes(pdf)
    assert address.endswith(f"/sv/sessions/{session.key}")
    assert client.get(address).status_code == 200
    text = words(pdf)
    for word in ("Kulturkafé", "Kulttuurikahvila", "torsdag", "torstai", "6.5.", "18", "Kom med!", "Tulkaa mukaan!"):
        assert word in text
    assert "Culture" not in text
    assert barriers(pdf) == []


def test_the_code_of_all_dates_leads_to_the_activity(client: FlaskClient, session: Session) -> None:
    pdf = pdf_of(client, "dates=all&size=a3&top=fi&more=en")
    [address] = codes(pdf)
    assert address.endswith("/fi/activities/culture-cafe")
    wide, high = pictures(pdf, 1)[0].size
    assert (round(wide / 72 * 25.4), round(high / 72 * 25.4)) == (297, 420)
    assert "Come along!" in words(pdf)


def test_arabic_on_top_is_read_from_the_right(client: FlaskClient, session: Session) -> None:
    pdf = pdf_of(client, "dates=all&size=a4&more=ar&more=so&top=ar")
    assert b"/Lang (ar" in pdf or b"/Lang(ar" in pdf
    assert set("مقهى الثقافة الخميس") <= set(words(pdf)) | {" "}
    assert span_of(pdf, "Kulturkafé")[1] > 0.9, "a title in another language keeps to the page's own side"
    assert span_of(pdf_of(client, "dates=all&size=a4&more=ar&top=sv"), "Kulturkafé")[0] < 0.1
    assert barriers(pdf) == []
    assert len(codes(pdf)) == 1


def test_the_same_poster_is_the_same_file(client: FlaskClient, session: Session) -> None:
    assert pdf_of(client, "dates=all") == pdf_of(client, "dates=all")


def test_three_languages_more_are_too_many(client: FlaskClient, session: Session) -> None:
    answer = client.get(f"{HERE}.pdf?dates=all&more=en&more=ar&more=so")
    assert answer.status_code == 422
    assert "four languages" in answer.get_data(as_text=True)


def test_what_nobody_can_look_up_is_not_hung_up(
    client: FlaskClient, db_session: DbSession, activity: Activity, session: Session
) -> None:
    activity.visibility = Visibility.CLOSED
    db_session.commit()
    assert client.get(f"{HERE}.pdf?dates=all").status_code == 404
    assert "No poster yet" in client.get(HERE).get_data(as_text=True)


def test_only_the_own_organisation(client: FlaskClient, db_session: DbSession, activity: Activity) -> None:
    make_activity(db_session, slug="other")
    for page in ("poster", "poster.pdf"):
        assert client.get(f"/en/staff/activities/other/{page}").status_code == 403
