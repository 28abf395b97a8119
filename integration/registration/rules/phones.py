"""Which households a phone remembers: the link secrets that its cookie keeps, the first household's first."""

from __future__ import annotations

REMEMBERED = "card"
"""Where the phone's cookie keeps them."""
MOST_REMEMBERED = 4
"""Families that share one phone; a cookie has little room."""


def remembered_in(kept: object) -> list[str]:
    """The secrets in what the cookie holds."""
    return str(kept or "").split()
