"""The form that books an individual time: for one person, so it asks for no numbers."""

from __future__ import annotations

from integration.registration.forms.signing_up import SignUpForm


class SlotBookForm(SignUpForm):
    """A name to be called by; everything else is optional."""

    adults = None  # type: ignore[assignment]  # how a form leaves out a field of the one it builds on
    children = None  # type: ignore[assignment]
    children_0_6 = None  # type: ignore[assignment]
    children_7_12 = None  # type: ignore[assignment]
    children_13_17 = None  # type: ignore[assignment]
