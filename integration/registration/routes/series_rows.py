"""A household's series as the blocks that its page folds away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from integration.activities.models import Session, SessionStatus
from integration.activities.rules import takes_sign_up, title_of
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, Texts
from integration.registration.models import Registration, Series, WaitingEntry
from integration.registration.queries.series import SeriesDate, live_series, series_dates


@dataclass(frozen=True)
class SeriesBlock:
    """One series: what it is, how many of its dates are the household's, which comes next, and all of them."""

    series: Series
    title: Texts
    dates: list[SeriesDate]
    coming: list[SeriesDate]

    @property
    def next_at(self) -> datetime | None:
        """When the household comes next."""
        return self.coming[0].session.starts_at if self.coming else None


def series_blocks(
    db_session: DbSession, household_id: int, held: Iterable[Registration | WaitingEntry], now: datetime
) -> list[SeriesBlock]:
    """The series that what the household has belongs to; asks nothing where nothing does."""
    found = live_series(db_session, household_id, [each.series_id for each in held])
    blocks = [_block(series, series_dates(db_session, series, now)) for series in found]
    return [each for each in blocks if each.dates]


def series_url(session: Session) -> str | None:
    """Where all the dates of the session's activity are signed up for, if that can be."""
    opens = session.activity.series and takes_sign_up(session, utc_now()) and session.slot_minutes is None
    return url_for("registration.series_sign_up", slug=session.activity.slug) if opens else None


def _block(series: Series, dates: list[SeriesDate]) -> SeriesBlock:
    coming = [each for each in dates if each.registration is not None and each.session.status == SessionStatus.PLANNED]
    return SeriesBlock(series, title_of(dates[0].session) if dates else {}, dates, coming)
