"""A year that is over for good: its keys are cleared, and U stays what it was."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from integration.activities.models import Session
from integration.audit.services import Audited, record
from integration.checkin.services import clear_visitor_keys
from integration.indicators.models import ClosedYear, FoldedServing, FoldedVisitor, Report, Stage
from integration.indicators.queries import closed_years, reports_of
from integration.indicators.queries.reports import asked_in
from integration.indicators.queries.servings import servings
from integration.indicators.rules import keys_end_on
from integration.indicators.services.folding import SessionNews, fold_until
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.programme.errors import FigureLocked
from integration.programme.events import AskedOtherwise
from integration.programme.models import Programme
from integration.programme.queries import ProgrammeOutline
from integration.programme.services import close_programme


def close_year_if_final(
    db_session: DbSession, programme: ProgrammeOutline, year: int, *, account_id: int, now: datetime
) -> bool:
    """Close a programme's year when every indicator that applies in it is locked (rule 8); whether it is closed."""
    if db_session.get(ClosedYear, (programme.id, year)) is not None:
        return True
    reports = reports_of(db_session, programme.id, drafts=True)
    every = (indicator for line in programme.lines for indicator in line.indicators)
    asked = [indicator.id for indicator in every if asked_in(indicator, year, reports)]
    final = all((found := reports.get((each, year))) and found.stage is Stage.LOCKED for each in asked)
    if final:
        fold_until(db_session, date(year, 12, 31), now)
        _close(db_session, programme.id, year, in_time=True, account_id=account_id, now=now)
        _close_programme_if_final(db_session, programme, now)
    return bool(final)


def _close_programme_if_final(db_session: DbSession, programme: ProgrammeOutline, now: datetime) -> None:
    """With its last year a programme becomes read-only."""
    if closed_years(db_session, programme.id) >= set(programme.years):
        close_programme(db_session.get_one(Programme, programme.id), now)


def keep_what_was_asked(db_session: DbSession, news: AskedOtherwise) -> None:
    """What a locked figure was measured against stays; raises FigureLocked with the first such year."""
    newest = (
        sa.select(Report.year, Report.stage)
        .where(Report.indicator_id == news.indicator_id, Report.year.in_(sorted(news.years)))
        .order_by(Report.revision)
    )
    stages = {each.year: each.stage for each in db_session.execute(newest)}
    locked = [year for year, stage in stages.items() if stage is Stage.LOCKED]
    if locked:
        raise FigureLocked(min(locked))


def clear_keys_again(db_session: DbSession, news: SessionNews) -> None:
    """A scan that comes after its year was closed counts, and leaves no key behind."""
    served = servings(Session.id == news.session_id).subquery()
    closed = sa.exists().where(served.c.programme_id == ClosedYear.programme_id, served.c.year == ClosedYear.year)
    if db_session.scalar(sa.select(closed)):
        clear_visitor_keys(db_session, [news.session_id])


def clear_old_keys(db_session: DbSession, now: datetime) -> None:
    """Clear the keys of years whose 18 months are over, locked or not; of sessions that serve no programme too."""
    today = local_date(now)
    year = max(each for each in range(today.year - 3, today.year + 1) if keys_end_on(each) <= today)
    fold_until(db_session, date(year, 12, 31), now)
    old = sa.select(Session.id).where(Session.local_on <= date(year, 12, 31))
    unclosed = (
        sa.select(FoldedServing.programme_id, FoldedServing.year)
        .where(FoldedServing.year <= year, ~_is_closed(FoldedServing))
        .distinct()
    )
    for programme_id, over in db_session.execute(unclosed).all():
        _close(db_session, programme_id, over, in_time=False, account_id=None, now=now)
    clear_visitor_keys(db_session, old)


def _is_closed(table: type[FoldedServing]) -> sa.ColumnElement[bool]:
    return sa.exists().where(ClosedYear.programme_id == table.programme_id, ClosedYear.year == table.year)


def _close(
    db_session: DbSession, programme_id: int, year: int, *, in_time: bool, account_id: int | None, now: datetime
) -> None:
    db_session.add(ClosedYear(programme_id=programme_id, year=year, closed_at=now, in_time=in_time))
    db_session.flush()
    served = servings(Session.local_on.between(date(year, 1, 1), date(year, 12, 31))).subquery()
    clear_visitor_keys(db_session, sa.select(served.c.session_id).where(served.c.programme_id == programme_id))
    db_session.execute(
        sa.delete(FoldedVisitor)
        .where(FoldedVisitor.programme_id == programme_id, FoldedVisitor.year == year)
        .execution_options(synchronize_session=False)
    )
    record(
        db_session,
        Audited.YEAR_CLOSED,
        "programme",
        programme_id,
        account_id=account_id,
        now=now,
        year=year,
    )
