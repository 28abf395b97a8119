"""Signing up is news that becomes messages, which know the application: it stands beside every test with a database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _application_beside(request: pytest.FixtureRequest) -> Iterator[None]:
    if "db_session" not in request.fixturenames:
        yield
        return
    with request.getfixturevalue("app").app_context():
        yield
