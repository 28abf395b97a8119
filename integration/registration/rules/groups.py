"""How large a group may be."""

from __future__ import annotations

MOST_IN_GROUP = 200
"""So many on one form: a bus or two; a whole school talks to the organiser."""
