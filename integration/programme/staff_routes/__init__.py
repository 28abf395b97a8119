"""Editing a programme in place: one file per page."""

from __future__ import annotations

from integration.programme.staff_routes.blueprint import blueprint

__all__ = ["blueprint"]
