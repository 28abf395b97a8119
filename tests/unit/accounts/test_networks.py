"""Whom a network address stands for when attempts are counted."""

from __future__ import annotations

import pytest

from integration.kernel.rate_limits import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_whole_home_counts_as_one(address: str | None, network: str) -> None:
    assert network_of(address) == network
