"""The council writes, previews and publishes a report; what was published can be had byte for byte for ever."""

from __future__ import annotations

import hashlib
import io
import json

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.report.editions import digest_of
from integration.report.models import Edition, EditionFile, ReportText
from integration.report.services import work_on_editions
from tests.factories.actors import sign_in_as
from tests.factories.world import plant_city
from tests.paper import barriers, pictures, tags, words
from tests.web.activities.filling_in import fields_of, fill_in

STAFF = "/en/staff/programmes/vaasa-2023-2026/reports"
ANNUAL = f"{STAFF}/annual/2025"
PUBLIC = "/en/programmes/vaasa-2023-2026/reports"
STEM = "vaasa-2023-2026-annual-2025"


@pytest.fixture
def council(app: Flask, client: FlaskClient, db_session: DbSession) -> FlaskClient:
    """A member of the council in a city with its programme."""
    plant_city(app, years=False)
    sign_in_as(client, db_session, Role.COUNCIL, None)
    return client


def press(council: FlaskClient) -> str:
    """Ask for an edition; returns what the page says then."""
    answer = council.post(f"{ANNUAL}/publish", data=fields_of(council.get(ANNUAL)), follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def work(app: Flask, db_session: DbSession) -> Edition:
    """What the worker does; returns the latest edition."""
    with app.app_context():
        work_on_editions(utc_now())
    db_session.rollback()
    return db_session.scalars(sa.select(Edition).order_by(Edition.number.desc()).limit(1)).one()


def test_a_draft_marks_what_is_not_translated_and_lists_what_is_missing_with_who_owes_it(council: FlaskClient) -> None:
    assert fill_in(council, f"{ANNUAL}/summary", sv="Året i korthet *inte fet*.\n\nAndra stycket.").status_code == 303
    swedish, finnish = (council.get(f"{ANNUAL}/preview/{code}.pdf").get_data() for code in ("sv", "fi"))
    assert "Året i korthet *inte fet*." in words(swedish)
    assert "Utkast: inte publicerat" in words(swedish)
    assert "Käännös puuttuu" in words(finnish) and "Året i korthet" in words(finnish)
    for pdf in (swedish, finnish):
        assert barriers(pdf) == []
        assert {"H1", "H2", "H3", "H4", "Table", "TH", "Figure"} <= set(tags(pdf))
    assert len(pictures(swedish, 0.3)) > 8
    text = words(council.get(f"{ANNUAL}/preview/en.pdf").get_data())
    chapter = text[text.rindex("What is missing, and who owes it") :]
    assert "2023, 2024, 2025" in chapter
    assert "2025, 2026" not in chapter


def test_prose_keeps_its_history(council: FlaskClient, db_session: DbSession) -> None:
    for text in ("First", "Second", "Second"):
        fill_in(council, f"{ANNUAL}/summary", en=text)
    assert list(db_session.scalars(sa.select(ReportText.text).order_by(ReportText.id))) == ["First", "Second"]
    page = council.get(f"{ANNUAL}/summary").get_data(as_text=True)
    assert "First" in page and "Second" in page


def test_an_edition_is_of_the_moment_that_asked_for_it_byte_for_byte_after_everything_changed(
    app: Flask, council: FlaskClient, db_session: DbSession
) -> None:
    page = press(council)
    assert "Edition 1 is being made" in page and 'data-refresh="2"' in page and "Publish this edition" not in page
    assert "Nothing has been published yet." in council.get(PUBLIC).get_data(as_text=True)
    fill_in(council, f"{ANNUAL}/summary", en="Written afterwards")
    made = work(app, db_session)
    page = council.get(ANNUAL).get_data(as_text=True)
    assert "Edition 1 is published" in page and 'data-refresh="0"' in page
    files = db_session.scalars(sa.select(EditionFile).where(EditionFile.edition_id == made.id)).all()
    assert len(files) == 11
    assert made.sha256 == digest_of((each.file_name, each.sha256) for each in files)
    press(council)
    again = work(app, db_session)
    assert (made.number, again.number) == (1, 2)
    page = council.get(PUBLIC).get_data(as_text=True)
    assert made.sha256 in page and again.sha256 in page
    for each in files:
        answer = council.get(f"/programmes/vaasa-2023-2026/reports/annual/2025/1/{each.file_name}")
        assert answer.status_code == 200
        assert hashlib.sha256(answer.get_data()).hexdigest() == each.sha256
        assert b"Written afterwards" not in answer.get_data()
    say_the_same(council)


def file(council: FlaskClient, name: str) -> bytes:
    """A file of the first edition."""
    return council.get(f"/programmes/vaasa-2023-2026/reports/annual/2025/1/{name}").get_data()


def say_the_same(council: FlaskClient) -> None:
    """The JSON, the CSV and the workbook have the same rows, and nothing in a cell is a formula."""
    document = json.loads(file(council, f"{STEM}.json"))
    years = {(each["indicator"], year["year"]) for each in document["indicators"] for year in each["years"]}
    table = file(council, f"{STEM}.csv").decode("utf-8-sig").splitlines()
    sheet = openpyxl.load_workbook(io.BytesIO(file(council, f"{STEM}-fi.xlsx"))).worksheets[0]
    assert len(table) - 1 == len(years) == sheet.max_row - 1
    assert max(year for _slug, year in years) == 2025
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    assert "<h1>" in file(council, f"{STEM}-sv.html").decode()
    assert barriers(file(council, f"{STEM}-en.pdf")) == []


def test_only_those_who_decide_write_and_publish(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    plant_city(app, years=False)
    sign_in_as(client, db_session, Role.OWNER, None)
    for address in (STAFF, ANNUAL, f"{ANNUAL}/summary", f"{ANNUAL}/preview/sv.pdf"):
        assert client.get(address).status_code == 403
    assert client.get(PUBLIC).status_code == 200
    sign_in_as(client, db_session, Role.COUNCIL, None)
    for page in ("annual/2022", "final/2025", "other/2025"):
        assert client.get(f"{STAFF}/{page}").status_code == 404
