"""What happened at the door: links and devices, scans (append-only), attendance, headcounts and closings."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integration.activities.models import Session
from integration.kernel.database import Base, word


class ScanKind(StrEnum):
    """What a scan tells: a card came, people without one came, or an earlier scan was a mistake.

    Doors send the first four. People who are there mark themselves; a sheet on paper is typed in afterwards.
    """

    CARD = "card"
    WALK_IN = "walk_in"
    HEADCOUNT = "headcount"
    UNDO = "undo"
    SELF_MARKED = "self_marked"
    LISTED = "listed"


class ScanResult(StrEnum):
    """The answer that a scan got, and gets again whenever it is sent again."""

    ACCEPTED = "accepted"
    ALREADY = "already"
    FLAGGED = "flagged"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


class Source(StrEnum):
    """How attendance was counted (rule 3); kept apart, counted together."""

    SCANNED = "scanned"
    LISTED = "listed"
    WALK_IN = "walk_in"
    SELF_MARKED = "self_marked"
    HEADCOUNT = "headcount"
    IMPORTED = "imported"


class DoorLink(Base):
    """A link that pairs one phone with a session's door. Its secret is derived from its id; the digest is stored."""

    __tablename__ = "door_links"
    __table_args__ = (
        sa.Index(
            "uq_door_links_live",
            "session_id",
            unique=True,
            sqlite_where=sa.text("used_at IS NULL AND revoked_at IS NULL"),
            postgresql_where=sa.text("used_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    secret_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    may_search: Mapped[bool] = mapped_column(doc="the phone that it pairs may find people by name")
    account_id: Mapped[int] = mapped_column(doc="who made it, or whose link it follows")
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(doc="one phone per link")
    revoked_at: Mapped[datetime | None]


class SelfCheckInCode(Base):
    """A code on a screen or poster by which those who are there mark themselves. A session has one that lives."""

    __tablename__ = "self_check_in_codes"
    __table_args__ = (
        sa.Index(
            "uq_self_check_in_codes_live",
            "session_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    secret_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int] = mapped_column(doc="who made it")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class DoorDevice(Base):
    """One phone at one session's door, by a bearer token."""

    __tablename__ = "door_devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id"), index=True)
    link_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("door_links.id", ondelete="SET NULL"), unique=True, doc="the link that paired it"
    )
    handset: Mapped[str | None] = mapped_column(
        sa.String(32), index=True, doc="random; the same for all doors that one phone moved on to"
    )
    may_search: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    seen_at: Mapped[datetime | None] = mapped_column(doc="when it last said that it is there, without a scan")
    name: Mapped[str] = mapped_column(sa.String(40))
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(
        doc="the signed-in organiser whose phone it is; None for a volunteer's"
    )
    paired_at: Mapped[datetime]
    opens_at: Mapped[datetime] = mapped_column(doc="scans made from then")
    closes_at: Mapped[datetime] = mapped_column(doc="until then; they may arrive 14 days later")
    revoked_at: Mapped[datetime | None]
    session: Mapped[Session] = relationship()


class Scan(Base):
    """One event at the door, as the device sent it and as it was answered. Never changed, never deleted."""

    __tablename__ = "scans"
    __table_args__ = (sa.Index("ix_scans_session_id", "session_id", "visitor_key"),)

    id: Mapped[str] = mapped_column(
        sa.String(36), primary_key=True, doc="UUID made by the client: re-sending changes nothing"
    )
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id"))
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("door_devices.id"))
    kind: Mapped[ScanKind] = mapped_column(word(ScanKind))
    visitor_key: Mapped[str | None] = mapped_column(sa.String(32), doc="of the card that was read")
    whole: Mapped[bool] = mapped_column(
        server_default=sa.false(), doc="no numbers were given: the household as it signed up, else one adult"
    )
    adults: Mapped[int] = mapped_column(doc="arriving now")
    children: Mapped[int]
    beyond_adults: Mapped[int] = mapped_column(doc="admitted beyond the card's places")
    beyond_children: Mapped[int]
    undoes: Mapped[str | None] = mapped_column(
        sa.String(36), index=True, doc="the scan that this one takes back, or whose place a card takes"
    )
    age_group: Mapped[str | None] = mapped_column(sa.String(8), doc="of the children of a walk-in: 0-6, 7-12, 13-17")
    scanned_at: Mapped[datetime] = mapped_column(doc="by the device's clock")
    clock_offset: Mapped[int | None] = mapped_column(
        doc="seconds by which the device's clock was behind ours when it sent; None: it did not say"
    )
    happened_at: Mapped[datetime] = mapped_column(doc="when it was made, as far as the clocks can be believed")
    received_at: Mapped[datetime]
    result: Mapped[ScanResult] = mapped_column(word(ScanResult))
    flag: Mapped[str | None] = mapped_column(sa.String(32), doc="why a person should look at it")


class ScanDecision(Base):
    """A person's word on whether a scan counts. The latest holds; the scan itself never changes."""

    __tablename__ = "scan_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[str] = mapped_column(sa.ForeignKey("scans.id"), index=True)
    accepted: Mapped[bool]
    account_id: Mapped[int]
    decided_at: Mapped[datetime]


_LESSER = "CASE WHEN {0} < {1} THEN {0} ELSE {1} END"
"""SQLite and PostgreSQL name the smaller of two numbers differently; both know CASE."""
_PLACES = "(places_adults + places_children)"
_ADULTS_IN_PLACES = _LESSER.format(
    "arrived_adults", f"({_PLACES} - {_LESSER.format('arrived_children', 'places_children')})"
)
_ALL_IN_PLACES = _LESSER.format("(arrived_adults + arrived_children)", _PLACES)
_ONE_IF_WHOLE = "CASE WHEN whole > 0 THEN 1 ELSE 0 END"
_DOOR_ADULTS = (
    f"beyond_adults + CASE WHEN places_adults IS NULL THEN arrived_adults + {_ONE_IF_WHOLE}"
    f" WHEN whole > 0 THEN places_adults ELSE {_ADULTS_IN_PLACES} END"
)
_DOOR_CHILDREN = (
    "beyond_children + CASE WHEN places_adults IS NULL THEN arrived_children WHEN whole > 0 THEN places_children"
    f" ELSE ({_ALL_IN_PLACES}) - ({_ADULTS_IN_PLACES}) END"
)
_THEY_SAID_MORE = f"marked_adults + marked_children > ({_DOOR_ADULTS}) + ({_DOOR_CHILDREN})"
COUNTED_ADULTS = f"CASE WHEN {_THEY_SAID_MORE} THEN marked_adults ELSE {_DOOR_ADULTS} END"
COUNTED_CHILDREN = f"CASE WHEN {_THEY_SAID_MORE} THEN marked_children ELSE {_DOOR_CHILDREN} END"


class Attendance(Base):
    """People who came to a session, by card (one row per card) or without (one row per scan).

    Counted = min(places, arrivals not undone) + beyond, whatever the order in which doors report (rule 12);
    the database computes it. Adults fill the household's places first. A card without sign-up counts as it
    comes; shown without numbers, it is one adult, however often it is shown. What a household says of itself and
    what doors saw of its card are the same people: the larger of the two counts.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        sa.UniqueConstraint("session_id", "visitor_key"),
        sa.CheckConstraint("(visitor_key IS NULL) <> (scan_id IS NULL)", name="origin"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id"))
    visitor_key: Mapped[str | None] = mapped_column(
        sa.String(32), index=True, doc="no foreign key: erasing a household leaves V and U"
    )
    scan_id: Mapped[str | None] = mapped_column(sa.String(36), unique=True, doc="the one scan of people without a card")
    source: Mapped[Source] = mapped_column(word(Source))
    places_adults: Mapped[int | None] = mapped_column(doc="as signed up; None without sign-up: counts as it comes")
    places_children: Mapped[int | None]
    whole: Mapped[int] = mapped_column(
        server_default="0", doc="scans not undone that meant the whole household: any of them fills its places"
    )
    arrived_adults: Mapped[int] = mapped_column(doc="sum of arrivals not undone")
    arrived_children: Mapped[int]
    beyond_adults: Mapped[int]
    beyond_children: Mapped[int]
    marked_adults: Mapped[int] = mapped_column(server_default="0", doc="as the household itself said that it is here")
    marked_children: Mapped[int] = mapped_column(server_default="0")
    adults: Mapped[int] = mapped_column(sa.Computed(COUNTED_ADULTS, persisted=True))
    children: Mapped[int] = mapped_column(sa.Computed(COUNTED_CHILDREN, persisted=True))
    first_at: Mapped[datetime] = mapped_column(doc="the earliest scan by the devices' clocks")


class Closing(Base):
    """The organiser's (or, an hour after the end, the system's) word on whether and how a session was held."""

    __tablename__ = "closings"

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id"), primary_key=True)
    held: Mapped[bool]
    closed_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(doc="None: held by itself because someone was counted")
    manual_adults: Mapped[int | None] = mapped_column(doc="a total that overrides the door's, with a reason (rule 3)")
    manual_children: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    note: Mapped[str | None] = mapped_column(sa.String(2000))
