"""Where one may be led after signing in."""

from __future__ import annotations

import pytest

from integration.accounts.rules import own_path


@pytest.mark.parametrize("onward", ["/", "/en/staff/", "/sv/staff/activities?page=2&x=%0A", "/C/ABC"])
def test_a_path_of_this_site_is_followed(onward: str) -> None:
    assert own_path(onward) == onward


@pytest.mark.parametrize(
    "onward",
    [
        None,
        "",
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n//evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "evil.example",
        "/en/\r\nSet-Cookie: a=b",
        "/en/ x",
        "/en/\0",
    ],
)
def test_nothing_else_is(onward: str | None) -> None:
    assert own_path(onward) is None
