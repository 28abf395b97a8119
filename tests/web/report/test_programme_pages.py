"""The programme's pages: every line, live figures, what the public may see, and a budget of statements."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.activities.models import Activity, Session, Visibility
from integration.checkin.events import AttendanceChanged
from integration.indicators.models import Provenance, Report, Stage
from integration.indicators.services import fold_due, unfold
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession
from integration.programme.models import IndicatorKind, Measure, TargetForm, TargetPeriod
from integration.programme.programme_file import read_programme
from integration.programme.services import load_programme
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import sign_in_as
from tests.factories.figures import (
    close,
    computed,
    indicator,
    make_action,
    make_attendance,
    make_line,
    make_programme,
    serve,
    target,
)

Statements = Callable[[], AbstractContextManager[list[str]]]
VAASA = Path(__file__).resolve().parents[3] / "programmes" / "vaasa-2023-2026.yaml"
NOW = utc_now()
YEAR = local_date(NOW).year
CAFE = "/en/programmes/town/indicators/culture-cafe"


@dataclass
class Town:
    """A programme of one action that an activity serves; its sessions are all of this year."""

    activity: Activity
    sessions: list[Session]


@pytest.fixture
def town(db_session: DbSession) -> Town:
    """A café that was held today and will be held in a minute, and a figure that somebody owes."""
    programme = make_programme(db_session, slug="town", first_year=YEAR - 1, last_year=YEAR)
    action = make_action(
        db_session, programme, slug="culture-cafe", title={"sv": "Kafé", "fi": "Kahvila", "en": "Café"}
    )
    make_line(
        db_session,
        action,
        computed(Measure.MONTHS, target(TargetForm.EXACT, TargetPeriod.MONTH, 1), slug="cafe-months", **_years()),
        computed(Measure.VISITS, slug="cafe-visits", **_years()),
        computed(Measure.UNIQUE, slug="cafe-unique", **_years()),
        computed(Measure.HELD, slug="cafe-held", title={"sv": "=Hållna", "fi": "-x", "en": "+y"}, **_years()),
        slug="culture-cafe",
    )
    owed = indicator(IndicatorKind.REPORTED, slug="owed-figure", **_years())
    make_line(db_session, make_action(db_session, programme), owed, slug="owed-line")
    activity = make_activity(db_session, title={"sv": "Kulturkafé", "fi": "Kulttuurikahvila", "en": "Culture café"})
    serve(db_session, activity, action)
    session = make_session(db_session, activity=activity, starts_at=NOW - timedelta(minutes=30))
    return Town(activity, [session])


def _years() -> dict[str, int]:
    return {"first_year": YEAR - 1, "last_year": YEAR}


def figures(client: FlaskClient) -> dict[str, dict[int, dict[str, object]]]:
    """The open data: indicator > year > what is said of it."""
    document = client.get("/api/v1/programmes/town/indicators.json").get_json()
    return {each["indicator"]: {year["year"]: year for year in each["years"]} for each in document["indicators"]}


def test_every_line_of_vaasas_programme_stands_on_its_page(client: FlaskClient, db_session: DbSession) -> None:
    load_programme(db_session, read_programme(VAASA.read_bytes()), NOW)
    for language, words in (("sv", "Ej"), ("fi", "Ei"), ("en", "Not")):
        page = client.get(f"/{language}/programmes/vaasa-2023-2026").get_data(as_text=True)
        assert page.count('<li class="line">') == 63
        assert page.count('<li class="tile">') == 8
        assert len(re.findall(r'<div class="dh ', page)) == 8
        assert words in page


def test_the_newest_programme_is_found_without_knowing_its_name(client: FlaskClient, town: Town) -> None:
    assert client.get("/en/programmes/").headers["Location"] == "/en/programmes/town"


def test_there_is_no_programme_yet(client: FlaskClient) -> None:
    assert client.get("/sv/programmes/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/en/programmes/nowhere",
        "/en/programmes/%00",
        "/en/programmes/town%00",
        "/en/programmes/town/indicators/nothing",
        "/en/programmes/town/indicators/%00",
        "/en/programmes/nowhere/indicators/culture-cafe",
        "/api/v1/programmes/nowhere/indicators.json",
        "/api/v1/programmes/nowhere/indicators.csv",
        "/en/programmes/" + "x" * 9000,
    ],
)
def test_what_does_not_exist_is_not_found(client: FlaskClient, town: Town, address: str) -> None:
    assert client.get(address).status_code == 404


def test_visits_move_with_each_scan_and_the_rest_when_the_session_is_closed(
    client: FlaskClient, db_session: DbSession, town: Town
) -> None:
    before = figures(client)
    assert before["cafe-visits"][YEAR]["value"] == 0
    make_attendance(db_session, town.sessions[0], "card", 2, 1)
    during = figures(client)
    assert (during["cafe-visits"][YEAR]["value"], during["cafe-held"][YEAR]["value"]) == (3, 0)
    assert "3" in client.get(CAFE).get_data(as_text=True)
    close(db_session, town.sessions[0])
    after = figures(client)
    assert (after["cafe-visits"][YEAR]["value"], after["cafe-held"][YEAR]["value"]) == (3, 1)
    assert after["cafe-months"][YEAR]["value"] == 1
    fold_due(db_session, utc_now())
    assert figures(client) == after, "folding changes nothing"
    make_attendance(db_session, town.sessions[0], None, 4)
    unfold(db_session, AttendanceChanged(town.sessions[0].id, utc_now()))
    assert figures(client)["cafe-visits"][YEAR]["value"] == 7


def test_the_public_sees_people_of_closed_months_and_the_council_all(
    client: FlaskClient, new_client: Callable[[], FlaskClient], db_session: DbSession, town: Town
) -> None:
    for number in range(6):
        make_attendance(db_session, town.sessions[0], f"card {number}", 2)
    close(db_session, town.sessions[0])
    fold_due(db_session, utc_now())
    assert figures(client)["cafe-unique"][YEAR]["standing"] == "ahead"
    council = new_client()
    sign_in_as(council, db_session, Role.COUNCIL)
    assert _people(council) == "12"
    assert _people(client) == ""
    assert figures(council)["cafe-unique"][YEAR]["value"] is None, "open data is the same for everybody"


def _people(client: FlaskClient) -> str:
    page = client.get(CAFE).get_data(as_text=True)
    section = page[page.index('aria-labelledby="persons"') : page.index('aria-labelledby="tied"')]
    return str(re.findall(r"<p><b>([^<]*)</b>", section)[-1]).strip()


def test_a_small_number_of_people_is_hidden_in_page_and_data_alike(
    client: FlaskClient, db_session: DbSession, town: Town
) -> None:
    starts_at = _in_a_closed_month()
    session = make_session(db_session, activity=town.activity, starts_at=starts_at)
    make_attendance(db_session, session, "card", 2, 2)
    close(db_session, session)
    fold_due(db_session, utc_now())
    year = local_date(starts_at).year
    said = figures(client)["cafe-unique"][year]
    assert (said["value"], said["standing"], said["state"]) == (None, "suppressed", "none")
    rows = _csv(client)
    assert rows["cafe-unique", str(year)]["value"] == "<5"
    assert "&lt;5" in client.get(CAFE).get_data(as_text=True)


def _in_a_closed_month() -> datetime:
    return NOW.replace(day=1, hour=12) - timedelta(days=10)


def test_open_data_is_the_same_as_csv_and_no_spreadsheet_runs_it(client: FlaskClient, town: Town) -> None:
    answer = client.get("/api/v1/programmes/town/indicators.csv")
    assert answer.mimetype == "text/csv"
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in answer.get_data()
    rows = _csv(client)
    for slug, years in figures(client).items():
        for year, said in years.items():
            row = rows[slug, str(year)]
            assert row["standing"] == said["standing"]
            assert row["value"] == ("" if said["value"] is None else str(said["value"]))
    held = rows["cafe-held", str(YEAR)]
    assert (held["title_sv"], held["title_fi"], held["title_en"]) == ("'=Hållna", "'-x", "'+y")
    assert rows["owed-figure", str(YEAR)]["standing"] == "not_reported"
    assert rows["cafe-held", str(YEAR - 1)]["standing"] == "not_reported"


def _csv(client: FlaskClient) -> dict[tuple[str, str], dict[str, str]]:
    text = client.get("/api/v1/programmes/town/indicators.csv").get_data().decode("utf-8-sig")
    return {(row["indicator"], row["year"]): row for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_an_indicator_is_found_on_the_page_of_its_line(client: FlaskClient, town: Town) -> None:
    moved = client.get("/sv/programmes/town/indicators/cafe-held")
    assert moved.headers["Location"] == "/sv/programmes/town/indicators/culture-cafe#cafe-held"
    page = client.get("/sv/programmes/town/indicators/culture-cafe").get_data(as_text=True)
    for slug in ("cafe-months", "cafe-visits", "cafe-unique", "cafe-held"):
        assert f'id="{slug}"' in page


def test_a_closed_session_is_a_date_and_a_kind(client: FlaskClient, db_session: DbSession, town: Town) -> None:
    secret = make_session(
        db_session,
        activity=town.activity,
        starts_at=NOW - timedelta(hours=3),
        visibility=Visibility.CLOSED,
        title={"sv": "Hemligt", "fi": "Salaista", "en": "Secret"},
    )
    close(db_session, secret)
    close(db_session, town.sessions[0])
    page = client.get(f"{CAFE}?year={local_date(secret.starts_at).year}").get_data(as_text=True)
    assert "Secret" not in page
    assert secret.key not in page
    assert town.sessions[0].key in client.get(CAFE).get_data(as_text=True)


def test_few_sensitive_sessions_are_not_listed(client: FlaskClient, db_session: DbSession, town: Town) -> None:
    """Nor so many that their months could be counted: these are hidden as well."""
    close(db_session, town.sessions[0])
    quiet = [
        make_session(
            db_session,
            activity=town.activity,
            starts_at=datetime(YEAR - 1, 1 + number % 4, 20, 12, tzinfo=UTC),
            sensitive=True,
        )
        for number in range(6)
    ]
    for session in quiet:
        close(db_session, session)
    address = f"{CAFE}?year={YEAR - 1}"
    listed = page_rows(client, address)
    assert "a number under five" in client.get(address).get_data(as_text=True)
    more = make_session(
        db_session, activity=town.activity, starts_at=datetime(YEAR - 1, 6, 20, 12, tzinfo=UTC), sensitive=True
    )
    close(db_session, more)
    page = client.get(address).get_data(as_text=True)
    assert "a number under five" not in page
    assert page_rows(client, address) == listed + 7
    assert not any(session.key in page for session in quiet), "no way leads from a figure to a sensitive session"


def page_rows(client: FlaskClient, address: str) -> int:
    """How many rows the tables of a page have."""
    return client.get(address).get_data(as_text=True).count('<th scope="row">')


@pytest.mark.parametrize("year", ["1999", "tv%C3%A5", "-1", "9" * 400, str(YEAR)])
def test_any_year_in_the_address_is_answered(client: FlaskClient, town: Town, year: str) -> None:
    assert client.get(f"{CAFE}?year={year}").status_code == 200


def test_a_line_that_is_owed_says_so(client: FlaskClient, town: Town) -> None:
    page = client.get("/en/programmes/town/indicators/owed-line").get_data(as_text=True)
    assert "Not reported" in page
    assert 'id="sessions"' not in page


def test_as_many_statements_for_sixty_sessions_as_for_one(
    client: FlaskClient, db_session: DbSession, town: Town, statements: Statements
) -> None:
    few = _statements(client, statements)
    for number in range(60):
        starts_at = NOW - timedelta(days=number % 30 + 1, hours=number)
        session = make_session(db_session, activity=town.activity, starts_at=starts_at)
        make_attendance(db_session, session, f"card {number}", 1)
        if number % 3:
            close(db_session, session)
        if number == 30:
            fold_due(db_session, utc_now())
    many = _statements(client, statements)
    assert all(0 <= more - less <= 2 for more, less in zip(many, few, strict=True)), "two more where U is hidden"
    assert max(many) <= 22
    assert many[0] <= 18
    with statements() as said:
        client.get("/en/programmes/town")
    assert len(said) <= 3, "unchanged: the versions, and what the door has counted"


def _statements(client: FlaskClient, statements: Statements) -> tuple[int, int]:
    """With nothing kept from before."""
    counts = []
    client.application.extensions["programme_shelf"].clear()
    for address in ("/en/programmes/town", CAFE):
        with statements() as said:
            assert client.get(address).status_code == 200
        counts.append(len(said))
    return counts[0], counts[1]


def test_the_data_says_when_and_of_what(client: FlaskClient, town: Town) -> None:
    document = json.loads(client.get("/api/v1/programmes/town/indicators.json").get_data())
    assert document["as_of"] == local_date(utc_now()).isoformat()
    assert document["years"] == [YEAR - 1, YEAR]
    assert date.fromisoformat(document["as_of"]).year == YEAR


def test_the_programmes_tab_is_current_on_its_pages(client: FlaskClient, db_session: DbSession, town: Town) -> None:
    sign_in_as(client, db_session, Role.COUNCIL)
    for address in ("/en/programmes/town", CAFE):
        page = client.get(address).get_data(as_text=True)
        assert '<a href="/en/programmes/" aria-current="page">Programme</a>' in page


@pytest.mark.parametrize("value", [1, 4])
def test_a_hidden_figure_that_has_a_target_says_so_and_not_on_which_side_of_it_it_is(
    client: FlaskClient, db_session: DbSession, value: int
) -> None:
    """One of them is below the target and one above: dashboard, meter line, desk and data say the same of both."""
    programme = make_programme(db_session, slug="town", first_year=YEAR - 1, last_year=YEAR)
    few = indicator(
        IndicatorKind.REPORTED, target(TargetForm.MINIMUM, TargetPeriod.YEAR, 3), slug="few", unit="persons", **_years()
    )
    make_line(db_session, make_action(db_session, programme), few, slug="few-line")
    db_session.add(
        Report(
            indicator_id=few.id,
            year=YEAR,
            revision=1,
            stage=Stage.ACCEPTED,
            provenance=Provenance.REPORTED,
            applies=True,
            value=value,
            personal=True,
            opened_at=NOW,
        )
    )
    said = figures(client)["few"][YEAR]
    assert (said["value"], said["state"], said["target_lower"]) == (None, "hidden", 3)
    sign_in_as(client, db_session, Role.COUNCIL)
    for address in (
        "/en/programmes/town",
        "/en/programmes/town/indicators/few",
        f"/en/staff/programmes/town/reporting/{YEAR}",
    ):
        page = client.get(address, follow_redirects=True).get_data(as_text=True)
        page = re.sub(r"<option.*?</option>", "", page[page.index("<main") :])
        assert "Has a target, figure not shown" in page and "No target" not in page, address
