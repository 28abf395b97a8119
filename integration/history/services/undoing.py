"""Taking an import back: what it added goes, what it changed is as it was, and what is firm by now stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Activity, ActivityAction, Session
from integration.activities.services import remove_past_sessions
from integration.checkin.services import uncount_imported
from integration.history.models import Contents, Import, ImportRow, Progress
from integration.history.queries import HISTORY
from integration.history.services.claiming import SLICE, Claim, at_work, finish, mark
from integration.history.services.known import KeptRow, kept_rows
from integration.history.services.writing import Writer, put_in_force, writer_of
from integration.indicators.models import Provenance, Report, Stage
from integration.indicators.services import fold_together, unfold_together
from integration.kernel.clock import Watch
from integration.kernel.database import DbSession

_ROWS: Any = ImportRow.__table__


def undo_rows(claim: Claim, watch: Watch) -> None:
    """Take back slice by slice; a worker that begins anew goes on where the last one stopped."""
    import_id = claim.import_id
    with at_work(claim, watch) as db_session:
        writer = writer_of(db_session, db_session.get_one(Import, import_id))
        left = sa.select(sa.func.count()).select_from(ImportRow).where(*_holding(import_id, 0))
        mark(db_session, import_id, expected=db_session.scalar(left) or 0, passed=0, kept=0)
    after = passed = kept = 0
    while True:
        with at_work(claim, watch) as db_session:
            holding = kept_rows().where(*_holding(import_id, after)).order_by(ImportRow.number).limit(SLICE)
            rows = [KeptRow(*each) for each in db_session.execute(holding)]
            if not rows:
                _end(db_session, import_id)
                return
            after, passed = rows[-1].number, passed + len(rows)
            kept += _take_back(db_session, writer, rows, watch.read())
            mark(db_session, import_id, passed=passed, kept=kept)
            db_session.flush()
            db_session.expunge_all()


def _holding(import_id: int, after: int) -> tuple[sa.ColumnElement[bool], ...]:
    """The import's rows that hold; what a later import has spoken of since is that one's."""
    return (ImportRow.import_id == import_id, ImportRow.live.is_(True), ImportRow.number > after)


def _take_back(db_session: DbSession, writer: Writer, rows: Sequence[KeptRow], now: datetime) -> int:
    """Let what held before these rows hold again; returns how many rows have to stay."""
    firm = _firm(db_session, rows) if writer.contents is Contents.TOTALS else set()
    going = [row for row in rows if row.report_id not in firm or row.report_id is None]
    before = _before(db_session, going)
    restored = [before[row.id] for row in going if row.id in before]
    added = [row for row in going if row.id not in before]
    if restored:
        put_in_force(db_session, writer, restored, now)
    _let_go(db_session, [row.id for row in going if row.id in before])
    _let_go(db_session, [row.id for row in added], session_id=None, report_id=None)
    if writer.contents is Contents.SESSIONS:
        _remove_sessions(db_session, [row.session_id for row in added if row.session_id is not None], now)
    else:
        _remove_reports(db_session, [row.report_id for row in added if row.report_id is not None])
    return len(rows) - len(going)


def _let_go(db_session: DbSession, ids: Sequence[int], **became: None) -> None:
    """These rows hold no more and are as if they had never been written."""
    if ids:
        db_session.execute(sa.update(_ROWS).where(_ROWS.c.id.in_(ids)).values(live=False, written=False, **became))


def _before(db_session: DbSession, rows: Sequence[KeptRow]) -> dict[int, KeptRow]:
    """Row id > the last row of an earlier import about the same that was not taken back."""
    if not rows:
        return {}
    own = {row.subject: row for row in rows}
    earlier = kept_rows().where(
        ImportRow.subject.in_(list(own)), ImportRow.written, ImportRow.import_id < rows[0].import_id
    )
    found = [KeptRow(*each) for each in db_session.execute(earlier.order_by(ImportRow.import_id))]
    return {own[each.subject].id: each for each in found}


def _remove_sessions(db_session: DbSession, ids: Sequence[int], now: datetime) -> None:
    if not ids:
        return
    unfold_together(db_session, ids)
    stays = uncount_imported(db_session, ids)
    remove_past_sessions(db_session, [each for each in ids if each not in stays])
    if stays:
        fold_together(db_session, sorted(stays), now)


def _firm(db_session: DbSession, rows: Sequence[KeptRow]) -> set[int | None]:
    """The reports that the council has taken on, or that somebody has written over."""
    ids = [row.report_id for row in rows if row.report_id is not None]
    free = sa.and_(
        Report.stage.in_((Stage.DRAFT, Stage.REPORTED)),
        Report.provenance == Provenance.IMPORTED,
        Report.revision == 1,
    )
    return set(db_session.scalars(sa.select(Report.id).where(Report.id.in_(ids), ~free)))


def _remove_reports(db_session: DbSession, ids: Sequence[int]) -> None:
    for report in db_session.scalars(sa.select(Report).where(Report.id.in_(ids))).all():
        db_session.delete(report)
    db_session.flush()


def _end(db_session: DbSession, import_id: int) -> None:
    """Rows that a later import has overtaken are taken back too: should that one go, they do not come again."""
    db_session.execute(
        sa.update(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.written, ~ImportRow.live)
        .values(written=False)
        .execution_options(synchronize_session=False)
    )
    _remove_empty(db_session)
    finish(db_session, import_id, Progress.UNDONE)


def _remove_empty(db_session: DbSession) -> None:
    """Activities that were made for imported sessions alone go with the last of them."""
    empty = sa.and_(
        Activity.slug.startswith(HISTORY, autoescape=True), ~sa.exists().where(Session.activity_id == Activity.id)
    )
    ids = list(db_session.scalars(sa.select(Activity.id).where(empty)))
    quietly = {"synchronize_session": False}
    db_session.execute(
        sa.delete(ActivityAction).where(ActivityAction.activity_id.in_(ids)).execution_options(**quietly)
    )
    db_session.execute(sa.delete(Activity).where(Activity.id.in_(ids)).execution_options(**quietly))
