"""Editing a programme in place: the council updates it while it runs, and what it said before is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.programme.errors import OutsideItsYears, ProgrammeClosed
from integration.programme.events import AskedOtherwise
from integration.programme.models import (
    Action,
    Domain,
    Edit,
    Goal,
    Indicator,
    MeterLine,
    Programme,
    Responsibility,
    Target,
)
from integration.programme.rules import PartyTerm, TargetTerm, years_that_differ

LEVELS: dict[type, str] = {
    Programme: "programme",
    Domain: "domain",
    Goal: "goal",
    Action: "action",
    MeterLine: "line",
    Indicator: "indicator",
}
Row = Programme | Domain | Goal | Action | MeterLine | Indicator


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes a programme, and when."""

    account_id: int
    now: datetime


def edit_row(db_session: DbSession, programme: Programme, row: Row, columns: Mapping[str, Any], by: Editor) -> bool:
    """Change these columns and keep what they said; False when nothing differs.

    Whoever ends an action early ends its meters with it. Raises ProgrammeClosed, OutsideItsYears, FigureLocked.
    """
    require_open(programme)
    before = {name: getattr(row, name) for name, value in columns.items() if getattr(row, name) != value}
    if not before:
        return False
    years = years_of(row)
    for name in before:
        setattr(row, name, columns[name])
    _require_years_inside(programme, row)
    if isinstance(row, Indicator):
        _tell(db_session, row, years ^ years_of(row))
    note(db_session, programme, row, (before, {name: columns[name] for name in before}), by)
    if isinstance(row, Action) and years != years_of(row):
        _let_meters_follow(db_session, programme, row, years, by)
    return True


def set_targets(
    db_session: DbSession, programme: Programme, indicator: Indicator, targets: Iterable[TargetTerm], by: Editor
) -> bool:
    """Let these be an indicator's targets; False when they are already. Raises ProgrammeClosed, FigureLocked."""
    require_open(programme)
    before, after = targets_of(indicator), sorted(targets, key=_by_year)
    if before == after:
        return False
    _tell(db_session, indicator, years_that_differ(before, after, years_of(indicator)))
    indicator.targets.clear()
    db_session.flush()
    indicator.targets.extend(Target(**asdict(each)) for each in after)
    plain = [[asdict(each) for each in terms] for terms in (before, after)]
    note(db_session, programme, indicator, ({"targets": plain[0]}, {"targets": plain[1]}), by)
    return True


def set_parties(
    db_session: DbSession, programme: Programme, action: Action, parties: Iterable[PartyTerm], by: Editor
) -> bool:
    """Let these be who answers for an action and takes part in it; False when they are. Raises ProgrammeClosed."""
    require_open(programme)
    before, after = parties_of(action), sorted(parties, key=_by_beginning)
    if before == after:
        return False
    action.responsibilities.clear()
    db_session.flush()
    action.responsibilities.extend(Responsibility(**asdict(each)) for each in after)
    plain = [[_plain(each) for each in terms] for terms in (before, after)]
    note(db_session, programme, action, ({"parties": plain[0]}, {"parties": plain[1]}), by)
    return True


def targets_of(indicator: Indicator) -> list[TargetTerm]:
    """An indicator's targets, the one for every year first."""
    terms = (
        TargetTerm(each.year, each.form, each.period, each.lower, each.upper, each.planned)
        for each in indicator.targets
    )
    return sorted(terms, key=_by_year)


def parties_of(action: Action) -> list[PartyTerm]:
    """Who answers for an action and takes part in it, in the order in which they began."""
    terms = (
        PartyTerm(each.organisation_id, each.part, each.starts_on, each.ends_on) for each in action.responsibilities
    )
    return sorted(terms, key=_by_beginning)


def years_of(row: Any) -> frozenset[int]:
    """The years in which an action or an indicator applies; none for what has no years."""
    return frozenset(range(row.first_year, row.last_year + 1)) if hasattr(row, "first_year") else frozenset()


def require_open(programme: Programme) -> None:
    """Raise ProgrammeClosed for a programme that is only read."""
    if programme.closed_at is not None:
        raise ProgrammeClosed


def note(
    db_session: DbSession,
    programme: Programme,
    row: Row,
    change: tuple[dict[str, Any], dict[str, Any]],
    by: Editor,
) -> None:
    """Write the change into the programme's history and leave a trace."""
    level, (before, after) = LEVELS[type(row)], change
    db_session.add(
        Edit(
            programme_id=programme.id,
            level=level,
            row_id=row.id,
            before=before,
            after=after,
            at=by.now,
            account_id=by.account_id,
        )
    )
    db_session.flush()
    facts = {"account_id": by.account_id, "now": by.now, "programme": programme.id}
    record(db_session, Audited.PROGRAMME_EDITED, level, row.id, **facts)  # type: ignore[arg-type]


def publish_programme(db_session: DbSession, programme: Programme, *, account_id: int, now: datetime) -> None:
    """Show a draft to everybody. Publishing twice changes nothing."""
    if programme.draft:
        programme.draft = False
        record(db_session, Audited.PROGRAMME_PUBLISHED, "programme", programme.id, account_id=account_id, now=now)


def close_programme(programme: Programme, now: datetime) -> None:
    """Every figure of every year is locked: from now on the programme is only read."""
    programme.closed_at = programme.closed_at or now


def _require_years_inside(programme: Programme, row: Row) -> None:
    own = years_of(row)
    if isinstance(row, (Action, Indicator)) and not (own and own <= years_of(programme)):
        raise OutsideItsYears


def _let_meters_follow(
    db_session: DbSession, programme: Programme, action: Action, years: frozenset[int], by: Editor
) -> None:
    """Meters end with their action, and go on with it if they ended on its former last day."""
    last, ends_earlier = max(years), action.last_year < max(years)
    for line in action.lines:
        for indicator in line.indicators:
            if indicator.last_year == last or (ends_earlier and indicator.last_year > action.last_year):
                ends = max(action.last_year, indicator.first_year)
                edit_row(db_session, programme, indicator, {"last_year": ends}, by)


def _tell(db_session: DbSession, indicator: Indicator, years: frozenset[int]) -> None:
    if years:
        publish(db_session, AskedOtherwise(indicator.id, years))


def _by_year(term: TargetTerm) -> int:
    return term.year or 0


def _by_beginning(term: PartyTerm) -> tuple[Any, ...]:
    return (term.part, term.starts_on, term.organisation_id)


def _plain(term: PartyTerm) -> dict[str, Any]:
    """As JSON can hold it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(term).items()}
