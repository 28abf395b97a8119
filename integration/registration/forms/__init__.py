"""The forms of registration, one file for each kind of page; the rest of the feature imports them from here."""

from __future__ import annotations

from integration.registration.forms.signing_up import OTHER, TOKEN, US, CancelForm, ConfirmForm, SignUpForm, tidy

__all__ = ["OTHER", "TOKEN", "US", "CancelForm", "ConfirmForm", "SignUpForm", "tidy"]
