"""When a message is tried again, what a header can carry, and where a mail server is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.mail.rules import MOST_ATTEMPTS, next_attempt_at, one_line
from integration.mail.smtp import MailServer
from integration.settings import Settings, SettingsError
from tests.fixtures.settings import BASE_URL, CARD_KEY, SECRET_KEY

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_pauses_grow_and_end() -> None:
    minutes = [
        (again_at - NOW) // timedelta(minutes=1)
        for attempts in range(1, MOST_ATTEMPTS)
        if (again_at := next_attempt_at(attempts, NOW))
    ]
    assert minutes == [1, 5, 30, 120, 360, 1440]
    assert next_attempt_at(MOST_ATTEMPTS, NOW) is None


@given(st.text())
def test_a_header_is_one_line_whatever_people_write(text: str) -> None:
    line = one_line(text)
    assert line.isprintable()
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", "", False, False)),
        ("smtp://mail.example/?starttls", ("mail.example", 587, "", "", False, True)),
        ("smtps://u%40x:p%2Fw@mail.example", ("mail.example", 465, "u@x", "p/w", True, False)),
        ("smtp://u:p@mail.example:2525?starttls", ("mail.example", 2525, "u", "p", False, True)),
    ],
)
def test_the_servers_address_is_read(url: str, expected: tuple[object, ...]) -> None:
    assert MailServer.from_url(url) == MailServer(*expected)  # type: ignore[arg-type]


def test_a_wrong_address_stops_the_start() -> None:
    environ = {"SECRET_KEY": SECRET_KEY, "CARD_KEY": CARD_KEY, "BASE_URL": BASE_URL, "SMTP_URL": "mail.example:25"}
    with pytest.raises(SettingsError, match="SMTP_URL"):
        Settings.from_environment(environ)
