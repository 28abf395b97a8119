"""Loading a programme: what a file says is stored, what people edited since is never lost unasked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from integration.audit.services import Audited, record
from integration.kernel.database import Base, DbSession
from integration.organisations.models import Organisation
from integration.organisations.queries import organisations_by_slug
from integration.programme.errors import EditedInApp, StillInUse
from integration.programme.models import (
    Action,
    Domain,
    Goal,
    Indicator,
    MeterLine,
    Programme,
    Responsibility,
    Target,
)
from integration.programme.programme_file.entries import OrganisationEntry, ProgrammeEntry
from integration.programme.programme_file.records import Content, Level, Record, records
from integration.programme.rules import Verdict, differences, digest, verdict

MODELS: dict[Level, Any] = {
    Level.PROGRAMME: Programme,
    Level.DOMAIN: Domain,
    Level.GOAL: Goal,
    Level.ACTION: Action,
    Level.LINE: MeterLine,
    Level.INDICATOR: Indicator,
}
PARENTS = {
    Level.DOMAIN: (Level.PROGRAMME, "programme_id"),
    Level.GOAL: (Level.DOMAIN, "domain_id"),
    Level.ACTION: (Level.GOAL, "goal_id"),
    Level.LINE: (Level.ACTION, "action_id"),
    Level.INDICATOR: (Level.LINE, "line_id"),
}
OWN_TABLES = {model.__tablename__ for model in (*MODELS.values(), Responsibility, Target)}


@dataclass(frozen=True)
class LoadSummary:
    """What loading did: names of rows, as ``indicator culture-cafe``, and how many were right already."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


@dataclass
class _Load:
    """One load on its way: the rows that are there, and what has become of them so far."""

    db_session: DbSession
    slug: str
    overwrite: bool
    rows: dict[tuple[Level, str], Any] = field(default_factory=dict)
    wanted: frozenset[tuple[Level, str]] = frozenset()
    """What the file names."""
    organisation_ids: dict[str, int] = field(default_factory=dict)
    outcomes: dict[Verdict, list[str]] = field(default_factory=lambda: {each: [] for each in Verdict})

    def note(self, outcome: Verdict, name: str) -> None:
        """Remember what happened to a row."""
        self.outcomes[outcome].append(name)


def load_programme(
    db_session: DbSession, document: ProgrammeEntry, now: datetime, *, overwrite: bool = False
) -> LoadSummary:
    """Bring the stored programme to what the file says, matching rows by slug.

    Raises EditedInApp when rows were edited since the last load (unless ``overwrite``), and StillInUse when the file
    leaves out rows that other data needs; the caller then rolls back.
    """
    load = _Load(db_session, document.slug, overwrite)
    _load_organisations(load, document.organisations)
    load.rows = _stored_rows(db_session, document.slug)
    wanted = records(document)
    load.wanted = frozenset((each.level, each.slug) for listed in wanted.values() for each in listed)
    for level in Level:
        for each in wanted[level]:
            _load_record(load, each)
        db_session.flush()
    removed = _remove_the_rest(load, wanted)
    if load.outcomes[Verdict.EDITED]:
        raise EditedInApp(load.outcomes[Verdict.EDITED])
    return _concluded(load, load.rows[Level.PROGRAMME, document.slug], removed, now)


def _concluded(load: _Load, programme: Programme, removed: list[str], now: datetime) -> LoadSummary:
    added, changed = load.outcomes[Verdict.ADD], load.outcomes[Verdict.CHANGE]
    if added or changed or removed:
        programme.loaded_at = now
        numbers = {"added": len(added), "changed": len(changed), "removed": len(removed)}
        action = Audited.PROGRAMME_LOADED
        record(load.db_session, action, "programme", programme.id, account_id=None, now=now, **numbers)
    load.db_session.flush()
    return LoadSummary(tuple(added), tuple(changed), tuple(removed), len(load.outcomes[Verdict.KEEP]))


def _load_organisations(load: _Load, entries: Iterable[OrganisationEntry]) -> None:
    """Add the missing ones. Programmes share them and no digest is kept, so a differing one counts as edited."""
    known = organisations_by_slug(load.db_session)
    for entry in entries:
        row, wanted = known.get(entry.slug), {"kind": entry.kind, "name": entry.name}
        present = {"kind": row.kind, "name": row.name} if row else None
        outcome = _outcome(load, wanted, present, f"organisation {entry.slug}")
        if row is None:
            row = known[entry.slug] = Organisation(slug=entry.slug, **wanted)
            load.db_session.add(row)
        elif outcome is Verdict.CHANGE:
            row.kind, row.name = entry.kind, entry.name
    load.db_session.flush()
    load.organisation_ids = {slug: row.id for slug, row in known.items()}


def _outcome(
    load: _Load,
    wanted: Content,
    present: Content | None,
    name: str,
    loaded: str | None = None,
    details: tuple[list[Content], list[Content]] = ([], []),
) -> Verdict:
    """What is to happen to a row, noted; an edited one is changed where that was asked for."""
    present_digest = None if present is None else digest(present, details[1])
    outcome = verdict(digest(wanted, details[0]), present_digest, loaded)
    if outcome is Verdict.EDITED and load.overwrite:
        outcome = Verdict.CHANGE
    if outcome is Verdict.EDITED:
        parts = differences(wanted, present or {}) or ["targets or responsible parties"]
        name = f"{name}: {', '.join(parts)}"
    load.note(outcome, name)
    return outcome


def _stored_rows(db_session: DbSession, slug: str) -> dict[tuple[Level, str], Any]:
    """Every row of the programme with this slug, if there is one."""
    inside = sa.select(Programme.id).where(Programme.slug == slug).scalar_subquery()
    statements: dict[Level, sa.Select[Any]] = {
        Level.PROGRAMME: sa.select(Programme).where(Programme.slug == slug),
        Level.DOMAIN: sa.select(Domain).where(Domain.programme_id == inside),
        Level.GOAL: sa.select(Goal).join(Domain, Domain.id == Goal.domain_id).where(Domain.programme_id == inside),
        Level.ACTION: sa.select(Action)
        .where(Action.programme_id == inside)
        .options(selectinload(Action.responsibilities)),
        Level.LINE: sa.select(MeterLine).where(MeterLine.programme_id == inside),
        Level.INDICATOR: sa.select(Indicator)
        .where(Indicator.programme_id == inside)
        .options(selectinload(Indicator.targets)),
    }
    return {(level, row.slug): row for level, statement in statements.items() for row in db_session.scalars(statement)}


def _load_record(load: _Load, each: Record) -> None:
    row = load.rows.get((each.level, each.slug))
    wanted_details = _wanted_details(load, each)
    present = {name: getattr(row, name) for name in each.content} if row else None
    details = (wanted_details, _present_details(row))
    outcome = _outcome(load, each.content, present, each.name, row.file_digest if row else None, details)
    if outcome is Verdict.EDITED:
        return
    if row is None:
        row = load.rows[each.level, each.slug] = MODELS[each.level](slug=each.slug)
        load.db_session.add(row)
    if outcome is not Verdict.KEEP:
        _write_details(load, row, wanted_details)
    _write(row, {**each.content, **_place(load, each), "file_digest": digest(each.content, wanted_details)})


def _write(row: Any, columns: Content) -> None:
    """Set what differs: an equal JSON value set again would still be an UPDATE."""
    for name, value in columns.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _place(load: _Load, each: Record) -> Content:
    """Where in the programme a row stands; to move it is no change of what it says, and never an edit of the app."""
    if each.level is Level.PROGRAMME:
        return {}
    parent_level, key = PARENTS[each.level]
    place = {"position": each.position, key: load.rows[parent_level, each.parent].id}
    if hasattr(MODELS[each.level], "programme_id"):
        place["programme_id"] = load.rows[Level.PROGRAMME, load.slug].id
    return place


def _wanted_details(load: _Load, each: Record) -> list[Content]:
    """The record's small rows as columns, organisations by their id."""
    if each.level is not Level.ACTION:
        return each.details
    return [
        {"organisation_id": load.organisation_ids[detail["organisation"]], **_without(detail, "organisation")}
        for detail in each.details
    ]


def _without(content: Content, name: str) -> Content:
    return {key: value for key, value in content.items() if key != name}


PARTY_COLUMNS = ("organisation_id", "part", "starts_on", "ends_on")
TARGET_COLUMNS = ("year", "form", "period", "lower", "upper", "planned")


def _present_details(row: Any) -> list[Content]:
    match row:
        case Action():
            return [{name: getattr(each, name) for name in PARTY_COLUMNS} for each in row.responsibilities]
        case Indicator():
            return [{name: getattr(each, name) for name in TARGET_COLUMNS} for each in row.targets]
    return []


def _write_details(load: _Load, row: Any, wanted: list[Content]) -> None:
    """Replace an action's parties or an indicator's targets; the old ones go first, for the unique constraints."""
    match row:
        case Action():
            row.responsibilities.clear()
            _flush_if_stored(load, row)
            row.responsibilities.extend(Responsibility(**each) for each in wanted)
        case Indicator():
            row.targets.clear()
            _flush_if_stored(load, row)
            row.targets.extend(Target(**each) for each in wanted)


def _flush_if_stored(load: _Load, row: Any) -> None:
    if row.id is not None:
        load.db_session.flush()


def _remove_the_rest(load: _Load, wanted: dict[Level, list[Record]]) -> list[str]:
    """Remove, from the innermost level out, what files once loaded and this one leaves out; returns their names."""
    removed: list[str] = []
    needed: list[str] = []
    for level in reversed(Level):
        gone = _left_out(load, level, {each.slug for each in wanted[level]}, list(wanted[level][0].content))
        needed += [gone[each] for each in _needed_elsewhere(load.db_session, MODELS[level], list(gone))]
        removed += gone.values()
        if gone and not needed:
            load.db_session.execute(sa.delete(MODELS[level]).where(MODELS[level].id.in_(gone)))
    if needed:
        raise StillInUse(sorted(needed))
    return removed


def _left_out(load: _Load, level: Level, named: set[str], columns: list[str]) -> dict[int, str]:
    """Names, by id, of rows that a file once gave and this one does not; edited ones are noted instead.

    A row that was added in the application stays whatever the file says, unless what it stands under goes.
    """
    gone = {}
    for (row_level, slug), row in load.rows.items():
        if row_level is not level or slug in named or (row.file_digest is None and not _falls_with(load, level, row)):
            continue
        present = digest({name: getattr(row, name) for name in columns}, _present_details(row))
        if present == row.file_digest or load.overwrite:
            gone[row.id] = f"{level} {slug}"
        else:
            added = "added in the application, under what the file leaves out"
            how = "left out of the file" if row.file_digest else added
            load.note(Verdict.EDITED, f"{level} {slug}: {how}")
    return gone


def _falls_with(load: _Load, level: Level, row: Any) -> bool:
    """Whether something that a row stands under is left out of the file: to remove that would remove the row too."""
    while level in PARENTS:
        level, key = PARENTS[level]
        inside = getattr(row, key)
        row = next(each for (other, _slug), each in load.rows.items() if other is level and each.id == inside)
        if (level, row.slug) not in load.wanted and row.file_digest is not None:
            return True
    return False


def _needed_elsewhere(db_session: DbSession, model: Any, ids: list[int]) -> list[int]:
    """Which of these rows other features point at, whoever they are: the schema knows, so no import is needed."""
    found: set[int] = set()
    keys = [
        key for table in Base.metadata.tables.values() if table.name not in OWN_TABLES for key in table.foreign_keys
    ]
    for key in keys:
        if ids and key.column.table is model.__table__:
            found.update(db_session.scalars(sa.select(key.parent).where(key.parent.in_(ids))))
    return sorted(found)
