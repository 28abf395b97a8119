"""Verbs of programmes: loading a file, setting up a successor, editing in place, adding while it runs."""

from __future__ import annotations

from integration.programme.services.adding import add_action, add_goal, add_indicator, add_line
from integration.programme.services.editing import (
    Editor,
    close_programme,
    edit_row,
    parties_of,
    publish_programme,
    require_open,
    set_parties,
    set_targets,
    targets_of,
)
from integration.programme.services.loading import LoadSummary, load_programme
from integration.programme.services.organisations import (
    add_organisation,
    bring_back,
    edit_organisation,
    retire_organisation,
)
from integration.programme.services.succession import succeed

__all__ = [
    "Editor",
    "LoadSummary",
    "add_action",
    "add_goal",
    "add_indicator",
    "add_line",
    "add_organisation",
    "bring_back",
    "close_programme",
    "edit_organisation",
    "edit_row",
    "load_programme",
    "parties_of",
    "publish_programme",
    "require_open",
    "retire_organisation",
    "set_parties",
    "set_targets",
    "succeed",
    "targets_of",
]
