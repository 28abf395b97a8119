"""Speaking a language that is not the reader's: for texts that are kept or sent rather than shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import force_locale, gettext

__all__ = ["gettext", "speaking"]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Let ``gettext`` speak the language with this code for a while."""
    with force_locale(code):
        yield
