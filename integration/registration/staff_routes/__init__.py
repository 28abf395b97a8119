"""Staff pages of registration."""

from __future__ import annotations

from integration.registration.staff_routes import (
    adding,
    desk,
    doubles,
    exporting,
    groups,
    holds,
    messages,
    messaging,
    one,
    registrations,
    sheets,
    slots,
    stands,
)
from integration.registration.staff_routes.blueprint import blueprint
from integration.registration.staff_routes.panels import groups_panel, messages_panel, session_panel

__all__ = [
    "adding",
    "blueprint",
    "desk",
    "doubles",
    "exporting",
    "groups",
    "groups_panel",
    "holds",
    "messages",
    "messages_panel",
    "messaging",
    "one",
    "registrations",
    "session_panel",
    "sheets",
    "slots",
    "stands",
]
