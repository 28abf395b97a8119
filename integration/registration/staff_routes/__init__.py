"""Staff pages of registration."""

from __future__ import annotations

from integration.registration.staff_routes import registrations, slots
from integration.registration.staff_routes.blueprint import blueprint
from integration.registration.staff_routes.panels import messages_panel, session_panel

__all__ = ["blueprint", "messages_panel", "registrations", "session_panel", "slots"]
