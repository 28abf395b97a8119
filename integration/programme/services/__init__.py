"""Verbs of programmes: loading a file, setting up a successor, editing in place."""

from __future__ import annotations

from integration.programme.services.editing import close_programme, edit_row, publish_programme
from integration.programme.services.loading import LoadSummary, load_programme
from integration.programme.services.succession import succeed

__all__ = [
    "LoadSummary",
    "close_programme",
    "edit_row",
    "load_programme",
    "publish_programme",
    "succeed",
]
