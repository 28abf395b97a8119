"""Libraries that rare work needs (a PDF, a spreadsheet) and that shall not weigh on every process from its start."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """A module by name: it is loaded when something of it is first asked for, by whichever thread comes first."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
