"""What an organisation does in the programmes, and what was changed of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from integration.accounts.models import Account
from integration.kernel.database import DbSession
from integration.organisations.models import OrganisationEdit
from integration.programme.models import Action, Part, Programme, Responsibility
from integration.programme.queries.edits import EditView


@dataclass(frozen=True, slots=True)
class PartView:
    """An organisation's part in an action that goes on or is to come."""

    programme: Programme
    action: Action
    part: Part
    starts_on: date
    ends_on: date | None

    @property
    def answers(self) -> bool:
        """Whether it has to hand in figures that can still be handed in."""
        return self.part is Part.RESPONSIBLE and self.programme.closed_at is None


def parts_of(db_session: DbSession, organisation_id: int, today: date) -> list[PartView]:
    """Its parts that have not ended, by programme and action; of an open programme also those of years gone by."""
    rows = db_session.execute(
        sa.select(Programme, Action, Responsibility)
        .join(Action, Action.programme_id == Programme.id)
        .join(Responsibility, Responsibility.action_id == Action.id)
        .where(
            Responsibility.organisation_id == organisation_id,
            sa.or_(Responsibility.ends_on.is_(None), Responsibility.ends_on >= today),
            sa.or_(Programme.closed_at.is_(None), Action.last_year >= today.year),
        )
        .order_by(Programme.first_year, Action.number, Responsibility.starts_on)
    )
    return [PartView(programme, action, row.part, row.starts_on, row.ends_on) for programme, action, row in rows]


def organisation_edits(db_session: DbSession, organisation_id: int) -> list[EditView]:
    """What was changed of an organisation, the newest first."""
    rows = db_session.execute(
        sa.select(OrganisationEdit, Account.email)
        .outerjoin(Account, Account.id == OrganisationEdit.account_id)
        .where(OrganisationEdit.organisation_id == organisation_id)
        .order_by(OrganisationEdit.id.desc())
    )
    return [
        EditView("organisation", each.organisation_id, each.at, email or "", each.before, each.after)
        for each, email in rows
    ]
