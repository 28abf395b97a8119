"""The council's years: from an empty database over three years of spreadsheets and one of sessions to the final report
in three languages and the programme that follows.

What a person does once is done on the pages; what would only be the same again is planted.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from integration.activities.models import Session
from integration.history.services import work_on_imports
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession
from integration.programme.models import Action
from integration.report.models import EditionFile
from integration.report.services import work_on_editions
from tests.factories.activities import make_activity, make_session
from tests.factories.figures import close, make_attendance, serve
from tests.factories.spreadsheets import HEADS, TOTAL_HEADS, csv_of, xlsx_of
from tests.fixtures.servers import Server
from tests.paper import words
from tests.sampling import EVERYTHING

BOTH_ENGINES = ("sqlite", "postgresql") if EVERYTHING else ("sqlite",)
LAST = local_date(utc_now()).year - 1
YEARS = range(LAST - 3, LAST + 1)
IMPORTED = YEARS[:-1]
PASSWORD = "invented-password"
STAFF = "/en/staff/programmes/town"
PROGRAMME = f"""
schema: 1
slug: town
title: {{sv: "Programmet {YEARS[0]}–{LAST}", fi: "Ohjelma {YEARS[0]}–{LAST}", en: "The programme {YEARS[0]}–{LAST}"}}
legal_basis: {{sv: Lagen, fi: Laki, en: The law}}
years: [{YEARS[0]}, {LAST}]
organisations:
  - {{slug: library, kind: city_unit, name: {{sv: Biblioteket, fi: Kirjasto, en: The library}}}}
domains:
  - slug: social
    mark: social
    title: {{sv: Sociala relationer, fi: Sosiaaliset suhteet, en: Social relations}}
    goals:
      - slug: together
        title: {{sv: Tillsammans, fi: Yhdessä, en: Together}}
        actions:
          - slug: cafe
            number: 1
            title: {{sv: Kafé, fi: Kahvila, en: Café}}
            years: [{YEARS[0]}, {LAST}]
            framework: [social_bridges]
            responsible: [library]
            lines:
              - slug: cafe-visits
                label: "1"
                text: {{sv: Antal besök, fi: Käyntien määrä, en: Number of visits}}
                indicators:
                  - slug: cafe-visits
                    kind: computed
                    measure: visits
                    title: {{sv: Besök, fi: Käynnit, en: Visits}}
                    target: {{form: minimum, per: year, lower: 50}}
                  - slug: cafe-held
                    kind: computed
                    measure: held
                    title: {{sv: Hållna kaféer, fi: Pidetyt kahvilat, en: Cafés held}}
          - slug: loans
            number: 2
            title: {{sv: Lån på egna språk, fi: Lainat omilla kielillä, en: Loans in own languages}}
            years: [{YEARS[0]}, {LAST}]
            framework: [social_bridges]
            responsible: [library]
            lines:
              - slug: loans
                label: "2"
                text: {{sv: Antal lån, fi: Lainojen määrä, en: Number of loans}}
                indicators:
                  - slug: loans
                    kind: reported
                    unit: count
                    aggregation: sum
                    title: {{sv: Lån, fi: Lainat, en: Loans}}
                  - slug: loans-share
                    kind: reported
                    unit: share
                    aggregation: none
                    title: {{sv: Andel barnböcker, fi: Lastenkirjojen osuus, en: Share of children's books}}
          - slug: guide
            number: 3
            title: {{sv: En guide, fi: Opas, en: A guide}}
            years: [{YEARS[0]}, {LAST}]
            framework: [social_bridges]
            responsible: [library]
            lines:
              - slug: guide
                label: "3"
                text: {{sv: Guiden finns, fi: Opas on olemassa, en: The guide is there}}
                indicators:
                  - slug: guide
                    kind: milestone
                    due: {LAST}
                    title: {{sv: Guiden är klar, fi: Opas on valmis, en: The guide is ready}}
"""
VISITS = {YEARS[0]: 31, YEARS[1]: 62, YEARS[2]: 55, LAST: 4 * 11 + 9}
LOANS = {YEARS[0]: 120, YEARS[1]: 0, YEARS[2]: 150, LAST: 211}
SHARES = {YEARS[0]: 45, YEARS[1]: 50, YEARS[2]: 40, LAST: 60}


@pytest.fixture
def town(app: Flask, db_session: DbSession, tmp_path: Path) -> str:
    """The loaded programme, three accounts, a café and eleven of its evenings; returns the key of a twelfth."""
    file = tmp_path / "town.yaml"
    file.write_text(PROGRAMME, encoding="utf-8")
    run(app, "programme", "load", str(file))
    for role in ("coordinator", "owner", "council"):
        run(app, "account", "create", f"{role}@example.com", "--role", role, "--password", PASSWORD)
    cafe = make_activity(db_session, slug="cafe-evening", title={"sv": "Kafékväll", "fi": "Kahvilailta", "en": "Café"})
    serve(db_session, cafe, db_session.query(Action).filter_by(slug="cafe").one(), date(YEARS[0], 1, 1))
    evenings = [evening(db_session, cafe, month) for month in range(1, 13)]
    for session in evenings[:-1]:
        make_attendance(db_session, session, f"key-{session.local_on.month % 3}", 2, 1)
        make_attendance(db_session, session, None, 1)
        close(db_session, session)
    db_session.commit()
    return evenings[-1].key


def evening(db_session: DbSession, cafe: Any, month: int) -> Session:
    """A café of the last year."""
    return make_session(db_session, activity=cafe, starts_at=datetime(LAST, month, 14, 15, tzinfo=UTC))


def run(app: Flask, *arguments: str) -> None:
    """A command of the service."""
    result = app.test_cli_runner().invoke(args=list(arguments))
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("engine_name", BOTH_ENGINES, indirect=True)
def test_from_an_empty_database_to_the_successor(
    app: Flask,
    db_session: DbSession,
    town: str,
    server: Callable[..., Server],
    open_page: Callable[..., Page],
) -> None:
    url = server().url
    coordinator, owner, council = (
        signed_in(open_page(viewport={"width": 1280, "height": 900}, locale="en-GB"), url, role)
        for role in ("coordinator", "owner", "council")
    )
    import_three_years(app, coordinator, url)
    count_the_last_evening(coordinator, url, town)
    report(owner, url)
    assess(council, url)
    for year in YEARS:
        lock(council, url, year)
    council.goto(f"{url}{STAFF}/edit")
    expect(council.get_by_text("It is only read.")).to_be_visible()
    publish(app, council, url)
    db_session.rollback()
    say_the_same({each.file_name: each.content for each in db_session.query(EditionFile)})
    follow_to_the_successor(council, url)


def signed_in(page: Page, url: str, role: str) -> Page:
    """A member of staff at a desk."""
    page.goto(f"{url}/en/sign-in")
    page.locator("[name=email]").fill(f"{role}@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator(".tabs, nav").first).to_be_visible()
    return page


def import_three_years(app: Flask, page: Page, url: str) -> None:
    """Sessions as CSV from Excel, yearly totals as a workbook; each is looked at before it is imported."""
    rows = [
        [f"{day}.3.{year}", "Kafékväll", "Huset", visits, visits, 0, "", "sv", "Pärm A"]
        for year in IMPORTED
        for day, visits in ((1, VISITS[year] - 11), (8, 11))
    ]
    totals: list[list[Any]] = []
    for year in IMPORTED:
        totals += [
            ["2", "Lån", year, LOANS[year], "Årsbok"],
            ["2", "Andel barnböcker", year, f"{SHARES[year]} %", "Årsbok"],
        ]
    for name, content in (("kafé.csv", csv_of(rows, HEADS)), ("årsbok.xlsx", xlsx_of(totals, TOTAL_HEADS))):
        page.goto(f"{url}{STAFF}/imports")
        page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        page.locator("form:has(input[type=file]) button[type=submit]").click()
        work(app, page)
        page.get_by_role("button", name="Import 6 rows").click()
        work(app, page)
        expect(page.get_by_text("Imported.", exact=True)).to_be_visible()


def work(app: Flask, page: Page) -> None:
    """What the worker does; then the page is looked at again."""
    page.wait_for_url(re.compile(r"/imports/\d+"))
    with app.app_context():
        work_on_imports(utc_now())
    page.reload()
    expect(page.locator("[data-refresh='0']")).to_be_attached()


def count_the_last_evening(page: Page, url: str, key: str) -> None:
    """Nobody scanned on the last evening: its organiser writes how many came, and confirms it."""
    page.goto(f"{url}/en/staff/sessions/{key}/closing")
    page.locator("[name=adults]").fill("6")
    page.locator("[name=children]").fill("3")
    page.locator("[name=reason]").select_option("no_phone")
    page.locator("button[name=held][value=yes]").click()
    expect(page.locator("main [role=status]").first).to_be_visible()


def report(page: Page, url: str) -> None:
    """The responsible party reports a number, a share with its parts, and a milestone with its date."""
    answers = {
        "loans": {"value": str(LOANS[LAST])},
        "loans-share": {"numerator": "12", "denominator": "20"},
        "guide": {"reached_on": f"{LAST}-05-02"},
    }
    for slug, fields in answers.items():
        page.goto(f"{url}{STAFF}/reporting/{LAST}/{slug}")
        for name, text in fields.items():
            page.locator(f"[name={name}]").fill(text)
        page.locator("button[name=do][value=report]").click()
        expect(page.get_by_text("The figure is handed in.")).to_be_visible()


def assess(page: Page, url: str) -> None:
    """The council goes through the actions on the wall; each decision leads to the next action."""
    page.goto(f"{url}{STAFF}/assessment/{LAST}/cafe?meeting=1")
    for onward, step in (("loans", "continue"), ("guide", "change"), ("guide", "end")):
        page.locator("[name=effect_en]").fill("Invented: more people meet.")
        page.locator(f"[name=next_step][value={step}]").check()
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(f"**/{onward}?meeting=1")


def lock(page: Page, url: str, year: int) -> None:
    """Accept what was handed in, then lock the whole year."""
    page.goto(f"{url}{STAFF}/reporting/{year}/lock")
    page.get_by_role("button", name="Accept all that are reported").click()
    page.get_by_role("button", name=f"Lock all of {year}").click()
    expect(page.get_by_text(f"Every figure of {year} is final.")).to_be_visible()


def publish(app: Flask, page: Page, url: str) -> None:
    """The final report, with a summary in one language."""
    page.goto(f"{url}{STAFF}/reports/final/{LAST}/summary")
    page.locator("[name=en]").fill("Invented summary.")
    page.locator("main form button[type=submit]").click()
    page.get_by_role("button", name="Publish this edition").click()
    expect(page.get_by_role("heading", name="Edition 1 is being made")).to_be_visible()
    with app.app_context():
        work_on_editions(utc_now())
    expect(page.get_by_role("heading", name="Edition 1 is published")).to_be_visible()


def say_the_same(files: dict[str, bytes]) -> None:
    """Every file of the edition in every language has the same numbers, and they are those that were put in."""
    stem = f"town-final-{LAST}"
    document = json.loads(files[f"{stem}.json"])
    told = {
        (each["indicator"], year["year"]): year["value"] for each in document["indicators"] for year in each["years"]
    }
    for slug, values in (("cafe-visits", VISITS), ("loans", LOANS), ("loans-share", SHARES)):
        assert {year: told[slug, year] for year in YEARS} == values
    rows = list(csv.DictReader(io.StringIO(files[f"{stem}.csv"].decode("utf-8-sig"))))
    assert {(each["indicator"], int(each["year"])): each["value"] for each in rows} == {
        key: "" if value is None else str(value) for key, value in told.items()
    }
    cells, tables = [], []
    for code in ("sv", "fi", "en"):
        sheet = openpyxl.load_workbook(io.BytesIO(files[f"{stem}-{code}.xlsx"])).worksheets[0]
        head, *body = [[cell.value for cell in row] for row in sheet]
        cells.append(
            {(row[head.index("indicator")], row[head.index("year")]): row[head.index("value")] for row in body}
        )
        page, pdf = files[f"{stem}-{code}.html"].decode(), words(files[f"{stem}-{code}.pdf"])
        tables.append([re.sub(r"\D", "", each) for each in re.findall(r"<td>([^<]*)</td>", page)])
        assert all(str(value) in page and str(value) in pdf for value in (*VISITS.values(), *LOANS.values()))
    assert cells == [told] * 3
    assert tables == [tables[0]] * 3 and str(LOANS[LAST]) in tables[0]


def follow_to_the_successor(page: Page, url: str) -> None:
    """The next programme begins with the council's decisions, and a figure leads from one to the other and back."""
    page.goto(f"{url}{STAFF}/successor")
    expect(page.locator("#fate-loans")).to_have_value("change")
    expect(page.locator("#fate-guide")).to_have_value("end")
    page.locator("[name=slug]").fill("next-town")
    page.get_by_role("button", name="Set up the successor").click()
    page.get_by_role("button", name="Publish the programme").click()
    expect(page.get_by_text("The programme is published.")).to_be_visible()
    assert page.goto(f"{url}/en/programmes/next-town/indicators/guide").status == 404  # type: ignore[union-attr]
    page.goto(f"{url}/en/programmes/next-town/indicators/cafe-visits")
    page.get_by_role("link", name="Before that in:").click()
    expect(page).to_have_url(f"{url}/en/programmes/town/indicators/cafe-visits")
    expect(page.locator("#cafe-visits")).to_contain_text(str(VISITS[LAST]))
    page.get_by_role("link", name="It goes on in:").click()
    expect(page).to_have_url(f"{url}/en/programmes/next-town/indicators/cafe-visits")
