"""Reading the invented content: associations, venues and activities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from integration.activities.models import Activity, ActivityAction, ActivityPartner, Venue
from integration.kernel.database import DbSession
from integration.organisations.models import Organisation, OrganisationKind
from integration.organisations.queries import organisations_by_slug
from integration.programme.models import Action, Programme

CONTENT = Path(__file__).with_name("content.yaml")
PHONE = "06 000 0000"


@dataclass(frozen=True)
class Plan:
    """An activity as it stands in the content file, beside its row."""

    activity: Activity
    content: dict[str, Any]


def plant_content(db_session: DbSession, programme: Programme) -> list[Plan]:
    """Create associations, venues and activities that serve the programme's actions; return them in file order."""
    content = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    for each in content["associations"]:
        db_session.add(Organisation(slug=each["slug"], kind=OrganisationKind.ASSOCIATION, name=each["name"]))
    db_session.flush()
    organisations = {slug: row.id for slug, row in organisations_by_slug(db_session).items()}
    venues = {each["slug"]: _venue(each, organisations) for each in content["venues"]}
    db_session.add_all(venues.values())
    db_session.flush()
    actions = {row.slug: row for row in db_session.query(Action).filter_by(programme_id=programme.id)}
    plans = [Plan(_activity(each, organisations, venues, actions, programme), each) for each in content["activities"]]
    db_session.add_all(plan.activity for plan in plans)
    db_session.flush()
    return plans


def _venue(each: dict[str, Any], organisations: dict[str, int]) -> Venue:
    return Venue(
        slug=each["slug"],
        organisation_id=organisations[each["organisation"]],
        name=each["name"],
        address=each["address"],
        directions=each["directions"],
    )


def _activity(
    each: dict[str, Any],
    organisations: dict[str, int],
    venues: dict[str, Venue],
    actions: dict[str, Action],
    programme: Programme,
) -> Activity:
    """An activity from the content; what the file leaves out has the commonest value."""
    venue = venues.get(each.get("venue", ""))
    return Activity(
        slug=each["slug"],
        organisation_id=organisations[each["organisation"]],
        venue_id=venue.id if venue else None,
        title=each["title"],
        description=each["description"],
        mark=each["mark"],
        icon=each["icon"],
        kind=each["kind"],
        audience=each["audience"],
        visibility=each.get("visibility", "public"),
        sign_up=each["sign_up"],
        capacity=each.get("capacity"),
        duration_minutes=each["minutes"],
        languages=each["languages"],
        language_support=each["support"],
        asks_age_groups=each.get("asks_age_groups", False),
        sensitive=each.get("sensitive", False),
        series=each.get("series", False),
        contact_role=each["contact"],
        contact_phone=PHONE,
        created_at=programme.loaded_at,
        partners=[ActivityPartner(organisation_id=organisations[slug]) for slug in each.get("partners", [])],
        serves=[_serving(actions[slug], programme) for slug in each["actions"]],
    )


def _serving(action: Action, programme: Programme) -> ActivityAction:
    return ActivityAction(action_id=action.id, starts_on=date(programme.first_year, 1, 1), ends_on=None)
