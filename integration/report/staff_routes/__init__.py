"""Staff pages of report: the owner's desk, one figure, and the yearly assessment."""

from __future__ import annotations

from integration.report.staff_routes import assessing, desk, editions, finishing, reminders, reporting, succession
from integration.report.staff_routes.blueprint import blueprint

__all__ = ["assessing", "blueprint", "desk", "editions", "finishing", "reminders", "reporting", "succession"]
