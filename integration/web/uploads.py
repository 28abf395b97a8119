"""How much a request may bring along: little, but for the few pages that take files and say how large."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
AROUND = 100_000
"""Bytes beside the file: the form's other fields, and what marks the parts off."""


def takes_file(largest: int) -> Callable[[View], View]:
    """This endpoint takes a file of so many bytes; every other one refuses more than a form can hold."""

    def declare(view: View) -> View:
        view.largest_file = largest  # type: ignore[attr-defined]
        return view

    return declare


def init_app(app: Flask) -> None:
    """Set the limit before anything reads the request: the form's token stands in its body."""
    app.before_request(_widen)


def _widen() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    largest = getattr(view, "largest_file", None)
    if largest is not None:
        request.max_content_length = largest + AROUND
