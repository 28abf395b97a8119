"""The site's own pages: the way in, its health, how it treats people's data, and the headers of every answer."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from integration.registration.rules import KEPT_DAYS


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        ("fi-FI,fi;q=0.9,en;q=0.5", "fi"),
        ("en-GB", "en"),
        ("sv", "sv"),
        ("ru,so;q=0.5", "sv"),
        ("", "sv"),
        ("q=;;,,*", "sv"),
    ],
)
def test_the_way_in_follows_the_browsers_wishes(client: FlaskClient, wishes: str, language: str) -> None:
    answer = client.get("/", headers={"Accept-Language": wishes})
    assert (answer.status_code, answer.location) == (302, f"/{language}/")
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_host_header_leads_nowhere(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.location == "/sv/"
    assert "evil.example" not in client.get("/sv/", headers={"Host": "evil.example"}).text


def test_it_is_healthy_while_the_database_answers(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "demo": False})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", ["privacy", "accessibility", "contact"])
@pytest.mark.parametrize("language", ["sv", "fi", "en"])
def test_every_page_is_in_every_language(client: FlaskClient, page: str, language: str) -> None:
    answer = client.get(f"/{language}/{page}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_notice_says_what_the_rules_do(client: FlaskClient) -> None:
    for language in ("sv", "fi", "en"):
        assert str(KEPT_DAYS) in client.get(f"/{language}/privacy").text


def test_the_statement_has_what_the_act_asks(client: FlaskClient) -> None:
    for language in ("sv", "fi", "en"):
        text = client.get(f"/{language}/accessibility").text
        for part in ("306/2019", "WCAG 2.2", "14", "Traficom", "24.11.2026", "mailto:"):
            assert part in text, (language, part)


def test_every_answer_says_what_it_may_load(client: FlaskClient) -> None:
    for address in ("/sv/", "/sv/sign-in", "/nothing", "/healthz"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "camera=()" in headers["Permissions-Policy"]
