"""Refusals around reports."""

from __future__ import annotations

from integration.kernel.errors import Refusal


class PublishedAtOnce(Refusal):
    """Somebody else published the same report at this very moment: look at that edition before making another."""
