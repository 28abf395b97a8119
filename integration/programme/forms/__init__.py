"""Forms of programme."""

from __future__ import annotations

from integration.programme.forms.adding import AddActionForm, AddGoalForm, AddIndicatorForm, AddLineForm
from integration.programme.forms.organisations import OrganisationForm, RetireForm
from integration.programme.forms.parties import EndPartyForm, PartyForm
from integration.programme.forms.rows import RowForm
from integration.programme.forms.targets import TargetForm

__all__ = [
    "AddActionForm",
    "AddGoalForm",
    "AddIndicatorForm",
    "AddLineForm",
    "EndPartyForm",
    "OrganisationForm",
    "PartyForm",
    "RetireForm",
    "RowForm",
    "TargetForm",
]
