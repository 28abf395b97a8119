"""A programme as data: domains, goals, actions, meter lines, indicators, targets and who answers for them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integration.kernel.database import Base, Texts, word


class IndicatorKind(StrEnum):
    """How a figure comes about (rule 6); every indicator is of exactly one kind."""

    COMPUTED = "computed"
    REPORTED = "reported"
    MILESTONE = "milestone"
    EXTERNAL = "external"


class Measure(StrEnum):
    """What a computed indicator counts over the held sessions of its action and year (rule 2)."""

    HELD = "held"
    VISITS = "visits"
    UNIQUE = "unique"
    PARTNERS = "partners"
    WEEKS = "weeks"
    MONTHS = "months"
    LANGUAGE_SUPPORT = "language_support"
    GROUPS = "groups"


class Aggregation(StrEnum):
    """How the figures of years become one for the programme (rule 6)."""

    SUM = "sum"
    DISTINCT = "distinct"
    LAST = "last"
    ANY = "any"
    NONE = "none"


class TargetForm(StrEnum):
    """What the target asks of the value."""

    EXACT = "exact"
    MINIMUM = "minimum"
    RANGE = "range"


class TargetPeriod(StrEnum):
    """The period that the bounds speak of."""

    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    ONCE = "once"


class Part(StrEnum):
    """An organisation's part in an action."""

    RESPONSIBLE = "responsible"
    PARTNER = "partner"


class Programme(Base):
    """One programme of one municipality, such as Vaasa's 2023-2026."""

    __tablename__ = "programmes"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[Texts]
    legal_basis: Mapped[Texts] = mapped_column(doc="editable: Act 681/2023 dropped the old concept of a programme")
    first_year: Mapped[int]
    last_year: Mapped[int]
    loaded_at: Mapped[datetime | None] = mapped_column(doc="when a programme file last changed anything")
    file_digest: Mapped[str | None] = mapped_column(sa.String(64), doc="of this row's content as the file last gave it")
    draft: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false(), doc="being set up: only staff see it until it is published"
    )
    former_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id"), doc="the programme that it succeeds")
    closed_at: Mapped[datetime | None] = mapped_column(doc="every figure of every year is locked: it is read-only")
    domains: Mapped[list[Domain]] = relationship(order_by="Domain.position", cascade="all, delete-orphan")


class Domain(Base):
    """A section of the programme; ``mark`` is its day mark and colour."""

    __tablename__ = "domains"
    __table_args__ = (sa.UniqueConstraint("programme_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int]
    mark: Mapped[str] = mapped_column(sa.String(16), doc="work housing education health social youth safety follow")
    title: Mapped[Texts]
    file_digest: Mapped[str | None] = mapped_column(sa.String(64))
    goals: Mapped[list[Goal]] = relationship(order_by="Goal.position", cascade="all, delete-orphan")


class Goal(Base):
    """What a domain wants to reach."""

    __tablename__ = "goals"
    __table_args__ = (sa.UniqueConstraint("domain_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    domain_id: Mapped[int] = mapped_column(sa.ForeignKey("domains.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int]
    title: Mapped[Texts]
    file_digest: Mapped[str | None] = mapped_column(sa.String(64))
    actions: Mapped[list[Action]] = relationship(order_by="Action.position", cascade="all, delete-orphan")


class Action(Base):
    """What is done for a goal: a row of the programme. Activities serve actions."""

    __tablename__ = "actions"
    __table_args__ = (sa.UniqueConstraint("programme_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"))
    goal_id: Mapped[int] = mapped_column(sa.ForeignKey("goals.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(sa.String(80))
    number: Mapped[str] = mapped_column(sa.String(8), doc="the row's number in the programme")
    position: Mapped[int]
    title: Mapped[Texts]
    first_year: Mapped[int]
    last_year: Mapped[int]
    ongoing: Mapped[bool] = mapped_column(doc="the programme says: continuously")
    framework: Mapped[list[str]] = mapped_column(doc="Ager and Strang's domains (2008) that this action serves")
    file_digest: Mapped[str | None] = mapped_column(sa.String(64))
    lines: Mapped[list[MeterLine]] = relationship(order_by="MeterLine.position", cascade="all, delete-orphan")
    responsibilities: Mapped[list[Responsibility]] = relationship(cascade="all, delete-orphan")


class Responsibility(Base):
    """An organisation that answers for an action, or a partner in it, between two dates."""

    __tablename__ = "responsibilities"
    __table_args__ = (sa.UniqueConstraint("action_id", "organisation_id", "part", "starts_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("actions.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    part: Mapped[Part] = mapped_column(word(Part))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class MeterLine(Base):
    """The programme's own line about how an action is measured; it has one or more indicators."""

    __tablename__ = "meter_lines"
    __table_args__ = (sa.UniqueConstraint("programme_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"))
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("actions.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(sa.String(80))
    label: Mapped[str] = mapped_column(sa.String(8), doc="the action's number, with a letter where a row has two lines")
    position: Mapped[int]
    text: Mapped[Texts]
    file_digest: Mapped[str | None] = mapped_column(sa.String(64))
    indicators: Mapped[list[Indicator]] = relationship(order_by="Indicator.position", cascade="all, delete-orphan")


class Indicator(Base):
    """A figure per year. The first of a line is the one that its state and small chart show."""

    __tablename__ = "indicators"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "slug"),
        sa.CheckConstraint("(kind = 'computed') = (measure IS NOT NULL)", name="computed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"))
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("meter_lines.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int]
    kind: Mapped[IndicatorKind] = mapped_column(word(IndicatorKind))
    measure: Mapped[Measure | None] = mapped_column(word(Measure))
    unit: Mapped[str] = mapped_column(sa.String(32))
    aggregation: Mapped[Aggregation] = mapped_column(word(Aggregation))
    title: Mapped[Texts]
    first_year: Mapped[int]
    last_year: Mapped[int]
    kinds: Mapped[list[str]] = mapped_column(doc="kinds of session that count; empty: all")
    audiences: Mapped[list[str]] = mapped_column(doc="audiences that count; empty: all")
    whole_programme: Mapped[bool] = mapped_column(doc="counts every session that serves any action, not only its own")
    traffic_light: Mapped[bool] = mapped_column(doc="False: nobody can say whether a rise is good (row 55)")
    reading: Mapped[Texts | None] = mapped_column(
        doc="the proposed reading of an ambiguous meter; the council may change it"
    )
    file_digest: Mapped[str | None] = mapped_column(sa.String(64))
    targets: Mapped[list[Target]] = relationship(cascade="all, delete-orphan")


class Target(Base):
    """What an indicator should reach (rule 5); a row with a year overrides the one without."""

    __tablename__ = "targets"
    __table_args__ = (
        sa.UniqueConstraint("indicator_id", "year"),
        sa.CheckConstraint("upper IS NULL OR upper >= lower", name="bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicators.id", ondelete="CASCADE"))
    year: Mapped[int | None] = mapped_column(doc="empty: every year")
    form: Mapped[TargetForm] = mapped_column(word(TargetForm))
    period: Mapped[TargetPeriod] = mapped_column(word(TargetPeriod))
    lower: Mapped[int]
    upper: Mapped[int | None]
    planned: Mapped[int | None] = mapped_column(
        doc="planned weeks or months of the year, set before it; empty: all of them"
    )
