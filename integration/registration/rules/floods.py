"""How many sign-ups from one network are a crowd, and how many a flood."""

from __future__ import annotations

from datetime import timedelta

FLOOD_WINDOW = timedelta(minutes=10)
FLOOD_SIGN_UPS = 100
FLOOD_PEOPLE = 480
"""More from one network within the window is held: eighty families of six behind one school's Wi-Fi are not."""
MOST_GROUP_FORMS = 8
"""So many groups and stands from one network within the window: a school signs its classes up, one after another."""
ORIGINS_KEPT = timedelta(days=1)
"""So long it is kept, as a digest, from which network a sign-up came."""


def is_flood(sign_ups: int, people: int) -> bool:
    """Whether so many sign-ups for so many people, from one network within the window, are more than a crowd."""
    return sign_ups > FLOOD_SIGN_UPS or people > FLOOD_PEOPLE
