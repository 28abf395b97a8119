"""Staff pages of venues: the list, and the form that makes or changes one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities import queries, services
from integration.activities.forms import VenueForm
from integration.activities.staff_routes.blueprint import Page, blueprint, form_page
from integration.i18n.texts import missing_languages
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.web.access import requires


@blueprint.get("/<language:language>/staff/venues")
@requires(Permission.ACTIVITIES_WRITE)
def venues() -> str:
    """Every venue, and whether its name is there in both equal languages."""
    found = queries.venues(db.session())
    return render_template(
        "activities/staff_venues.html",
        venues=found,
        incomplete={each.id for each in found if missing_languages(each.name)},
        section="activities_staff.activities",
    )


@blueprint.route("/<language:language>/staff/venues/new", methods=["GET", "POST"])
@requires(Permission.ACTIVITIES_WRITE)
def venue_new() -> Page:
    """Add a venue."""
    form = VenueForm()
    if not form.validate_on_submit():
        return form_page("activities/venue_form.html", form, venue=None)
    services.create_venue(db.session(), require_actor(), form.details(), now=utc_now())
    return _saved()


@blueprint.route("/<language:language>/staff/venues/<slug>/edit", methods=["GET", "POST"])
@requires(Permission.ACTIVITIES_WRITE)
def venue_edit(slug: str) -> Page:
    """Change a venue."""
    found = queries.venue_by_slug(db.session(), slug)
    form = VenueForm()
    if not form.is_submitted():
        form.show(found)
    if not form.validate_on_submit():
        return form_page("activities/venue_form.html", form, venue=found)
    services.edit_venue(db.session(), require_actor(), found, form.details(found), now=utc_now())
    return _saved()


def _saved() -> Response:
    flash(_("Saved."))
    return redirect(url_for("activities_staff.venues"), 303)
