"""The month and the week: the right days, the same filters as the list, few statements, whatever is asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta

import html5lib
import pytest
from flask.testing import FlaskClient

from integration.activities.models import SessionStatus, Visibility
from integration.activities.rules import Month, Week
from integration.kernel.clock import local_date, utc_now, wall_times
from integration.kernel.database import DbSession
from tests.factories.activities import make_activity, make_session, make_venue

HTML = "{http://www.w3.org/1999/xhtml}"
MONTH = Month.of(local_date(utc_now()) + timedelta(days=62))
"""A month that is wholly to come."""
MIDDLE = MONTH.first + timedelta(days=14)
Statements = Callable[[], AbstractContextManager[list[str]]]


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    """The page at this address."""
    response = client.get(address)
    assert response.status_code == status, address
    return response.get_data(as_text=True)


def on(day: date, hour: int = 17, minute: int = 0) -> datetime:
    """The moment at which the city's clock shows this."""
    return wall_times(day, time(hour, minute))[0]


def cells(html: str) -> list[list[str]]:
    """The rows of the page's grid as texts."""
    rows = html5lib.parse(html).iter(f"{HTML}tr")
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag[-2:] in ("td", "th")] for row in rows
    ]


def test_a_month_has_its_own_days_and_no_others(client: FlaskClient, db_session: DbSession) -> None:
    activity = make_activity(db_session)
    inside = [
        make_session(db_session, activity=activity, starts_at=at)
        for at in (on(MONTH.first, 0, 30), on(MIDDLE), on(MONTH.last, 23, 30))
    ]
    outside = [
        make_session(db_session, activity=activity, starts_at=at)
        for at in (on(MONTH.first - timedelta(days=1), 23, 30), on(MONTH.last + timedelta(days=1), 0, 30))
    ]
    html = page(client, f"/en/month/{MONTH}")
    for each in inside:
        assert html.count(f"/en/sessions/{each.key}") == 2, "once in the list, once in the grid"
    for each in outside:
        assert each.key not in html


def test_the_grid_is_a_table_with_a_caption_and_heads(client: FlaskClient, db_session: DbSession) -> None:
    make_session(db_session, starts_at=on(MIDDLE))
    for address, heads in ((f"month/{MONTH}", len(MONTH.weeks)), (f"week/{Week.of(MIDDLE)}", 3)):
        document = html5lib.parse(page(client, f"/sv/{address}"))
        table = next(document.iter(f"{HTML}table"))
        assert "".join(next(table.iter(f"{HTML}caption")).itertext()).strip()
        scopes = [each.get("scope") for each in table.iter(f"{HTML}th")]
        assert scopes.count("row") == heads and scopes.count("col") >= 7


def test_a_session_stands_in_its_day_and_its_part_of_it(client: FlaskClient, db_session: DbSession) -> None:
    titles = {"Frukost": 8, "Lunch": 12, "Kvällskafé": 17}
    for title, hour in titles.items():
        make_session(db_session, starts_at=on(MIDDLE, hour), title={"sv": title, "fi": title, "en": title})
    column = MIDDLE.isoweekday()
    rows = cells(page(client, f"/sv/week/{Week.of(MIDDLE)}"))[1:]
    assert [title in row[column] for title, row in zip(titles, rows, strict=True)] == [True, True, True]
    (row,) = (row for row in cells(page(client, f"/sv/month/{MONTH}")) if "Lunch" in " ".join(row))
    assert row[column].startswith(str(MIDDLE.day)) and all(title in row[column] for title in titles)


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2027, 3, 27, 22, 30, tzinfo=UTC), 28),
        (datetime(2027, 3, 28, 20, 30, tzinfo=UTC), 28),
        (datetime(2027, 3, 28, 21, 30, tzinfo=UTC), 29),
        (datetime(2027, 10, 30, 21, 30, tzinfo=UTC), 31),
        (datetime(2027, 10, 31, 21, 30, tzinfo=UTC), 31),
    ],
)
def test_the_nights_of_the_clock_put_a_session_on_its_own_day(
    client: FlaskClient, db_session: DbSession, utc: datetime, day: int
) -> None:
    make_session(db_session, starts_at=utc, title={"sv": "Natt", "fi": "Yö", "en": "Night"})
    rows = cells(page(client, f"/sv/month/2027-{utc.month:02d}"))
    found = [cell for row in rows for cell in row if "Natt" in cell]
    assert len(found) == 1 and found[0].startswith(f"{day} "), found


def test_week_53_leads_to_week_1(client: FlaskClient, db_session: DbSession) -> None:
    make_session(db_session, starts_at=on(date(2027, 1, 1), 12), title={"sv": "Nyår", "fi": "Vuosi", "en": "New"})
    html = page(client, "/sv/week/2026-W53")
    assert "Nyår" in html and "/sv/week/2027-W01" in html and "/sv/week/2026-W52" in html
    assert "Nyårsdagen" in html
    assert "Nyår" in page(client, "/sv/month/2027-01")
    page(client, "/sv/week/2027-W53", 404)


def test_empty_ones_say_so(client: FlaskClient) -> None:
    assert "Inget är på gång i juli 2099" in page(client, "/sv/month/2099-07")
    assert "Nothing is on in week 30" in page(client, "/en/week/2099-W30")
    assert "Midsommarafton" in page(client, "/sv/month/2099-06"), "a holiday is named all the same"
    assert 'content="noindex"' in page(client, "/sv/month/2099-07"), "search engines need no end of empty months"


def test_filters_are_those_of_the_list_and_stay_on_the_way(client: FlaskClient, db_session: DbSession) -> None:
    house = make_venue(db_session, slug="alma", name={"sv": "Alma", "fi": "Alma"})
    here = make_activity(db_session, slug="cafe", venue=house, languages=["so"])
    kept = make_session(db_session, activity=here, starts_at=on(MIDDLE))
    other = make_session(db_session, starts_at=on(MIDDLE))
    for query in ("activity=cafe", "language=so", "venue=alma", "activity=cafe&language=so&venue=alma"):
        for address in (f"month/{MONTH}", f"week/{Week.of(MIDDLE)}"):
            html = page(client, f"/en/{address}?{query}")
            assert kept.key in html and other.key not in html
            onward = query.replace("&", "&amp;")
            assert f"/en/month/{MONTH.next}?{onward}" in html or f"/en/month/{MONTH}?{onward}" in html
            assert f"/en/?{onward}" in html, "back to the list as it was chosen"
    assert f"/en/month/{Month.of(local_date(utc_now()))}?activity=cafe" in page(client, "/en/?activity=cafe")
    assert "Nothing is on" in page(client, f"/en/month/{MONTH}?venue=alma&language=ti")


def test_cancelled_ones_stay_and_hidden_ones_do_not_appear(client: FlaskClient, db_session: DbSession) -> None:
    gone = make_session(db_session, starts_at=on(MIDDLE), status=SessionStatus.CANCELLED)
    hidden = [make_session(db_session, starts_at=on(MIDDLE), visibility=each) for each in ("closed", "link")]
    half = make_session(db_session, starts_at=on(MIDDLE), title={"sv": "Bara svenska"})
    html = page(client, f"/en/month/{MONTH}")
    assert gone.key in html and '<s class="gone">' in html and "Cancelled" in html
    assert not any(each.key in html for each in [*hidden, half])
    assert hidden[0].visibility == Visibility.CLOSED


def test_what_is_over_says_nothing_of_places(client: FlaskClient, db_session: DbSession) -> None:
    at = utc_now() - timedelta(days=3)
    make_session(db_session, starts_at=at, taken=18)
    assert "places left" not in page(client, f"/en/week/{Week.of(local_date(at))}")


def test_four_statements_however_much_is_on(client: FlaskClient, db_session: DbSession, statements: Statements) -> None:
    for number in range(30):
        status = SessionStatus.CANCELLED if number % 3 == 0 else SessionStatus.PLANNED
        make_session(db_session, starts_at=on(MONTH.first + timedelta(days=number % 28), 10), status=status)
    for address in (f"/sv/month/{MONTH}", f"/sv/week/{Week.of(MIDDLE)}"):
        with statements() as said:
            page(client, address)
        assert len(said) <= 4, said


@pytest.mark.parametrize("text", ["2026-13", "1999-01", "2101-01", "0000-00", "2026-W48", "now", "2026-1", "%2e%2e"])
def test_no_month_is_not_found(client: FlaskClient, text: str) -> None:
    page(client, f"/fi/month/{text}", 404)


def test_every_month_of_our_time_opens(client: FlaskClient) -> None:
    for text in ("2000-01", "2000-02", "2100-12"):
        page(client, f"/sv/month/{text}")
    for text in ("2000-W01", "2100-W52", "2020-W53"):
        page(client, f"/sv/week/{text}")
