"""Why a spreadsheet, or a step with it, is refused."""

from __future__ import annotations

from integration.kernel.errors import Refusal


class FileRefused(Refusal):
    """The file cannot be read at all; ``reason`` says why, ``facts`` what the sentence about it needs."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts


class NotNow(Refusal):
    """The import does not stand where this step begins: it is still at work, or somebody was faster."""
