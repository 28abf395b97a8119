"""Pages for visitors: the list of what is on, an activity, and the same dates as a month, a week and a year."""

from __future__ import annotations

from integration.activities.routes import spans, whats_on, year
from integration.activities.routes.blueprint import blueprint

__all__ = ["blueprint", "spans", "whats_on", "year"]
