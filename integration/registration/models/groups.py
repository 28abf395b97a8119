"""Groups that come with a number, and the stands that associations and employers ask for at a fair."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integration.kernel.database import Base, word
from integration.organisations.models import Organisation


class StandState(StrEnum):
    """What became of an asked-for stand."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class GroupRegistration(Base):
    """A class or another group at a session: takes places, counts as visits, is never a unique person."""

    __tablename__ = "group_registrations"
    __table_args__ = (sa.CheckConstraint("adults >= 0 AND children >= 0 AND adults + children >= 1", name="people"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id"), index=True)
    name: Mapped[str | None] = mapped_column(sa.String(120), doc="of the group", info={"personal": True})
    contact_name: Mapped[str | None] = mapped_column(
        sa.String(120), doc="who answers for the group at its organisation", info={"personal": True}
    )
    phone: Mapped[str | None] = mapped_column(sa.String(20), doc="E.164", info={"personal": True})
    email: Mapped[str | None] = mapped_column(sa.String(254), info={"personal": True})
    help: Mapped[str | None] = mapped_column(sa.String(500), info={"personal": True})
    adults: Mapped[int]
    children: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(8))
    form_digest: Mapped[str] = mapped_column(sa.String(64), unique=True, doc="of the form's one-time token")
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Stand(Base):
    """An association or employer asks for a stand at a fair; a confirmed one is a partner of the session."""

    __tablename__ = "stands"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id"), index=True)
    organisation_name: Mapped[str | None] = mapped_column(
        sa.String(120), doc="as they wrote it", info={"personal": True}
    )
    contact_role: Mapped[str | None] = mapped_column(sa.String(120), info={"personal": True})
    phone: Mapped[str | None] = mapped_column(sa.String(20), doc="E.164", info={"personal": True})
    email: Mapped[str | None] = mapped_column(sa.String(254), info={"personal": True})
    needs: Mapped[str | None] = mapped_column(sa.String(500), doc="table, electricity", info={"personal": True})
    language: Mapped[str] = mapped_column(sa.String(8))
    state: Mapped[StandState] = mapped_column(word(StandState))
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisations.id"), doc="which organisation it is, said by staff when they confirm"
    )
    form_digest: Mapped[str] = mapped_column(sa.String(64), unique=True, doc="of the form's one-time token")
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    organisation: Mapped[Organisation | None] = relationship()
