"""The first page and the page of an activity: what visitors find, in few statements, whatever they ask for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from integration.activities.models import SessionStatus, SignUpMode, Visibility
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from tests.factories.activities import make_activity, make_session, make_venue

NOW = utc_now()
Statements = Callable[[], AbstractContextManager[list[str]]]


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    """The page at this address."""
    response = client.get(address)
    assert response.status_code == status, address
    return response.get_data(as_text=True)


def cafe(db_session: DbSession, **over: Any) -> Any:
    """An activity called Café in three languages."""
    title = {"sv": "Kulturkafé", "fi": "Kulttuurikahvila", "en": "Culture café"}
    return make_activity(db_session, slug="culture-cafe", **{"title": title, **over})


def test_the_list_says_when_what_where_and_how_many_places(client: FlaskClient, db_session: DbSession) -> None:
    venue = make_venue(db_session, name={"sv": "Alma", "fi": "Alma"})
    session = make_session(db_session, activity=cafe(db_session, venue=venue, languages=["fi", "ar"]), taken=8)
    html = page(client, "/en/")
    for part in ("Culture café", "Alma", "12 places left", f"/en/sessions/{session.key}", 'lang="ar" dir="rtl"'):
        assert part in html
    assert "Kulttuurikahvila" in page(client, "/fi/")
    assert 'lang="sv"' in html, "a fallback says which language it is in"


def test_each_state_has_its_word(client: FlaskClient, db_session: DbSession) -> None:
    activity = cafe(db_session)
    later = NOW + timedelta(days=9)
    make_session(db_session, activity=activity, sign_up=SignUpMode.NONE)
    make_session(db_session, activity=activity, taken=20)
    make_session(db_session, activity=activity, taken=19)
    make_session(db_session, activity=activity, status=SessionStatus.CANCELLED)
    make_session(db_session, activity=activity, starts_at=later)
    html = page(client, "/en/")
    for words in ("Open – just come", "Full – you can wait in line", "1 place left", "Cancelled", "Next time:"):
        assert words in html
    assert '<s class="gone">' in html


def test_three_weeks_first_then_more(client: FlaskClient, db_session: DbSession) -> None:
    activity = cafe(db_session)
    near = make_session(db_session, activity=activity)
    far = make_session(db_session, activity=activity, starts_at=NOW + timedelta(weeks=5))
    html = page(client, "/en/")
    assert near.key in html and far.key not in html and "weeks=6" in html
    html = page(client, "/en/?weeks=6")
    assert far.key in html and "weeks=9" not in html


def test_where_the_next_weeks_are_empty_what_comes_later_is_shown(client: FlaskClient, db_session: DbSession) -> None:
    far = make_session(db_session, activity=cafe(db_session), starts_at=NOW + timedelta(weeks=30))
    assert far.key in page(client, "/en/?activity=culture-cafe")


def test_filters_are_links_and_can_be_taken_away(client: FlaskClient, db_session: DbSession) -> None:
    wanted = make_session(db_session, activity=cafe(db_session, languages=["sv", "ti"]))
    other = make_session(db_session)
    html = page(client, "/en/?activity=culture-cafe&language=ti")
    assert wanted.key in html and other.key not in html
    assert 'href="/en/?language=ti"' in html and 'href="/en/?activity=culture-cafe"' in html
    assert "Remove:" in html
    assert '<details class="pick">' in html, "closed until asked for"


def test_an_empty_list_says_what_else_there_is(client: FlaskClient, db_session: DbSession) -> None:
    assert "Nothing is planned just now" in page(client, "/en/")
    make_session(db_session, activity=cafe(db_session))
    html = page(client, "/en/?activity=culture-cafe&language=ti")
    assert "Culture café is not held in ትግርኛ just now" in html
    assert "It is held on 1 other date." in html and 'href="/en/?activity=culture-cafe"' in html
    assert "Nothing like that just now" in page(client, "/en/?language=ti")


def test_few_statements_however_long_the_list(
    client: FlaskClient, db_session: DbSession, statements: Statements
) -> None:
    activity = cafe(db_session)
    for hours in range(1, 30):
        make_session(db_session, activity=activity, starts_at=NOW + timedelta(hours=5 * hours))
    make_session(db_session, activity=activity, status=SessionStatus.CANCELLED)
    db_session.commit()
    for address in ("/en/", "/sv/?activity=culture-cafe", "/sv/?language=ti", "/en/activities/culture-cafe"):
        with statements() as said:
            page(client, address)
        assert len(said) <= 4, said


def test_no_cookie_and_no_stale_copy(client: FlaskClient) -> None:
    response = client.get("/sv/")
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-cache"


def test_what_lacks_a_language_is_nowhere(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, activity=cafe(db_session, description={"sv": "Bara svenska"}))
    assert session.key not in page(client, "/sv/")
    page(client, "/sv/activities/culture-cafe", 404)
    page(client, f"/sv/sessions/{session.key}", 404)


def test_a_closed_activity_is_nowhere(client: FlaskClient, db_session: DbSession) -> None:
    cafe(db_session, visibility=Visibility.CLOSED)
    page(client, "/sv/activities/culture-cafe", 404)


def test_an_activitys_page_has_its_dates_and_its_calendar(client: FlaskClient, db_session: DbSession) -> None:
    activity = cafe(db_session)
    session = make_session(db_session, activity=activity)
    gone = make_session(db_session, activity=activity, status=SessionStatus.CANCELLED)
    html = page(client, "/fi/activities/culture-cafe")
    for part in (
        "Kulttuurikahvila",
        session.key,
        gone.key,
        "/fi/calendar/activities/culture-cafe",
        'href="tel:060000000"',
    ):
        assert part in html
    db_session.delete(session)
    db_session.delete(gone)
    assert "No date is decided yet" in page(client, "/en/activities/culture-cafe")


def test_texts_stand_as_they_were_written(client: FlaskClient, db_session: DbSession) -> None:
    title = {"sv": "<script>alert(1)</script> {{7*7}} \u202e%s", "fi": "x", "en": "100 % %(name)s"}
    make_session(db_session, activity=cafe(db_session, title=title))
    html = page(client, "/sv/")
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)" in html and "{{7*7}}" in html
    assert "100 % %(name)s" in page(client, "/en/?activity=culture-cafe&language=ti")


QUERIES = (
    "activity=" + "x" * 5000,
    "language=%25&venue=%27",
    "language=" + "ti" * 200,
    "weeks=-1",
    "weeks=1e9",
    "weeks=" + "9" * 5000,
    "weeks=%E0%A5%A7",
    "weeks=999",
    "activity=a&activity=b",
    "_anchor=x&_external=1&_method=z",
)


def test_whatever_is_asked_for_gets_a_page(client: FlaskClient, db_session: DbSession) -> None:
    for query in QUERIES:
        page(client, f"/sv/?{query}")


def test_a_strange_address_is_not_found(client: FlaskClient) -> None:
    for slug in ("%00", "x" * 3000, "..%2f..", "%E2%80%AE"):
        page(client, f"/sv/activities/{slug}", 404)
