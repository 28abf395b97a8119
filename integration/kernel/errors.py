"""The root of every named refusal."""

from __future__ import annotations


class Refusal(Exception):
    """A rule of the domain says no. Subclasses are named after the reason and carry facts, never words."""


class NotFound(Refusal):
    """What was asked for does not exist, or its existence is not this reader's to know."""
