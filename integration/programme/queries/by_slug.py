"""Single rows of a programme by their stable names, and who answers for what on a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.organisations.models import Organisation
from integration.programme.models import Action, Indicator, Part, Programme, Responsibility


def programme_by_slug(db_session: DbSession, slug: str) -> Programme | None:
    """The programme with this slug."""
    return db_session.scalar(sa.select(Programme).where(Programme.slug == slug))


def current_programme(db_session: DbSession, on_date: date) -> Programme | None:
    """The published programme that covers this date; outside all of them the one that began last, so that pages
    have one.
    """
    covers = sa.and_(Programme.first_year <= on_date.year, on_date.year <= Programme.last_year)
    order = (sa.case((covers, 0), else_=1), Programme.first_year.desc(), Programme.id)
    return db_session.scalar(sa.select(Programme).where(~Programme.draft).order_by(*order).limit(1))


def actions_by_slug(db_session: DbSession, programme_id: int, slugs: Iterable[str] | None = None) -> dict[str, Action]:
    """The programme's actions with these slugs, or all of them, in the programme's order."""
    statement = sa.select(Action).where(Action.programme_id == programme_id).order_by(Action.position)
    if slugs is not None:
        statement = statement.where(Action.slug.in_(list(slugs)))
    return {each.slug: each for each in db_session.scalars(statement)}


def indicator_by_slug(db_session: DbSession, programme_id: int, slug: str) -> Indicator | None:
    """The programme's indicator with this slug."""
    return db_session.scalar(sa.select(Indicator).where(Indicator.programme_id == programme_id, Indicator.slug == slug))


def responsible_parties(db_session: DbSession, programme_id: int, on_date: date) -> dict[int, tuple[Organisation, ...]]:
    """Who answers for each action on this date, by the action's id. Owners change: answers are dated."""
    rows = db_session.execute(
        sa.select(Responsibility.action_id, Organisation)
        .join(Organisation, Organisation.id == Responsibility.organisation_id)
        .join(Action, Action.id == Responsibility.action_id)
        .where(
            Action.programme_id == programme_id,
            Responsibility.part == Part.RESPONSIBLE,
            Responsibility.starts_on <= on_date,
            sa.or_(Responsibility.ends_on.is_(None), Responsibility.ends_on >= on_date),
        )
        .order_by(Responsibility.id)
    )
    found: defaultdict[int, list[Organisation]] = defaultdict(list)
    for action_id, organisation in rows:
        found[action_id].append(organisation)
    return {action_id: tuple(organisations) for action_id, organisations in found.items()}
