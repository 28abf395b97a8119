"""Refusals around signing in and permissions."""

from __future__ import annotations

from integration.kernel.errors import Refusal


class WrongCredentials(Refusal):
    """The address is unknown, the password wrong or the account closed: nobody learns which."""


class AccountExists(Refusal):
    """There is an account with this address already."""


class NoSuchAccount(Refusal):
    """There is no account with this address."""


class PasswordTooShort(Refusal):
    """A password needs ``least`` characters (NIST SP 800-63B, 5.1.1: length is what counts)."""

    def __init__(self, least: int) -> None:
        super().__init__(least)
        self.least = least


class NotPermitted(Refusal):
    """The actor's roles do not reach this row."""
