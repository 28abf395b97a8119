"""Organisations: city units, associations, employers and authorities that own, arrange or take part."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base, Texts, word


class OrganisationKind(StrEnum):
    """What sort of organisation it is; associations are the partners that the programme counts on."""

    CITY_UNIT = "city_unit"
    ASSOCIATION = "association"
    EDUCATION = "education"
    AUTHORITY = "authority"
    EMPLOYER = "employer"
    PROJECT = "project"
    NETWORK = "network"
    OTHER = "other"


class Organisation(Base):
    """One organisation, under one stable slug in every programme."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(word(OrganisationKind))
    name: Mapped[Texts]
    retired_at: Mapped[datetime | None] = mapped_column(
        doc="since when it is not offered any more; what it did and answered for stays"
    )


class OrganisationEdit(Base):
    """One change of an organisation: what was said of it before, and who changed it when. Append-only."""

    __tablename__ = "organisation_edits"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(doc="what changed, as it was; empty: it was added")
    after: Mapped[dict[str, Any]] = mapped_column(doc="the same, as it is since")
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(doc="no foreign key: the history outlives accounts")
