"""Speaking a language that is not the reader's: for texts that are kept or sent rather than shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, g
from flask_babel import force_locale, gettext, ngettext

__all__ = ["gettext", "ngettext", "speaking"]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Let texts, dates and addresses be in the language with this code for a while."""
    enabled = current_app.config["LANGUAGES"]
    if code not in enabled:  # a household may have a card in a language that nothing else is in yet
        code = "en" if "en" in enabled else enabled[0]
    before = g.get("language")
    g.language = code
    try:
        with force_locale(code):
            yield
    finally:
        g.pop("language")
        if before is not None:
            g.language = before
