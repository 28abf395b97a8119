"""What the staff pages of activities share: their blueprint, whose rows they may touch, and how a form is answered."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from integration.accounts.errors import NotPermitted
from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Activity, Session
from integration.activities.queries import activity_for_editing, session_by_key
from integration.kernel.database import db
from integration.organisations.models import Organisation
from integration.organisations.queries import living_organisations

blueprint = Blueprint("activities_staff", __name__)
Page = Response | str | tuple[str, int]


def own_session(key: str) -> Session:
    """The session, if the actor may arrange sessions in its organisation."""
    session = session_by_key(db.session(), key)
    _require(session.activity)
    return session


def own_activity(slug: str) -> Activity:
    """The activity, if the actor may arrange sessions in its organisation."""
    activity = activity_for_editing(db.session(), slug.replace("\0", ""))
    _require(activity)
    return activity


def own_organisations() -> list[Organisation]:
    """The organisations in which the actor may begin an activity."""
    permitted: Collection[int] | None = require_actor().organisations(Permission.ACTIVITIES_WRITE)
    return [each for each in living_organisations(db.session()) if permitted is None or each.id in permitted]


def form_page(template: str, form: FlaskForm, **values: Any) -> tuple[str, int]:
    """A page with a form: 422 while something in it needs another look."""
    page = render_template(template, form=form, section="activities_staff.activities", **values)
    return page, 422 if form.errors or values.get("question") else 200


def _require(activity: Activity) -> None:
    if not require_actor().can(Permission.SESSIONS_WRITE, activity.organisation_id):
        raise NotPermitted(activity.id)
