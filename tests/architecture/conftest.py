"""The application wired together, without a database behind it: what it is made of can be read off."""

from __future__ import annotations

import pytest
from flask import Flask

from integration import create_app
from tests.fixtures.settings import settings_for


@pytest.fixture(scope="session")
def wired() -> Flask:
    """The application; no test here sends it a request that asks the database."""
    return create_app(settings_for("sqlite://"))
