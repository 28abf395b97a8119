"""Filling in a form as a browser does: every field as the page has it, with some answers changed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HOSTILE = (
    "x" * 10_000,
    "a\0b",
    "\u202eevil\u202c",
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}%(name)s%s",
    "1e9",
    "två",
    "9" * 400,
    "",
)
"""What no form may stumble over."""


class Filled(HTMLParser):
    """The fields of a page's main part with their values, and the texts that stand in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._list: str | None = None
        self._first: str | None = None
        self._text: str | None = None
        self.feed(page[page.index("<main") : page.index("</main>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up inputs, chosen options and the beginnings of text areas."""
        has = dict(attrs)
        if tag == "input" and has.get("name"):
            if has.get("type") not in ("checkbox", "radio") or "checked" in has:
                self._add(str(has["name"]), has.get("value") or "")
        elif tag == "select":
            self._list, self._first = has.get("name"), None
        elif tag == "option" and self._list:
            self._first = self._first if self._first is not None else has.get("value") or ""
            if "selected" in has:
                self._add(self._list, has.get("value") or "")
        elif tag == "textarea":
            self._text = str(has.get("name"))
            self.fields[self._text] = [""]

    def handle_endtag(self, tag: str) -> None:
        """A list without a choice sends its first option."""
        if tag == "select" and self._list:
            if self._list not in self.fields and self._first is not None:
                self._add(self._list, self._first)
            self._list = None
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        """Take up what stands in a text area."""
        if self._text:
            self.fields[self._text][0] += data.lstrip("\r\n")

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def fields_of(response: TestResponse) -> dict[str, list[str]]:
    """What a browser would send from this page."""
    return Filled(response.get_data(as_text=True)).fields


def fill_in(client: FlaskClient, address: str, **answers: Any) -> TestResponse:
    """Open the form, change these answers, send it."""
    return client.post(address, data={**fields_of(client.get(address)), **answers})


def send_on(client: FlaskClient, address: str, page: TestResponse, **answers: Any) -> TestResponse:
    """Send the form of a page that was just answered, with these answers changed."""
    return client.post(address, data={**fields_of(page), **answers})
