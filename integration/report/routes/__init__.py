"""The programme's pages: the dashboard, one meter line, and the same figures as open data."""

from __future__ import annotations

from integration.report.routes import dashboard, editions, framework, meter_line, open_data
from integration.report.routes.blueprint import blueprint
from integration.report.routes.panels import closing_panel

__all__ = ["blueprint", "closing_panel", "dashboard", "editions", "framework", "meter_line", "open_data"]
