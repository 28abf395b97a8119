"""What is on: the list, an activity, the same dates as a month, a week and a year, and all that for machines."""

from __future__ import annotations

from integration.activities.routes import machines, spans, whats_on, year
from integration.activities.routes.blueprint import blueprint

__all__ = ["blueprint", "machines", "spans", "whats_on", "year"]
