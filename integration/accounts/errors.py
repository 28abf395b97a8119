"""Refusals around signing in and permissions."""

from __future__ import annotations

from integration.kernel.errors import Refusal


class WrongCredentials(Refusal):
    """The address is unknown, the password wrong or the account closed: nobody learns which."""


class NotPermitted(Refusal):
    """The actor's roles do not reach this row."""
