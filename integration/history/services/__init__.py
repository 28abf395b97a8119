"""Verbs of imports, one file each; the rest of the application imports them from here."""

from __future__ import annotations

from integration.history.services.uploading import discard, start_import, start_undo, take_in
from integration.history.services.working import work_on_imports

__all__ = ["discard", "start_import", "start_undo", "take_in", "work_on_imports"]
