"""Refusals around reports."""

from __future__ import annotations

from integration.kernel.errors import Refusal


class BeingMade(Refusal):
    """An edition of this report is being made: there is one at a time."""


class PublishedAlready(Refusal):
    """The edition that somebody had in mind is there: look at it before making another."""


class ToldMeanwhile(Refusal):
    """Another edition was ordered since this one was read: what both say together may give a small figure away."""
