"""Organisations: city units, associations, employers and authorities that own, arrange or take part."""

from __future__ import annotations

from enum import StrEnum

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
