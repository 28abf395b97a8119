"""Editing a programme in place: one file per page."""

from __future__ import annotations

from integration.programme.staff_routes import adding, organisations, parties, rows, targets
from integration.programme.staff_routes.blueprint import blueprint

__all__ = ["adding", "blueprint", "organisations", "parties", "rows", "targets"]
