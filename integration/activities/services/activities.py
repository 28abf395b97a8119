"""Making and editing an activity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.errors import ActivityHasNoTitle, RuleEndsBeforeItStarts, SensitiveTakesNoSignUp
from integration.activities.events import SessionFactsChanged
from integration.activities.models import Activity, ActivityAction, ActivityPartner, Session, SignUpMode
from integration.activities.queries import sessions_of_activity
from integration.activities.rules import (
    ActivityDetails,
    Serves,
    activity_details,
    details_of_activity,
    details_of_session,
    slug_of,
)
from integration.activities.services.sessions import edit_session, tell
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.kernel.tokens import random_key

_APART = frozenset({"partner_ids", "serves"})


def create_activity(
    db_session: DbSession, actor: Actor, organisation_id: int, details: ActivityDetails, *, now: datetime
) -> Activity:
    """Begin an activity of this organisation. It and its sessions show only when its texts are whole (rule 15)."""
    _require_permission(actor, organisation_id)
    _check(details)
    activity = Activity(
        slug=_free_slug(db_session, slug_of(details.title)), organisation_id=organisation_id, created_at=now
    )
    _write(activity, details)
    db_session.add(activity)
    db_session.flush()
    record(db_session, Audited.ACTIVITY_SAVED, "activity", activity.id, account_id=actor.account_id, now=now)
    return activity


def edit_activity(
    db_session: DbSession,
    actor: Actor,
    activity: Activity,
    details: ActivityDetails,
    *,
    now: datetime,
    coming_too: bool = False,
) -> None:
    """Change an activity. Its texts change everywhere at once; the rest is for new sessions, or (``coming_too``) also
    for those to come that have not been given something of their own.
    """
    _require_permission(actor, activity.organisation_id)
    _check(details)
    before, template = activity_details(activity), details_of_activity(activity)
    changed = {name for name in vars(details) if getattr(before, name) != getattr(details, name)}
    if not changed and not coming_too:
        return
    _write(activity, details)
    db_session.flush()
    db_session.expire(activity, ["venue"])
    facts: dict[str, object] = {"changed": sorted(changed)}
    record(db_session, Audited.ACTIVITY_SAVED, "activity", activity.id, account_id=actor.account_id, now=now, **facts)
    coming = sessions_of_activity(db_session, activity.id, now, limit=1000)
    if coming_too:
        _carry_over(db_session, actor, activity, template, coming, now)
    if changed & {"title", "description"}:
        _retell(db_session, coming, changed, now)
    if "serves" in changed:
        _recount(db_session, activity, now)


def _require_permission(actor: Actor, organisation_id: int) -> None:
    if not actor.can(Permission.ACTIVITIES_WRITE, organisation_id):
        raise NotPermitted(organisation_id)


def _check(details: ActivityDetails) -> None:
    if not any(details.title.values()):
        raise ActivityHasNoTitle
    if details.sensitive and details.sign_up != SignUpMode.NONE:
        raise SensitiveTakesNoSignUp
    if any(each.ends_on and each.ends_on < each.starts_on for each in details.serves):
        raise RuleEndsBeforeItStarts


def _write(activity: Activity, details: ActivityDetails) -> None:
    for name in vars(details).keys() - _APART:
        value = getattr(details, name)
        setattr(activity, name, list(value) if isinstance(value, tuple) else value)
    partners = {each.organisation_id: each for each in activity.partners}
    activity.partners = [
        partners.get(each) or ActivityPartner(organisation_id=each) for each in sorted(details.partner_ids)
    ]
    _write_serves(activity, details.serves)


def _write_serves(activity: Activity, serves: Iterable[Serves]) -> None:
    known = {(each.action_id, each.starts_on): each for each in activity.serves}
    rows = []
    for each in sorted(serves, key=lambda item: (item.action_id, item.starts_on)):
        row = known.get((each.action_id, each.starts_on)) or ActivityAction(
            action_id=each.action_id, starts_on=each.starts_on
        )
        row.ends_on = each.ends_on
        rows.append(row)
    activity.serves = rows


def _free_slug(db_session: DbSession, wanted: str) -> str:
    """The wanted part of the address, with a few random letters where another activity has it already."""
    if wanted and db_session.scalar(sa.select(Activity.id).where(Activity.slug == wanted)) is None:
        return wanted
    return f"{wanted}-{random_key(5)}".strip("-")


def _carry_over(
    db_session: DbSession,
    actor: Actor,
    activity: Activity,
    template: object,
    coming: list[Session],
    now: datetime,
) -> None:
    """Give the sessions to come what the activity now says, where they still have what it said before."""
    new = details_of_activity(activity)
    for session in coming:
        own = details_of_session(session)
        followed = {name: getattr(new, name) for name in vars(own) if getattr(own, name) == getattr(template, name)}
        edit_session(db_session, actor, session, replace(own, **followed), now=now)


def _retell(db_session: DbSession, coming: list[Session], changed: set[str], now: datetime) -> None:
    """Sessions that say the activity's own words say new ones now: calendars must follow."""
    for session in coming:
        if any(getattr(session, part) is None for part in changed & {"title", "description"}):
            session.sequence += 1
            session.modified_at = now
            db_session.flush()
            tell(db_session, session, now, facts_too=False)


def _recount(db_session: DbSession, activity: Activity, now: datetime) -> None:
    """What an activity serves decides which figures its sessions count in, past ones too."""
    for session_id in db_session.scalars(sa.select(Session.id).where(Session.activity_id == activity.id)):
        publish(db_session, SessionFactsChanged(session_id, now))
