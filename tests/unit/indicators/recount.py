"""The figures counted again, plainly: every row is looked at, nothing is kept, nothing is shared with the product.

Slow and simple on purpose: it says in loops what rules 1, 2 and 7 say in words.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from integration.activities.models import ActivityAction, Session, SessionPartner
from integration.checkin.models import Attendance, Closing
from integration.kernel.database import DbSession
from integration.programme.models import Action

HELSINKI = ZoneInfo("Europe/Helsinki")


@dataclass
class Recount:
    """What one action (0: the programme) and year come to."""

    sessions: int = 0
    """Whatever became of them."""
    sensitive: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    """Kind > how many sessions; likewise the next two."""
    sensitive_kinds: dict[str, int] = field(default_factory=dict)
    held_of_kind: dict[str, int] = field(default_factory=dict)
    held: int = 0
    supported: int = 0
    visits: int = 0
    children: int = 0
    identified: int = 0
    months: set[int] = field(default_factory=set)
    weeks: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    partners: set[int] = field(default_factory=set)
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Per visitor key, the largest number of adults and of children."""

    @property
    def persons(self) -> int:
        return sum(adults + children for adults, children in self.seen.values())


def recount(
    db_session: DbSession, programme_id: int, closed_before: date | None = None
) -> dict[tuple[int, int], Recount]:
    """Everything, per action and year. ``closed_before``: persons only of settled sessions before that date."""
    db_session.flush()
    db_session.expire_all()
    found: dict[tuple[int, int], Recount] = defaultdict(Recount)
    closings = {each.session_id: each for each in db_session.scalars(sa.select(Closing))}
    people = defaultdict(list)
    for row in db_session.scalars(sa.select(Attendance)):
        people[row.session_id].append(row)
    present = defaultdict(set)
    for partner in db_session.scalars(sa.select(SessionPartner)):
        if partner.present:
            present[partner.session_id].add(partner.organisation_id)
    actions = set(db_session.scalars(sa.select(Action.id).where(Action.programme_id == programme_id)))
    servings = [each for each in db_session.scalars(sa.select(ActivityAction)) if each.action_id in actions]
    for session in db_session.scalars(sa.select(Session)):
        on = session.starts_at.astimezone(HELSINKI).date()
        for action_id in _actions_served(servings, session, on):
            closing = closings.get(session.id)
            with_persons = closed_before is None or (closing is not None and on < closed_before)
            into = found[action_id, on.year]
            _tell_apart(into, session, held=_is_held(session, closing))
            _count(into, session, on, closing, people[session.id], with_persons)
            if _is_held(session, closing):
                into.partners |= present[session.id]
    return found


def _actions_served(servings: list[ActivityAction], session: Session, on: date) -> set[int]:
    served = set()
    for each in servings:
        serving = each.starts_on <= on and (each.ends_on is None or on <= each.ends_on)
        if each.activity_id == session.activity_id and serving:
            served |= {each.action_id, 0}
    return served


def _tell_apart(into: Recount, session: Session, *, held: bool) -> None:
    into.sessions += 1
    into.sensitive += session.sensitive
    into.kinds[session.kind] = into.kinds.get(session.kind, 0) + 1
    into.sensitive_kinds[session.kind] = into.sensitive_kinds.get(session.kind, 0) + session.sensitive
    into.held_of_kind[session.kind] = into.held_of_kind.get(session.kind, 0) + held


def _is_held(session: Session, closing: Closing | None) -> bool:
    return session.status != "cancelled" and closing is not None and closing.held


def _count(
    into: Recount,
    session: Session,
    on: date,
    closing: Closing | None,
    people: list[Attendance],
    with_persons: bool,
) -> None:
    if session.status == "cancelled" or (closing is not None and not closing.held):
        return
    adults, children = sum(each.adults for each in people), sum(each.children for each in people)
    carded = sum(each.adults + each.children for each in people if each.visitor_key)
    if closing is not None and closing.manual_adults is not None:
        adults, children = closing.manual_adults, closing.manual_children or 0
    into.visits += adults + children
    into.children += children
    into.identified += min(carded, adults + children)
    for each in people:
        if each.visitor_key and each.adults + each.children and with_persons:
            before = into.seen.get(each.visitor_key, (0, 0))
            into.seen[each.visitor_key] = (max(before[0], each.adults), max(before[1], each.children))
    if closing is None:
        return
    into.held += 1
    into.supported += bool(session.language_support)
    into.months.add(on.month)
    into.weeks.add(on.strftime("%G-W%V"))
    if session.group_name:
        into.groups.add(session.group_name.lower())
