"""Staff pages of imports: the list with its upload, one import on its way, its rows, and sheets to fill in."""

from __future__ import annotations

from integration.history.staff_routes import files, imports
from integration.history.staff_routes.blueprint import blueprint

__all__ = ["blueprint", "files", "imports"]
