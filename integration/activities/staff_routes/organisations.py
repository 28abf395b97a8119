"""What an organisation arranges: part of the page on which it is renamed or put out of use."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities import queries
from integration.kernel.database import db


def organisation_panel(organisation_id: int) -> Markup | str:
    """Its activities; whoever may change them is led there."""
    found = queries.activities_in(db.session(), [organisation_id])
    if not found:
        return ""
    opens = require_actor().can(Permission.SESSIONS_WRITE, organisation_id)
    return Markup(render_template("activities/organisation_panel.html", activities=found, opens=opens))  # noqa: S704
