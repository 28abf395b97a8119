"""Importing the rows that were right in the dry run: session rows as held sessions, totals as reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Activity, ActivityAction, SignUpMode, Visibility
from integration.activities.services import PastSession, add_past_sessions, change_past_sessions
from integration.checkin.services import Imported, count_imported, recount_imported
from integration.history.models import Contents, Import, ImportRow, Progress, RowState
from integration.history.queries import HISTORY, venue_ids
from integration.history.rules import Problem, plain
from integration.history.services.claiming import SLICE, Claim, at_work, finish, mark
from integration.history.services.known import KeptRow, audience_of, kept_rows, kind_of, live_rows, reports_in_the_way
from integration.indicators.errors import NothingReported, StepNotPossible
from integration.indicators.models import Provenance, Report
from integration.indicators.rules import Said
from integration.indicators.services import fold_together, save_report
from integration.kernel.clock import Watch
from integration.kernel.database import DbSession
from integration.organisations.models import Organisation, OrganisationKind
from integration.programme.queries import ActionOutline, IndicatorOutline, ProgrammeOutline, programme_outline

DURATION = 120
"""Minutes of a session of which only the action is known."""
_ROWS: Any = ImportRow.__table__
TO_WRITE = (RowState.NEW, RowState.CHANGED)


@dataclass(frozen=True, slots=True)
class Writer:
    """What writing needs to know: the programme, who decided, and the names of new organisations."""

    import_id: int
    programme: ProgrammeOutline
    contents: Contents
    account_id: int
    partners: dict[str, str]


def write_rows(claim: Claim, watch: Watch) -> None:
    """Import slice by slice; a worker that begins anew goes on where the last one stopped."""
    import_id = claim.import_id
    with at_work(claim, watch) as db_session:
        writer = _writer(db_session, import_id)
        waiting = sa.select(sa.func.count()).select_from(ImportRow).where(*_waiting(import_id, 0))
        left = db_session.scalar(waiting) or 0
        mark(db_session, import_id, expected=left, passed=0)
    after = passed = 0
    while True:
        with at_work(claim, watch) as db_session:
            waiting_rows = kept_rows().where(*_waiting(import_id, after)).order_by(ImportRow.number).limit(SLICE)
            rows = [KeptRow(*each) for each in db_session.execute(waiting_rows)]
            if not rows:
                _end(db_session, import_id)
                return
            put_in_force(db_session, writer, rows, watch.read())
            after, passed = rows[-1].number, passed + len(rows)
            mark(db_session, import_id, passed=passed)
            db_session.flush()
            db_session.expunge_all()


def _waiting(import_id: int, after: int) -> tuple[sa.ColumnElement[bool], ...]:
    own = (ImportRow.import_id == import_id, ImportRow.number > after)
    return (*own, ImportRow.state.in_(TO_WRITE), ImportRow.written.is_(False))


def _writer(db_session: DbSession, import_id: int) -> Writer:
    return writer_of(db_session, db_session.get_one(Import, import_id))


def writer_of(db_session: DbSession, each: Import) -> Writer:
    """Who writes this import's rows."""
    programme = programme_outline(db_session, each.programme_id)
    if programme is None or each.contents is None:
        raise ValueError("an import without a programme, or that was never read")
    partners: dict[str, str] = (each.preview or {}).get("all_partners", {})
    account_id = each.undone_by or each.decided_by or each.uploaded_by
    return Writer(each.id, programme, each.contents, account_id, partners)


def put_in_force(db_session: DbSession, writer: Writer, rows: Sequence[KeptRow], now: datetime) -> None:
    """Let these rows hold, whatever held of the same before."""
    if writer.contents is Contents.SESSIONS:
        _write_sessions(db_session, writer, rows, now)
    else:
        for row in rows:
            _write_total(db_session, writer, row, now)


def _write_sessions(db_session: DbSession, writer: Writer, rows: Sequence[KeptRow], now: datetime) -> None:
    before = live_rows(db_session, [each.subject for each in rows])
    past = _past_sessions(db_session, writer, rows, now)
    ids = {row.id: held.session_id for row in rows if (held := before.get(row.subject)) and held.session_id}
    changed, new = [row for row in rows if row.id in ids], [row for row in rows if row.id not in ids]
    added = add_past_sessions(db_session, [past[row.id] for row in new], now)
    change_past_sessions(db_session, [(ids[row.id], past[row.id]) for row in changed], now)
    ids |= {row.id: number for row, number in zip(new, added, strict=True)}
    count_imported(db_session, [_visits(row, ids) for row in new], account_id=writer.account_id, now=now)
    recount_imported(db_session, [_visits(row, ids) for row in changed], account_id=writer.account_id, now=now)
    _take_over(db_session, rows, before, {"session_id": ids})
    fold_together(db_session, [ids[row.id] for row in rows], now)


def _take_over(
    db_session: DbSession, rows: Sequence[KeptRow], before: dict[str, KeptRow], became: dict[str, dict[int, int]]
) -> None:
    """Let these rows hold and no others of the same. ``became``: column > row id > what the row became."""
    own = {row.id for row in rows}
    others = [held.id for row in rows if (held := before.get(row.subject)) and held.id not in own]
    if others:
        db_session.execute(sa.update(_ROWS).where(_ROWS.c.id.in_(others)).values(live=False))
    ((column, ids),) = became.items()
    statement = sa.update(_ROWS).where(_ROWS.c.id == sa.bindparam("row"))
    statement = statement.values({column: sa.bindparam("became"), "live": True, "written": True})
    db_session.execute(statement, [{"row": row.id, "became": ids[row.id]} for row in rows])


def _visits(row: KeptRow, ids: dict[int, int]) -> Imported:
    return Imported(ids[row.id], f"import-{row.id}", row.facts["adults"], row.facts["children"])


def _past_sessions(
    db_session: DbSession, writer: Writer, rows: Sequence[KeptRow], now: datetime
) -> dict[int, PastSession]:
    """Row id > the session that it speaks of."""
    activities = _activities(db_session, writer, rows, now)
    venues = venue_ids(db_session)
    partners = _partner_ids(db_session, writer, rows)
    return {
        row.id: PastSession(
            activity=activities[row.facts["activity"], row.facts["action"]],
            on=date.fromisoformat(row.facts["on"]),
            at=time.fromisoformat(row.facts["time"]) if row.facts["time"] else None,
            venue_id=venues.get(plain(row.facts["venue"] or "")),
            languages=tuple(row.facts["languages"]),
            language_support=tuple(row.facts["support"]),
            partner_ids=tuple(partners[slug] for slug in row.facts["partners"]),
        )
        for row in rows
    }


def _activities(
    db_session: DbSession, writer: Writer, rows: Sequence[KeptRow], now: datetime
) -> dict[tuple[int | None, int | None], Activity]:
    targets = {(row.facts["activity"], row.facts["action"]) for row in rows}
    actions = {each.id: each for each in writer.programme.actions}
    found = {}
    for activity_id, action_id in targets:
        if activity_id is not None:
            found[activity_id, action_id] = db_session.get_one(Activity, activity_id)
        else:
            found[activity_id, action_id] = _history_of(db_session, writer.programme, actions[action_id], now)
    return found


def _history_of(db_session: DbSession, programme: ProgrammeOutline, action: ActionOutline, now: datetime) -> Activity:
    """The activity that holds the sessions of which only the action is known; nobody finds it among what is on."""
    slug = f"{HISTORY}{action.id}"
    known = db_session.scalar(sa.select(Activity).where(Activity.slug == slug))
    if known is not None:
        return known
    owner = next((each.organisation_id for each in action.parties), None)
    made = Activity(
        slug=slug,
        organisation_id=owner or db_session.scalars(sa.select(sa.func.min(Organisation.id))).one(),
        title=action.title,
        description=action.title,
        mark=next(each.mark for each in programme.domains for goal in each.goals if action in goal.actions),
        icon="visit",
        kind=kind_of(action),
        audience=audience_of(action),
        visibility=Visibility.CLOSED,
        sign_up=SignUpMode.NONE,
        duration_minutes=DURATION,
        languages=[],
        language_support=[],
        asks_age_groups=False,
        sensitive=False,
        contact_role={},
        contact_phone="",
        created_at=now,
    )
    first_on, last_on = date(action.first_year, 1, 1), date(action.last_year, 12, 31)
    made.serves = [ActivityAction(action_id=action.id, starts_on=first_on, ends_on=last_on)]
    db_session.add(made)
    db_session.flush()
    return made


def _partner_ids(db_session: DbSession, writer: Writer, rows: Sequence[KeptRow]) -> dict[str, int]:
    """Organisations by slug; those that nobody has spoken of before are added as associations."""
    slugs = {slug for row in rows for slug in row.facts["partners"]}
    wanted = sa.select(Organisation.slug, Organisation.id).where(Organisation.slug.in_(slugs))
    missing = slugs - {slug for slug, _number in db_session.execute(wanted)}
    for slug in sorted(missing):
        name = writer.partners.get(slug, slug)
        db_session.add(Organisation(slug=slug, kind=OrganisationKind.ASSOCIATION, name={"sv": name, "fi": name}))
    db_session.flush()
    return {each.slug: each.id for each in db_session.execute(wanted)}


def _write_total(db_session: DbSession, writer: Writer, row: KeptRow, now: datetime) -> None:
    """A total becomes a report that is handed in; one that somebody has made firm meanwhile stays."""
    place = row.facts["indicator"], row.facts["year"]
    _report_id, hindrance = reports_in_the_way(db_session, [row.facts]).get(place, (0, None))
    made = hindrance or _save(db_session, writer, row, now)
    if isinstance(made, Report):
        _take_over(db_session, [row], live_rows(db_session, [row.subject]), {"report_id": {row.id: made.id}})
        return
    spoiled = {"state": RowState.WRONG, "subject": None, "facts": {"problems": [made.kept()]}}
    db_session.execute(sa.update(_ROWS).where(_ROWS.c.id == row.id).values(spoiled))


def _save(db_session: DbSession, writer: Writer, row: KeptRow, now: datetime) -> Report | Problem:
    try:
        return save_report(
            db_session,
            _indicator(writer.programme, row.facts["indicator"]),
            row.facts["year"],
            _said(row),
            hand_in=True,
            account_id=writer.account_id,
            now=now,
            provenance=Provenance.IMPORTED,
        )
    except (StepNotPossible, NothingReported):
        return Problem("value", "accepted", {"value": None})


def _said(row: KeptRow) -> Said:
    facts: dict[str, Any] = row.facts
    return Said(
        value=facts["value"],
        numerator=facts["numerator"],
        denominator=facts["denominator"],
        reached_on=date.fromisoformat(facts["on"]) if facts["on"] else None,
        comment=row.source,
    )


def _indicator(programme: ProgrammeOutline, indicator_id: int) -> IndicatorOutline:
    return next(each for line in programme.lines for each in line.indicators if each.id == indicator_id)


def _end(db_session: DbSession, import_id: int) -> None:
    """Rows that changed nothing are not behind any figure; what is kept says where figures are from."""
    db_session.execute(
        sa.delete(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.state == RowState.SAME)
        .execution_options(synchronize_session=False)
    )
    wrong = sa.select(sa.func.count()).select_from(ImportRow)
    count = db_session.scalar(wrong.where(ImportRow.import_id == import_id, ImportRow.state == RowState.WRONG)) or 0
    finish(db_session, import_id, Progress.DONE, wrong=count)
