"""Reading organisations."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.organisations.models import Organisation


def organisations_by_slug(db_session: DbSession, slugs: Iterable[str] | None = None) -> dict[str, Organisation]:
    """The organisations with these slugs, or all of them."""
    statement = sa.select(Organisation)
    if slugs is not None:
        statement = statement.where(Organisation.slug.in_(list(slugs)))
    return {each.slug: each for each in db_session.scalars(statement)}


def organisations_by_id(db_session: DbSession, ids: Iterable[int]) -> dict[int, Organisation]:
    """The organisations with these ids."""
    return {each.id: each for each in db_session.scalars(sa.select(Organisation).where(Organisation.id.in_(list(ids))))}


def living_organisations(db_session: DbSession, also: Collection[int] = ()) -> list[Organisation]:
    """The organisations to choose from: those in use, and these, which have been chosen before."""
    chosen = sa.or_(Organisation.retired_at.is_(None), Organisation.id.in_(list(also)))
    return list(db_session.scalars(sa.select(Organisation).where(chosen).order_by(Organisation.id)))
