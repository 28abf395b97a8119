"""The tables of registration; no other feature holds a name or a contact."""

from __future__ import annotations

from integration.registration.models.households import Card, Household
from integration.registration.models.registrations import Registration

__all__ = [
    "Card",
    "Household",
    "Registration",
]
