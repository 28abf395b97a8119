"""Loading a programme into the database: once, again, over edits, and with rows left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from integration.programme.errors import EditedInApp
from integration.programme.models import (
    Action,
    Domain,
    Goal,
    Indicator,
    MeterLine,
    Programme,
    Target,
    TargetPeriod,
)
from integration.programme.programme_file import ProgrammeEntry, read_programme
from integration.programme.programme_file.entries import IndicatorEntry
from integration.programme.queries import (
    actions_by_slug,
    current_programme,
    programme_by_slug,
    programme_outline,
    responsible_parties,
)
from integration.programme.services import LoadSummary, load_programme

VAASA = Path(__file__).resolve().parents[3] / "programmes" / "vaasa-2023-2026.yaml"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def vaasa() -> ProgrammeEntry:
    """The programme that ships with the product."""
    return read_programme(VAASA.read_bytes())


def test_the_shipped_programme_is_stored_whole(db_session: Session, vaasa: ProgrammeEntry) -> None:
    summary = load_programme(db_session, vaasa, NOW)
    numbers = [
        db_session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Domain, Goal, Action, MeterLine)
    ]
    assert numbers == [8, 26, 60, 63]
    assert not summary.changed and not summary.removed and not summary.unchanged
    assert "indicator culture-cafe-visits" in summary.added


def test_loading_twice_changes_nothing(db_session: Session, vaasa: ProgrammeEntry) -> None:
    first = load_programme(db_session, vaasa, NOW)
    db_session.commit()
    db_session.expire_all()
    second = load_programme(db_session, vaasa, LATER)
    assert second == LoadSummary((), (), (), len(first.added))
    assert programme_by_slug(db_session, vaasa.slug).loaded_at == NOW  # type: ignore[union-attr]


def test_loading_twice_writes_nothing(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    db_session.commit()
    db_session.expire_all()
    statements = _statements(db_session)
    load_programme(db_session, vaasa, LATER)
    assert {statement.split()[0] for statement in statements} == {"SELECT"}


def test_a_changed_file_changes_only_what_differs(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    summary = load_programme(db_session, _with_indicator(vaasa, "culture-cafe", unit="weeks"), LATER)
    assert summary.changed == ("indicator culture-cafe",)
    assert not summary.added and not summary.removed
    assert programme_by_slug(db_session, vaasa.slug).loaded_at == LATER  # type: ignore[union-attr]


def test_a_changed_target_replaces_the_old_one(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    fairs = next(each for each in _indicators(vaasa) if each.slug == "mini-recruitment-fairs")
    other = replace(fairs.targets[0], lower=3)
    load_programme(db_session, _with_indicator(vaasa, fairs.slug, targets=(other,)), LATER)
    row = db_session.scalars(sa.select(Indicator).where(Indicator.slug == fairs.slug)).one()
    assert [(each.lower, each.upper) for each in row.targets] == [(3, 5)]


def test_a_text_edited_in_the_app_stops_the_load(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    action = db_session.scalars(sa.select(Action).where(Action.slug == "culture-cafe")).one()
    action.title = {**action.title, "fi": "Kulttuurikahvila Ritz"}
    line = db_session.scalars(sa.select(MeterLine).where(MeterLine.slug == "network")).one()
    line.text = {**line.text, "sv": "Andra ord", "en": "Other words"}
    db_session.flush()
    with pytest.raises(EditedInApp) as refusal:
        load_programme(db_session, vaasa, LATER)
    assert refusal.value.edits == ("action culture-cafe: title (fi)", "line network: text (en, sv)")


def test_an_edit_is_replaced_when_that_is_asked_for(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    action = db_session.scalars(sa.select(Action).where(Action.slug == "culture-cafe")).one()
    action.title = {**action.title, "fi": "Kulttuurikahvila Ritz"}
    summary = load_programme(db_session, vaasa, LATER, overwrite=True)
    assert summary.changed == ("action culture-cafe",)
    assert action.title["fi"] == "Kulttuurikahvila"


def test_planned_weeks_set_in_the_app_are_an_edit(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    target = db_session.scalars(sa.select(Target).where(Target.year == 2026, Target.period == TargetPeriod.WEEK)).one()
    target.planned = 37
    with pytest.raises(EditedInApp) as refusal:
        load_programme(db_session, vaasa, LATER)
    assert refusal.value.edits == ("indicator family-school: targets or responsible parties",)


def test_an_edit_that_the_file_has_caught_up_with_is_no_conflict(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    row = db_session.scalars(sa.select(Indicator).where(Indicator.slug == "culture-cafe")).one()
    row.unit = "weeks"
    summary = load_programme(db_session, _with_indicator(vaasa, "culture-cafe", unit="weeks"), LATER)
    assert summary.changed == ()
    again = load_programme(db_session, vaasa, LATER)
    assert again.changed == ("indicator culture-cafe",)


def test_rows_left_out_of_the_file_go(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    summary = load_programme(db_session, _without_last_domain(vaasa), LATER)
    assert "domain follow-up" in summary.removed and "indicator follow-up" in summary.removed
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Action)) == 59
    assert db_session.scalars(sa.select(Indicator).where(Indicator.slug.like("follow-up%"))).all() == []


def test_a_row_made_in_the_app_stays(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    programme = db_session.scalars(sa.select(Programme)).one()
    own = Domain(programme_id=programme.id, slug="own", position=8, mark="work", title={"sv": "Eget"})
    db_session.add(own)
    db_session.flush()
    assert load_programme(db_session, vaasa, LATER).removed == ()
    assert db_session.get(Domain, own.id) is not None


def test_an_owner_that_changes_is_found_by_date(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    programme = programme_by_slug(db_session, vaasa.slug)
    assert programme is not None
    action = actions_by_slug(db_session, programme.id, ["digihyva"])["digihyva"]
    before = responsible_parties(db_session, programme.id, date(2024, 12, 31))[action.id]
    after = responsible_parties(db_session, programme.id, date(2025, 1, 1))[action.id]
    assert [each.slug for each in before] == ["vamia"]
    assert [each.slug for each in after] == ["employment-ecosystem"]


def test_the_outline_holds_the_programme_in_its_order(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    programme = current_programme(db_session, date(2026, 11, 24))
    assert programme is not None
    outline = programme_outline(db_session, programme.id)
    assert outline is not None
    assert [action.number for action in outline.actions] == [str(number) for number in range(1, 61)]
    assert [line.main.slug for line in outline.lines] == [line.slug for line in outline.lines]
    cafe = next(line for line in outline.lines if line.slug == "culture-cafe")
    assert cafe.main.target_in(2025).lower == 1  # type: ignore[union-attr]
    school = next(line for line in outline.lines if line.slug == "family-school")
    assert school.main.target_in(2026).planned == 40  # type: ignore[union-attr]
    clinic = outline.actions[0]
    assert clinic.lines[0].main.due_year == 2023
    assert [party.slug for party in clinic.responsible(date(2023, 6, 1))] == ["employment-ecosystem"]
    assert [party.slug for party in clinic.partners(date(2023, 6, 1))] == ["ehja"]


def test_the_outline_takes_six_statements(db_session: Session, vaasa: ProgrammeEntry) -> None:
    load_programme(db_session, vaasa, NOW)
    programme = programme_by_slug(db_session, vaasa.slug)
    assert programme is not None
    statements = _statements(db_session)
    programme_outline(db_session, programme.id)
    assert len(statements) <= 6


def test_an_unknown_programme_has_no_outline(db_session: Session) -> None:
    assert programme_outline(db_session, 7) is None
    assert current_programme(db_session, date(2026, 11, 24)) is None


def _indicators(document: ProgrammeEntry) -> list[IndicatorEntry]:
    return [
        indicator
        for domain in document.domains
        for goal in domain.goals
        for action in goal.actions
        for line in action.lines
        for indicator in line.indicators
    ]


def _with_indicator(document: ProgrammeEntry, slug: str, **changes: object) -> ProgrammeEntry:
    """The same programme with one indicator changed."""

    def changed(entry: Any, inner: tuple[str, ...]) -> Any:
        if not inner:
            return replace(entry, **changes) if entry.slug == slug else entry
        children = tuple(changed(child, inner[1:]) for child in getattr(entry, inner[0]))
        return replace(entry, **{inner[0]: children})

    found: ProgrammeEntry = changed(document, ("domains", "goals", "actions", "lines", "indicators"))
    return found


def _without_last_domain(document: ProgrammeEntry) -> ProgrammeEntry:
    return replace(document, domains=document.domains[:-1])


def _statements(db_session: Session) -> list[str]:
    """The statements that the session's database gets from now on."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT")):
            found.append(statement)

    event.listen(db_session.get_bind(), "before_cursor_execute", note)
    return found
