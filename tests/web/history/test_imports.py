"""Uploading, looking and deciding through the pages, without a script."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.activities.models import Session
from integration.history.services import work_on_imports
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from tests.factories.actors import sign_in_as
from tests.factories.spreadsheets import csv_of, plant_town, xlsx_of

BASE = "/en/staff/programmes/town/imports"
GOOD = ("1.2.2023", "Kulturkafé", "Huset", 14, 10, 4, "Testföreningen", "sv, tolk", "Binder A")
BAD = ("31.2.2023", "Kulturkafé", "Huset", 3, "", "", "", "", "")


@pytest.fixture
def browser(app: Flask, db_session: DbSession, client: FlaskClient) -> FlaskClient:
    """The coordinator of a programme with one café."""
    plant_town(db_session)
    sign_in_as(client, db_session, Role.COORDINATOR)
    return client


def post(browser: FlaskClient, path: str, page: str, **more: object) -> str:
    """Send a form of this page and follow where it leads; returns that page's text."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(page).text)
    assert token
    answer = browser.post(path, data={"csrf_token": token[1], **more}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location


def work(app: Flask) -> None:
    """The worker's turn."""
    with app.app_context():
        work_on_imports(utc_now())


def test_from_a_file_with_a_fault_to_an_import_and_back(
    app: Flask, db_session: DbSession, browser: FlaskClient
) -> None:
    page = post(browser, BASE, BASE, file=(io.BytesIO(csv_of([GOOD, BAD])), "..\\x/<b>besök.csv"))
    assert "We are reading the file" in browser.get(page).text
    work(app)
    text = browser.get(page).text
    assert "“31.2.2023” is no date. Write it like this: 1.1.2023." in text
    assert "&lt;b&gt;besök.csv" in text and "<b>besök" not in text
    assert "Testföreningen" in text and "They stay not known" in text
    listed = browser.get(f"{page}/wrong.csv")
    assert listed.text.splitlines()[1] == "3;Datum (A);“31.2.2023” is no date. Write it like this: 1.1.2023."
    post(browser, f"{page}/import", page)
    work(app)
    assert db_session.scalar(sa.select(sa.func.count(Session.id))) == 1
    figure = browser.get("/en/programmes/town/indicators/cafe-visits?year=2023").text
    assert "besök.csv" in figure and "Binder A" in figure and "row 2" in figure
    post(browser, f"{page}/undo", page)
    work(app)
    assert "This import is undone." in browser.get(page).text
    assert db_session.scalar(sa.select(sa.func.count(Session.id))) == 0


def test_a_large_file_is_taken_by_this_page_alone(browser: FlaskClient) -> None:
    large = csv_of([(*GOOD[:-1], "x" * 400)] * 4000)
    assert len(large) > 1_500_000
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(BASE).text)
    assert token
    part = '--edge\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    head = part.format("csrf_token", "") + token[1] + "\r\n" + part.format("file", '; filename="large.csv"')
    body = head.encode() + large + b"\r\n--edge--\r\n"
    assert browser.post(BASE, data=body, content_type="multipart/form-data; boundary=edge").status_code == 303
    assert browser.post("/en/sign-in", data={"email": "x" * 1_500_000}).status_code == 413


@pytest.mark.parametrize("name", ["sessions.csv", "sessions.xlsx", "totals.csv", "totals.xlsx"])
def test_blank_files_are_understood_again(app: Flask, browser: FlaskClient, name: str) -> None:
    blank = browser.get(f"{BASE.replace('/en/', '/fi/')}/blank/{name}")
    assert blank.status_code == 200
    page = post(browser, BASE, BASE, file=(io.BytesIO(blank.data), name))
    work(app)
    assert "There are no rows in it." in browser.get(page).text


def test_only_coordinators_import(app: Flask, db_session: DbSession, browser: FlaskClient) -> None:
    other = app.test_client()
    sign_in_as(other, db_session, Role.COUNCIL)
    db_session.commit()
    assert other.get(BASE).status_code == 403
    assert xlsx_of([]) and browser.get(f"{BASE}/999").status_code == 404
