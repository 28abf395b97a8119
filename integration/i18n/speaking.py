"""Speaking a language that is not the reader's: for texts that are kept or sent rather than shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g
from flask_babel import force_locale, gettext, ngettext

__all__ = ["gettext", "ngettext", "speaking"]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Let texts, dates and addresses be in the language with this code for a while."""
    before = g.get("language")
    g.language = code
    try:
        with force_locale(code):
            yield
    finally:
        g.pop("language")
        if before is not None:
            g.language = before
