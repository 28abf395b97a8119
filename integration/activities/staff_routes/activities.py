"""Staff pages of activities: the list, one activity, and the form that makes or changes it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities import queries, services
from integration.activities.forms import ActivityForm
from integration.activities.forms.words import LANGUAGE_NAMES
from integration.activities.models import Activity, Audience, SessionKind, SignUpMode, Visibility
from integration.activities.rules import ActivityDetails, activity_details, activity_gaps, session_gaps
from integration.activities.staff_routes.blueprint import Page, blueprint, form_page, own_activity, own_organisations
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.web.access import requires

LIST = "activities_staff.activities"
NEW = ActivityDetails(
    title={},
    description={},
    mark="social",
    icon="cafe",
    kind=SessionKind.CAFE,
    audience=Audience.RESIDENTS,
    visibility=Visibility.PUBLIC,
    sign_up=SignUpMode.OPEN,
    capacity=None,
    duration_minutes=120,
    venue_id=None,
    languages=("sv", "fi"),
    language_support=(),
    asks_age_groups=False,
    series=False,
    sensitive=False,
    contact_role={},
    contact_phone="",
    partner_ids=frozenset(),
    serves=frozenset(),
)
"""What the form of a new activity proposes."""


@blueprint.get("/<language:language>/staff/activities")
@requires(Permission.SESSIONS_WRITE)
def activities() -> str:
    """The activities of the actor's organisations, with what is to come of each."""
    scope = require_actor().organisations(Permission.SESSIONS_WRITE)
    found = queries.activities_in(db.session(), scope)
    return render_template(
        "activities/staff_activities.html",
        activities=found,
        coming=queries.coming_counts(db.session(), [each.id for each in found], utc_now()),
        gaps={each.id: activity_gaps(each) for each in found},
        language_names=LANGUAGE_NAMES,
    )


@blueprint.get("/<language:language>/staff/activities/<slug>")
@requires(Permission.SESSIONS_WRITE)
def activity(slug: str) -> str:
    """One activity: its sessions to come, its series and pauses, and what is missing."""
    found = own_activity(slug)
    sessions = queries.sessions_of_activity(db.session(), found.id, utc_now())
    return render_template(
        "activities/staff_activity.html",
        activity=found,
        sessions=sessions,
        gaps=activity_gaps(found),
        session_gaps={each.id: session_gaps(each) for each in sessions},
        actions={each.id: each for each in queries.actions_to_serve(db.session())},
        language_names=LANGUAGE_NAMES,
        section=LIST,
    )


@blueprint.route("/<language:language>/staff/activities/new", methods=["GET", "POST"])
@requires(Permission.ACTIVITIES_WRITE)
def activity_new() -> Page:
    """Begin an activity."""
    form = _form(NEW)
    if not form.validate_on_submit():
        return form_page("activities/activity_form.html", form, activity=None)
    actor, organisation_id = require_actor(), form.organisation_id.data
    made = services.create_activity(db.session(), actor, organisation_id, form.details(), now=utc_now())
    return _saved(made)


@blueprint.route("/<language:language>/staff/activities/<slug>/edit", methods=["GET", "POST"])
@requires(Permission.ACTIVITIES_WRITE)
def activity_edit(slug: str) -> Page:
    """Change an activity."""
    found = own_activity(slug)
    before = activity_details(found)
    form = _form(before, organisation_id=found.organisation_id)
    if not form.validate_on_submit():
        return form_page("activities/activity_form.html", form, activity=found)
    details, coming_too = form.details(before), bool(form.coming_too.data)
    services.edit_activity(db.session(), require_actor(), found, details, now=utc_now(), coming_too=coming_too)
    return _saved(found)


def _form(details: ActivityDetails, organisation_id: int | None = None) -> ActivityForm:
    """The form with its lists; what an activity is like now where nothing was typed yet."""
    form = ActivityForm()
    if not form.is_submitted():
        form.show(details)
        form.organisation_id.data = organisation_id
    if organisation_id is not None:
        del form.organisation_id
    form.offer(queries.venues(db.session()), queries.possible_partners(db.session(), details.partner_ids))
    form.offer_actions(queries.actions_to_serve(db.session()), own_organisations())
    return form


def _saved(activity: Activity) -> Response:
    if activity_gaps(activity):
        flash(_("Saved. It stays hidden until its texts exist in Swedish and Finnish."), "wait")
    else:
        flash(_("Saved."))
    return redirect(url_for("activities_staff.activity", slug=activity.slug), 303)
