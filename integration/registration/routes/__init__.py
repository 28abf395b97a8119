"""Pages and addresses of registration, one file for each kind of page."""

from __future__ import annotations

from integration.registration.routes import (
    card_pages,
    groups,
    household,
    my_data,
    own_places,
    pass_page,
    series,
    session_page,
    short_link,
    slot_waiting,
    slots,
    wishes,
)
from integration.registration.routes.blueprint import blueprint

__all__ = [
    "blueprint",
    "card_pages",
    "groups",
    "household",
    "my_data",
    "own_places",
    "pass_page",
    "series",
    "session_page",
    "short_link",
    "slot_waiting",
    "slots",
    "wishes",
]
