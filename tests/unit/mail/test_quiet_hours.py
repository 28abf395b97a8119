"""The night on the city's clock, in winter, in summer, and when the clock changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integration.mail.rules import is_quiet


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ((2026, 1, 15, 18, 59), False),
        ((2026, 1, 15, 19, 0), True),
        ((2026, 1, 16, 5, 59), True),
        ((2026, 1, 16, 6, 0), False),
        ((2026, 7, 15, 17, 59), False),
        ((2026, 7, 15, 18, 0), True),
        ((2026, 7, 16, 4, 59), True),
        ((2026, 7, 16, 5, 0), False),
        ((2026, 3, 29, 4, 59), True),
        ((2026, 3, 29, 5, 0), False),
        ((2026, 10, 25, 5, 59), True),
        ((2026, 10, 25, 6, 0), False),
    ],
)
def test_nine_in_the_evening_to_eight_in_the_morning(moment: tuple[int, ...], quiet: bool) -> None:
    year, month, day, hour, minute = moment
    assert is_quiet(datetime(year, month, day, hour, minute, tzinfo=UTC)) is quiet
