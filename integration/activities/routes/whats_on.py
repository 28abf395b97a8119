"""What is on: the list of sessions to come, and each activity's own page."""

from __future__ import annotations

from datetime import datetime

from flask import render_template

from integration.activities import queries
from integration.activities.models import Session, Visibility
from integration.activities.queries import Choice
from integration.activities.routes.blueprint import blueprint
from integration.activities.routes.filters import WEEKS, Choices, Filters, filtered_sessions
from integration.activities.routes.rows import days_of, next_dates, session_row
from integration.activities.rules import Month, PlacesState, Week, places_state, text_gaps
from integration.i18n.languages import language
from integration.kernel.clock import local_date, midnight, utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.web.access import public

LATER_ROWS = 60
"""How many are shown where the next weeks are empty."""


@blueprint.get("/<language:language>/")
@public
def whats_on() -> str:
    """What is on in the next weeks; where nothing is, whatever comes later; where nothing comes, what else there is."""
    now, filters = utc_now(), Filters.from_request()
    choices = Choices.read(now)
    horizon = midnight(local_date(now) + filters.horizon)
    sessions = filtered_sessions(filters, now, horizon)
    has_more = any(each.last_at >= horizon for each in choices.rows if _meets(each, filters))
    if not sessions and has_more:
        sessions, has_more = filtered_sessions(filters, now, None)[:LATER_ROWS], False
    others = [] if sessions else _others(filters, now)
    return render_template(
        "activities/whats_on.html",
        filters=filters,
        days=days_of(sessions, next_dates(sessions, now)),
        more_url=filters.url(weeks=filters.weeks + WEEKS) if has_more and filters.weeks < filters.most_weeks else None,
        choices=choices,
        chosen=choices.chosen(filters),
        this_month=str(Month.of(local_date(now))),
        this_week=str(Week.of(local_date(now))),
        others=others,
    )


@blueprint.get("/<language:language>/activities/<slug>")
@public
def activity(slug: str) -> str:
    """One activity: what it is, and its dates to come."""
    now = utc_now()
    found = queries.activity_by_slug(db.session(), slug.replace("\0", ""))
    venue_is_no_matter = found.title
    if found.visibility == Visibility.CLOSED or text_gaps(found.title, found.description, venue_is_no_matter):
        raise NotFound(slug)
    sessions = queries.upcoming_sessions(db.session(), now, activity=found.slug)
    dates = [(each.activity_id, each.starts_at) for each in sessions if places_state(each) != PlacesState.CANCELLED]
    return render_template(
        "activities/activity.html",
        activity=found,
        rows=[session_row(each, dates) for each in sessions],
        languages_spoken=[language(code) for code in found.languages],
    )


def _others(filters: Filters, now: datetime) -> list[Session]:
    """Where an activity is not held in the wished language or place: its other dates."""
    if not filters.activity or len(filters.chosen()) == 1:
        return []
    return queries.upcoming_sessions(db.session(), now, activity=filters.activity)


def _meets(choice: Choice, filters: Filters) -> bool:
    return (
        filters.activity in ("", choice.activity.slug)
        and filters.venue in ("", choice.venue.slug if choice.venue else None)
        and (not filters.language or filters.language in choice.activity.languages)
    )
