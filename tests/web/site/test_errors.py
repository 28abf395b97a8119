"""Whatever goes wrong is said in the reader's language, with a way onward; to programs as RFC 9457 says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from integration import create_app
from integration.kernel.database import db
from integration.web.access import public
from tests.fixtures.databases import Databases
from tests.fixtures.settings import settings_for

NOT_FOUND = {"sv": "Vi hittar inte den sidan", "fi": "Sivua ei löydy", "en": "We cannot find that page"}
ONWARD = {"sv": "/sv/", "fi": "/fi/", "en": "/en/"}


@pytest.mark.parametrize("language", ["sv", "fi", "en"])
def test_not_found_is_said_in_the_language_of_the_address(client: FlaskClient, language: str) -> None:
    answer = client.get(f"/{language}/nothing/here", headers={"Accept-Language": "ru"})
    assert answer.status_code == 404
    assert NOT_FOUND[language] in answer.text
    assert f'<html lang="{language}" dir="ltr"' in answer.text
    assert f'href="{ONWARD[language]}"' in answer.text


def test_an_unknown_language_is_not_found_in_the_browsers(client: FlaskClient) -> None:
    for address in ("/xx/", "/ar/sessions/abc", "/nothing", "/sv/../../etc/passwd", "/sv/%00"):
        answer = client.get(address, headers={"Accept-Language": "fi;q=0.9,en;q=0.1"})
        assert answer.status_code == 404
    assert NOT_FOUND["fi"] in client.get("/xx/", headers={"Accept-Language": "fi"}).text


def test_what_cannot_be_done_says_what_can(client: FlaskClient) -> None:
    answer = client.delete("/sv/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "Det går inte att göra här" in answer.text


def test_a_form_without_its_token_is_asked_for_again(client: FlaskClient) -> None:
    answer = client.post("/en/sign-out")
    assert answer.status_code == 400
    assert "Go back, load the page again and try once more." in answer.text


def test_too_much_at_once(client: FlaskClient) -> None:
    answer = client.post("/en/sign-in", data={"email": "a" * 1_100_000})
    assert answer.status_code == 413
    assert "Shorten the text and send it again." in answer.text


def test_programs_get_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "about:blank",
        "title": "Vi hittar inte den sidan",
        "status": 404,
        "detail": "Det kan finnas ett skrivfel i adressen, eller så finns sidan inte längre.",
    }
    assert client.delete("/api/v1/door/scans").content_type == "application/problem+json"


def test_our_own_errors_tell_the_reader_nothing_and_the_log_no_secret(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()

    @app.get("/<language:language>/broken/<secret>")
    @public
    def broken(secret: str) -> str:
        db.session.execute(
            sa.text("SELECT * FROM nowhere WHERE email = :email"), {"email": "@".join(["amina", "example.org"])}
        )
        return secret

    answer = app.test_client().get("/sv/broken/ABCSECRETXYZ")
    assert answer.status_code in (500, 503)
    assert "Traceback" not in answer.text
    assert "nowhere" not in answer.text
    assert "amina@example.org" not in answer.text
    for secret in ("ABCSECRETXYZ", "amina@example.org"):
        assert secret not in caplog.text


def test_a_mistake_of_ours_is_logged_with_where_it_was(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()

    @app.get("/<language:language>/mistaken/<secret>")
    @public
    def mistaken(secret: str) -> str:
        return str(1 // (len(secret) - len(secret)))

    answer = app.test_client().get("/en/mistaken/ABCSECRETXYZ")
    assert answer.status_code == 500
    assert "Something went wrong on our side, not yours" in answer.text
    assert "error in mistaken" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "ABCSECRETXYZ" not in caplog.text


@pytest.fixture
def away(databases: Databases, engine_name: str, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """An application whose database stops answering: ``with away() as client: ...``"""

    @contextmanager
    def leave() -> Iterator[FlaskClient]:
        url = databases.create("leaving", True)
        app = create_app(settings_for(url))
        client = app.test_client()
        assert client.get("/healthz").status_code == 200
        with app.app_context():
            db.engine.dispose()
        databases.drop("leaving")
        if engine_name == "sqlite":
            Path(url.removeprefix("sqlite:///")).mkdir()
        yield client
        if engine_name == "sqlite":
            Path(url.removeprefix("sqlite:///")).rmdir()

    yield leave


def test_a_database_that_is_away_is_said_in_words(away: Callable[[], Any], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    with away() as client:
        with client.session_transaction() as cookie:
            cookie["sign_in"] = "A" * 32
        health = client.get("/healthz")
        assert health.status_code == 503
        assert health.json == {"status": "the database does not answer"}
        page = client.get("/sv/")
        assert page.status_code == 503
        assert page.headers["Retry-After"] == "10"
        assert "Vi är borta en liten stund" in page.text
        assert client.get("/sv/privacy").status_code in (200, 503)
        feed = client.get("/calendar/all.ics")
        assert feed.status_code == 503
    assert "the database does not answer" in caplog.text


def test_an_error_is_never_kept_by_a_cache(client: FlaskClient) -> None:
    assert client.get("/nothing").headers["Cache-Control"] == "no-store"
