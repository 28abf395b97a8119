"""Where the tests' fixtures come from; each file says what it lends."""

from __future__ import annotations

import os

from hypothesis import settings

pytest_plugins = [
    "tests.fixtures.network",
    "tests.fixtures.databases",
    "tests.fixtures.application",
    "tests.fixtures.worlds",
    "tests.fixtures.passwords",
    "tests.fixtures.servers",
    "tests.fixtures.killing",
    "tests.fixtures.statements",
    "tests.fixtures.browsers",
    "tests.fixtures.mail",
    "tests.fixtures.sms",
]

# The same examples in every run: a failure on somebody's machine can be seen on every other.
settings.register_profile("sample", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("all", derandomize=True, deadline=None, max_examples=500)
settings.load_profile("all" if os.environ.get("DELAKTIG_ALL") else "sample")
