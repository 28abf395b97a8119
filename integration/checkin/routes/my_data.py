"""A household's visits on the page that shows it everything that is kept about it."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup

from integration.checkin.queries.visits import visits_of
from integration.kernel.database import db


def visits_panel(household_id: int) -> Markup:
    """Where the household was seen, and how many of it."""
    visits = visits_of(db.session(), household_id)
    return Markup(render_template("checkin/_my_visits.html", visits=visits))  # noqa: S704
