"""Visits follow when two cards turn out to be one household's: V stays what it was, U counts them once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from integration.checkin.events import AttendanceChanged
from integration.checkin.models import Attendance, Scan
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.registration.models import Card

LOOKED_AFTER = timedelta(days=1)
"""A scan that was on its way while its card was merged is long over by then."""
_SUMS = (
    *("whole", "arrived_adults", "arrived_children", "beyond_adults", "beyond_children"),
    *("marked_adults", "marked_children"),
)


class MergingNews(Protocol):
    """Two visitor keys have become one."""

    @property
    def kept_key(self) -> str: ...

    @property
    def gone_key(self) -> str: ...

    @property
    def occurred_at(self) -> datetime: ...


def follow_merging(db_session: DbSession, news: MergingNews) -> None:
    """Let every visit under the gone key be the kept one's; figures of those sessions are made anew."""
    db_session.flush()
    _follow(db_session, news.kept_key, news.gone_key, news.occurred_at)


def follow_late_scans(db_session: DbSession, now: datetime) -> None:
    """Let scans that were being written while their card was merged follow too; usually there is none."""
    kept = aliased(Card)
    pairs = db_session.execute(
        sa.select(kept.visitor_key, Card.visitor_key)
        .join(kept, kept.id == Card.merged_into)
        .where(Card.revoked_at > now - LOOKED_AFTER)
        .order_by(Card.revoked_at, Card.id)
    )
    for kept_key, gone_key in pairs.all():
        _follow(db_session, kept_key, gone_key, now)


def _follow(db_session: DbSession, kept_key: str, gone_key: str, now: datetime) -> None:
    gone = db_session.scalars(
        sa.select(Attendance)
        .where(Attendance.visitor_key == gone_key)
        .order_by(Attendance.session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in gone:  # while the rows still say who came: the figures take the old key out by them
        publish(db_session, AttendanceChanged(row.session_id, now))
    for row in gone:
        _follow_at_one_session(db_session, row, kept_key)
    db_session.flush()
    db_session.execute(
        sa.update(Scan)
        .where(Scan.visitor_key == gone_key)
        .values(visitor_key=kept_key)
        .execution_options(synchronize_session=False)
    )


def _follow_at_one_session(db_session: DbSession, gone: Attendance, kept_key: str) -> None:
    kept = db_session.scalar(
        sa.select(Attendance)
        .where(Attendance.session_id == gone.session_id, Attendance.visitor_key == kept_key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if kept is None:
        gone.visitor_key = kept_key
    else:
        _add_up(db_session, kept, gone)
    db_session.flush()


def _add_up(db_session: DbSession, kept: Attendance, gone: Attendance) -> None:
    """Both cards were there: they came together, as one household with the places of both (rule 12).

    Sums of everything say so, unless one card was shown whole or brought more than its places: then what was
    counted is written down as it was counted, for nobody who came may be counted less or more by merging.
    """
    counted = (kept.adults + gone.adults, kept.children + gone.children)
    before = [{name: getattr(row, name) for name in _SUMS} for row in (kept, gone)]
    both_signed_up = kept.places_adults is not None and gone.places_adults is not None
    if both_signed_up:
        kept.places_adults = (kept.places_adults or 0) + (gone.places_adults or 0)
        kept.places_children = (kept.places_children or 0) + (gone.places_children or 0)
    for name in _SUMS:
        setattr(kept, name, before[0][name] + before[1][name])
    kept.first_at = min(kept.first_at, gone.first_at)
    db_session.delete(gone)
    db_session.flush()
    db_session.refresh(kept)
    if (kept.adults, kept.children) != counted:
        _write_as_counted(kept, counted)


def _write_as_counted(row: Any, counted: tuple[int, int]) -> None:
    row.places_adults = row.places_children = None
    row.whole = row.marked_adults = row.marked_children = 0
    row.arrived_adults, row.arrived_children = counted[0] - row.beyond_adults, counted[1] - row.beyond_children
