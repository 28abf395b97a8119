"""Repeating an activity: a rule is kept, and each of its dates becomes a session of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from integration.accounts.rules import Actor
from integration.activities.errors import RuleEndsBeforeItStarts, RuleHasNoDates
from integration.activities.events import SessionAdded
from integration.activities.models import Activity, Pause, RecurrenceException, RecurrenceRule, Session
from integration.activities.rules import Recurrence, SessionDetails, details_of_activity, occurrences
from integration.activities.services.sessions import add_session, require_permission, tell
from integration.activities.services.times import moment_at
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession, Texts
from integration.kernel.events import publish


def repeat(
    db_session: DbSession,
    actor: Actor,
    activity: Activity,
    recurrence: Recurrence,
    *,
    now: datetime,
    exceptions: Collection[date] = (),
    chosen: Collection[datetime] = (),
    details: SessionDetails | None = None,
) -> list[Session]:
    """Keep the rule and make the sessions that do not exist yet; doing it again makes none.

    ``chosen`` answers for the dates on which the clock skips or repeats the hour (see ``moment_at``). Raises the
    refusals of the rule and RuleHasNoDates when exceptions and pauses leave nothing.
    """
    require_permission(actor, activity)
    dates = occurrences(recurrence, exceptions, [(each.starts_on, each.ends_on) for each in activity.pauses])
    if not dates:
        raise RuleHasNoDates
    starts = {on: moment_at(on, recurrence.at, chosen) for on in dates}
    _lock(db_session, activity)
    rule = _kept_rule(db_session, activity, recurrence, exceptions)
    made = _missing_sessions(db_session, activity, rule, starts, details or details_of_activity(activity), now)
    facts: dict[str, object] = {"rule_id": rule.id, "sessions": len(made)}
    account_id = actor.account_id
    record(db_session, Audited.SESSIONS_REPEATED, "activity", activity.id, account_id=account_id, now=now, **facts)
    for session in made:
        publish(db_session, SessionAdded(session.id, now))
        tell(db_session, session, now, facts_too=True)
    return made


def add_pause(
    db_session: DbSession,
    actor: Actor,
    activity: Activity,
    starts_on: date,
    ends_on: date,
    *,
    now: datetime,
    reason: Texts | None = None,
) -> None:
    """Agree that an activity rests between two dates, both included; the same pause twice is one."""
    require_permission(actor, activity)
    if ends_on < starts_on:
        raise RuleEndsBeforeItStarts
    if any((each.starts_on, each.ends_on) == (starts_on, ends_on) for each in activity.pauses):
        return
    activity.pauses.append(Pause(starts_on=starts_on, ends_on=ends_on, reason=reason or {}))
    db_session.flush()
    facts: dict[str, object] = {"pause": [starts_on.isoformat(), ends_on.isoformat()]}
    record(db_session, Audited.ACTIVITY_SAVED, "activity", activity.id, account_id=actor.account_id, now=now, **facts)


def _lock(db_session: DbSession, activity: Activity) -> None:
    """Two people who repeat the same activity at once go one after the other."""
    db_session.execute(sa.select(Activity.id).where(Activity.id == activity.id).with_for_update())


def _kept_rule(
    db_session: DbSession, activity: Activity, recurrence: Recurrence, exceptions: Collection[date]
) -> RecurrenceRule:
    """The row of this rule: a new one, or the same one carried on to a later end."""
    values = {
        "activity_id": activity.id,
        "frequency": recurrence.frequency,
        "interval": recurrence.interval,
        "weekday": recurrence.weekday,
        "nth": recurrence.nth,
        "month": recurrence.month,
        "starts_on": recurrence.starts_on,
        "starts_at_time": recurrence.at,
    }
    rule = db_session.scalar(sa.select(RecurrenceRule).filter_by(**values))
    if rule is None:
        rule = RecurrenceRule(**values, until_on=recurrence.until_on)
        db_session.add(rule)
    rule.until_on = max(rule.until_on, recurrence.until_on)
    known = {each.on_date for each in rule.exceptions}
    rule.exceptions.extend(RecurrenceException(on_date=each) for each in sorted(set(exceptions) - known))
    db_session.flush()
    return rule


def _missing_sessions(
    db_session: DbSession,
    activity: Activity,
    rule: RecurrenceRule,
    starts: dict[date, datetime],
    details: SessionDetails,
    now: datetime,
) -> list[Session]:
    """Sessions for the dates that have none, neither by this rule nor at the very same time in another way."""
    known = db_session.execute(
        sa.select(Session.rule_id, Session.occurrence_on, Session.starts_at).where(Session.activity_id == activity.id)
    ).all()
    dates = {occurrence_on for rule_id, occurrence_on, _ in known if rule_id == rule.id}
    times = {starts_at for _, _, starts_at in known}
    lasts = timedelta(minutes=activity.duration_minutes)
    made = [
        add_session(db_session, activity, at, at + lasts, details, now, rule_id=rule.id, occurrence_on=on)
        for on, at in starts.items()
        if on not in dates and at not in times
    ]
    db_session.flush()
    return made
