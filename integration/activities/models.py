"""Venues, activities, their recurrence, and sessions: one row per date."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integration.kernel.database import Base, Texts, word
from integration.organisations.models import Organisation


class SessionKind(StrEnum):
    """What sort of session it is; indicators may count only some kinds."""

    CAFE = "cafe"
    CLINIC = "clinic"
    FAIR = "fair"
    TRAINING = "training"
    VISIT = "visit"
    EXCURSION = "excursion"
    SCHOOL_VISIT = "school_visit"
    MEETING = "meeting"
    WEBINAR = "webinar"
    COURSE = "course"
    INFO = "info"


class Audience(StrEnum):
    """For whom a session is."""

    RESIDENTS = "residents"
    FAMILIES = "families"
    CHILDREN = "children"
    YOUTH = "youth"
    STAFF = "staff"
    AUTHORITIES = "authorities"


class Visibility(StrEnum):
    """Who can find a session; a closed one counts but appears nowhere."""

    PUBLIC = "public"
    LINK = "link"
    CLOSED = "closed"


class SignUpMode(StrEnum):
    """Whether people sign up: drop-in, welcome either way, or required."""

    NONE = "none"
    OPEN = "open"
    REQUIRED = "required"


class LanguageSupport(StrEnum):
    """What secures language at a session; any of them counts for L (row 48)."""

    INTERPRETER = "interpreter"
    MULTILINGUAL_LEADER = "multilingual_leader"
    PLAIN_LANGUAGE = "plain_language"
    TRANSLATED_INVITATION = "translated_invitation"


class Frequency(StrEnum):
    """How an activity recurs."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"
    BY_HAND = "by_hand"


class SessionStatus(StrEnum):
    """Whether a session is to take place; whether it was held is for the door to say."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class Venue(Base):
    """Where sessions take place."""

    __tablename__ = "venues"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    name: Mapped[Texts]
    address: Mapped[Texts] = mapped_column(doc="street address; Vaasa's streets have a Swedish and a Finnish name")
    directions: Mapped[Texts] = mapped_column(doc="floor, lift, step-free way in")
    latitude: Mapped[float | None] = mapped_column(doc="degrees north, WGS 84")
    longitude: Mapped[float | None] = mapped_column(doc="degrees east, WGS 84")


class Activity(Base):
    """Something that recurs, such as the culture café; the template that new sessions are made from."""

    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venues.id"))
    title: Mapped[Texts]
    description: Mapped[Texts]
    mark: Mapped[str] = mapped_column(sa.String(16), doc="the domain mark that gives its disc the colour")
    icon: Mapped[str] = mapped_column(
        sa.String(16), doc="symbol in the icon sprite: cafe cv work fair family well visit"
    )
    kind: Mapped[SessionKind] = mapped_column(word(SessionKind))
    audience: Mapped[Audience] = mapped_column(word(Audience))
    visibility: Mapped[Visibility] = mapped_column(word(Visibility))
    sign_up: Mapped[SignUpMode] = mapped_column(word(SignUpMode))
    capacity: Mapped[int | None] = mapped_column(doc="places per session; empty: no limit")
    duration_minutes: Mapped[int]
    languages: Mapped[list[str]]
    language_support: Mapped[list[str]]
    asks_age_groups: Mapped[bool] = mapped_column(doc="children are counted as 0-6, 7-12, 13-17")
    sensitive: Mapped[bool] = mapped_column(doc="no sign-up by card, headcount only")
    series: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false(), doc="families may sign up for all the dates at once"
    )
    contact_role: Mapped[Texts] = mapped_column(doc="whom to ask: a role, never a name")
    contact_phone: Mapped[str] = mapped_column(sa.String(32))
    created_at: Mapped[datetime]
    organisation: Mapped[Organisation] = relationship()
    venue: Mapped[Venue | None] = relationship()
    partners: Mapped[list[ActivityPartner]] = relationship(cascade="all, delete-orphan")
    serves: Mapped[list[ActivityAction]] = relationship(cascade="all, delete-orphan")
    rules: Mapped[list[RecurrenceRule]] = relationship(cascade="all, delete-orphan")
    pauses: Mapped[list[Pause]] = relationship(cascade="all, delete-orphan")


class ActivityPartner(Base):
    """A partner organisation expected at every session of an activity."""

    __tablename__ = "activity_partners"

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), primary_key=True)


class ActivityAction(Base):
    """An activity serves an action of a programme between two dates."""

    __tablename__ = "activity_actions"

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("actions.id"), primary_key=True, index=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    ends_on: Mapped[date | None] = mapped_column(doc="last day included; empty: still serving")


class RecurrenceRule(Base):
    """How an activity recurs, kept beside the dates it was expanded to; it ends within 24 months."""

    __tablename__ = "recurrence_rules"
    __table_args__ = (sa.CheckConstraint("until_on >= starts_on", name="ends"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    frequency: Mapped[Frequency] = mapped_column(word(Frequency))
    interval: Mapped[int] = mapped_column(doc="every n weeks, months or years")
    weekday: Mapped[int | None] = mapped_column(doc="0 Monday to 6 Sunday")
    nth: Mapped[int | None] = mapped_column(doc="1 to 4, or -1 for the last such weekday of the month")
    month: Mapped[int | None] = mapped_column(doc="1 to 12, for yearly rules")
    starts_on: Mapped[date]
    until_on: Mapped[date]
    starts_at_time: Mapped[time] = mapped_column(doc="wall time in the city")
    exceptions: Mapped[list[RecurrenceException]] = relationship(cascade="all, delete-orphan")


class RecurrenceException(Base):
    """A date of a rule that is left out."""

    __tablename__ = "recurrence_exceptions"

    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("recurrence_rules.id", ondelete="CASCADE"), primary_key=True)
    on_date: Mapped[date] = mapped_column(primary_key=True)


class Pause(Base):
    """A span of dates in which an activity rests, agreed beforehand (summer, holidays)."""

    __tablename__ = "pauses"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(doc="last day included")
    reason: Mapped[Texts]


class Session(Base):
    """One date of an activity, with its own time, place, capacity and status."""

    __tablename__ = "sessions"
    __table_args__ = (
        sa.UniqueConstraint("rule_id", "occurrence_on"),
        sa.CheckConstraint("ends_at > starts_at", name="times"),
        sa.Index("ix_sessions_activity_on", "activity_id", "local_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, doc="public, in addresses and calendar UIDs")
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activities.id"))
    rule_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recurrence_rules.id", ondelete="SET NULL"))
    occurrence_on: Mapped[date | None] = mapped_column(doc="the rule's own date, kept when the session is moved")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    local_on: Mapped[date] = mapped_column(index=True, doc="the date on the city's clock that the session counts on")
    status: Mapped[SessionStatus] = mapped_column(word(SessionStatus))
    kind: Mapped[SessionKind] = mapped_column(word(SessionKind))
    audience: Mapped[Audience] = mapped_column(word(Audience))
    visibility: Mapped[Visibility] = mapped_column(word(Visibility))
    sign_up: Mapped[SignUpMode] = mapped_column(word(SignUpMode))
    sign_up_closed: Mapped[bool] = mapped_column(doc="staff closed sign-up before the start")
    slot_minutes: Mapped[int | None] = mapped_column(
        doc="length of its individual times, each booked by one person; None: it has none"
    )
    title: Mapped[Texts | None] = mapped_column(doc="overrides the activity's")
    description: Mapped[Texts | None]
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venues.id"), index=True)
    online_url: Mapped[str | None] = mapped_column(sa.String(500), doc="shown only to those signed up")
    languages: Mapped[list[str]]
    language_support: Mapped[list[str]]
    sensitive: Mapped[bool]
    group_name: Mapped[str | None] = mapped_column(sa.String(120), doc="for meters that count groups")
    contact_role: Mapped[Texts]
    contact_phone: Mapped[str] = mapped_column(sa.String(32))
    sequence: Mapped[int] = mapped_column(doc="RFC 5545 3.8.7.4: raised by every change that a calendar must follow")
    created_at: Mapped[datetime]
    modified_at: Mapped[datetime] = mapped_column(index=True)
    activity: Mapped[Activity] = relationship()
    venue: Mapped[Venue | None] = relationship()
    places: Mapped[SessionPlaces] = relationship(cascade="all, delete-orphan", single_parent=True)
    partners: Mapped[list[SessionPartner]] = relationship(cascade="all, delete-orphan")


class SessionPlaces(Base):
    """A session's places, apart from the session: a sign-up touches neither its feed nor its text."""

    __tablename__ = "session_places"
    __table_args__ = (
        sa.CheckConstraint("taken >= 0 AND offered >= 0", name="counts"),
        sa.CheckConstraint("waiting >= 0", name="waiting"),
    )

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    capacity: Mapped[int | None]
    taken: Mapped[int]
    offered: Mapped[int] = mapped_column(doc="kept for those on the waiting list who have been asked")
    waiting: Mapped[int] = mapped_column(
        default=0, server_default="0", doc="entries that wait: while there is one, passers-by get no place"
    )


class SessionPartner(Base):
    """A partner organisation at one session; O counts those confirmed present at closing."""

    __tablename__ = "session_partners"

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), primary_key=True, index=True)
    present: Mapped[bool | None] = mapped_column(doc="None until closing")


class Slot(Base):
    """A bookable individual time inside a session, at one of its desks; moved when the session is."""

    __tablename__ = "slots"
    __table_args__ = (
        sa.UniqueConstraint("session_id", "desk", "starts_at"),
        sa.CheckConstraint("ends_at > starts_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    desk: Mapped[int] = mapped_column(doc="1 and up: so many are helped at the same time")
    language: Mapped[str] = mapped_column(sa.String(8), doc="in which the adviser at the desk speaks")
