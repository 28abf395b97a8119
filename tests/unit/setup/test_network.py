"""The tests themselves cannot reach another machine."""

from __future__ import annotations

import socket

import pytest

from tests.fixtures.network import NetworkForbidden


def test_another_machine_is_out_of_reach() -> None:
    with pytest.raises(NetworkForbidden, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
