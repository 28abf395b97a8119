"""Editing a programme in place and adding to it: what it said before is kept, and a file undoes nothing unasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from integration.indicators.models import Provenance, Report, Stage
from integration.indicators.services import keep_what_was_asked
from integration.kernel import events
from integration.kernel.database import DbSession
from integration.programme.errors import EditedInApp, FigureLocked, OutsideItsYears, ProgrammeClosed, StillInUse
from integration.programme.events import AskedOtherwise
from integration.programme.models import (
    Action,
    Edit,
    Goal,
    Indicator,
    IndicatorKind,
    Measure,
    MeterLine,
    Part,
    Programme,
    TargetForm,
    TargetPeriod,
)
from integration.programme.programme_file import read_programme
from integration.programme.queries import edits_of, programme_outline, responsible_parties
from integration.programme.rules import NewIndicator, PartyTerm, TargetTerm, ended_after, slug_of, with_party
from integration.programme.services import (
    Editor,
    add_action,
    add_goal,
    add_indicator,
    add_line,
    close_programme,
    edit_row,
    load_programme,
    parties_of,
    set_parties,
    set_targets,
    targets_of,
)
from tests.factories.figures import computed, indicator, make_action, make_line, make_programme, target
from tests.factories.organisations import make_organisation

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BY = Editor(7, NOW)
YEARLY = TargetTerm(None, TargetForm.MINIMUM, TargetPeriod.YEAR, 9)
VAASA = Path(__file__).resolve().parents[3] / "programmes" / "vaasa-2023-2026.yaml"


@pytest.fixture
def programme(db_session: DbSession, monkeypatch: pytest.MonkeyPatch) -> Iterator[Programme]:
    """2023 to 2026 with a café that has a monthly target, and a film club."""
    monkeypatch.setattr(events, "_reactions", {AskedOtherwise: (keep_what_was_asked,)})
    made = make_programme(db_session, slug="town-2023-2026")
    monthly = target(TargetForm.EXACT, TargetPeriod.MONTH, 1)
    make_line(db_session, make_action(db_session, made, slug="cafe"), computed(Measure.MONTHS, monthly, slug="cafe"))
    films = indicator(IndicatorKind.REPORTED, slug="films")
    make_line(db_session, make_action(db_session, made, slug="films"), films)
    db_session.expire_all()
    yield made


def row(db_session: DbSession, model: type, slug: str) -> object:
    """The row with this slug."""
    return db_session.scalars(sa.select(model).where(model.slug == slug)).one()  # type: ignore[attr-defined]


def test_an_edit_keeps_what_was_said_before(db_session: DbSession, programme: Programme) -> None:
    cafe, one = row(db_session, Action, "cafe"), row(db_session, Indicator, "cafe")
    assert isinstance(cafe, Action) and isinstance(one, Indicator)
    title = dict(cafe.title)
    changed = {**title, "sv": "Kulturcafé"}
    assert edit_row(db_session, programme, cafe, {"title": changed}, BY)
    assert not edit_row(db_session, programme, cafe, {"title": changed}, BY)
    assert set_targets(db_session, programme, one, [YEARLY], BY)
    assert not set_targets(db_session, programme, one, [YEARLY], BY)
    newest, first = edits_of(db_session, programme.id)
    assert (first.level, first.before, first.after) == ("action", {"title": title}, {"title": changed})
    assert (newest.before["targets"][0]["period"], newest.after["targets"][0]["lower"]) == ("month", 9)
    assert targets_of(one) == [YEARLY]


def test_what_is_added_says_who_answers_for_it_and_is_in_the_outline(
    db_session: DbSession, programme: Programme
) -> None:
    owner = make_organisation(db_session)
    goal = add_goal(db_session, programme, programme.domains[0], {"sv": "Nytt mål", "fi": "Uusi"}, BY)
    party = PartyTerm(owner.id, Part.RESPONSIBLE, date(2025, 3, 1), date(2026, 6, 30))
    title = {"sv": "Språkcafé i parken", "fi": "Kielikahvila"}
    years = {"first_year": 2025, "last_year": 2026}
    action = add_action(db_session, programme, goal, title=title, ongoing=False, party=party, by=BY, **years)
    new = NewIndicator({"sv": "Tillfällen", "fi": "Kerrat"}, IndicatorKind.COMPUTED, Measure.HELD, "sessions", **years)
    line = add_line(db_session, programme, action, {"sv": "Antal tillfällen", "fi": "Kertojen määrä"}, new, BY)
    ready = NewIndicator({"sv": "Klar", "fi": "Valmis"}, IndicatorKind.MILESTONE, None, "milestone", **years, due=2026)
    add_indicator(db_session, programme, line, ready, BY)
    db_session.expire_all()
    outline = programme_outline(db_session, programme.id)
    assert outline is not None
    found = next(each for each in outline.actions if each.id == action.id)
    assert (found.slug, found.lines[0].slug, found.lines[0].main.slug) == (
        "sprakcafe-i-parken",
        "tillfallen",
        "tillfallen",
    )
    assert [each.due_year for each in found.lines[0].indicators] == [None, 2026]
    on = {
        day: responsible_parties(db_session, programme.id, day).get(action.id)
        for day in (date(2025, 2, 28), date(2025, 3, 1))
    }
    assert on == {date(2025, 2, 28): None, date(2025, 3, 1): (owner,)}
    assert [each.before for each in edits_of(db_session, programme.id)] == [{}] * 5
    outside = NewIndicator({"sv": "x"}, IndicatorKind.REPORTED, None, "count", 2022, 2026)
    with pytest.raises(OutsideItsYears):
        add_indicator(db_session, programme, line, outside, BY)


def test_meters_end_and_go_on_with_their_action(db_session: DbSession, programme: Programme) -> None:
    films, meter = row(db_session, Action, "films"), row(db_session, Indicator, "films")
    assert isinstance(films, Action) and isinstance(meter, Indicator)
    edit_row(db_session, programme, films, {"last_year": 2024}, BY)
    assert meter.last_year == 2024
    edit_row(db_session, programme, films, {"last_year": 2025}, BY)
    assert meter.last_year == 2025
    with pytest.raises(OutsideItsYears):
        edit_row(db_session, programme, films, {"last_year": 2031}, BY)


def test_what_a_locked_figure_was_measured_against_stays(db_session: DbSession, programme: Programme) -> None:
    cafe = row(db_session, Indicator, "cafe")
    assert isinstance(cafe, Indicator)
    said = {"stage": Stage.LOCKED, "provenance": Provenance.COMPUTED, "applies": True, "value": 9, "personal": False}
    db_session.add(Report(indicator_id=cafe.id, year=2024, revision=1, opened_at=NOW, **said))
    db_session.flush()
    for refused in ([YEARLY], [], [TargetTerm(2024, TargetForm.EXACT, TargetPeriod.YEAR, 1)]):
        with pytest.raises(FigureLocked), db_session.begin_nested():
            set_targets(db_session, programme, cafe, refused, BY)
    with pytest.raises(FigureLocked), db_session.begin_nested():
        edit_row(db_session, programme, cafe, {"last_year": 2023}, BY)
    db_session.expire_all()
    assert set_targets(db_session, programme, cafe, ended_after(targets_of(cafe), 2025, range(2023, 2027)), BY)
    assert [each.year for each in targets_of(cafe)] == [2023, 2024, 2025]
    assert edit_row(db_session, programme, cafe, {"last_year": 2025}, BY)


def test_a_closed_programme_takes_nothing_more(db_session: DbSession, programme: Programme) -> None:
    cafe = row(db_session, Action, "cafe")
    assert isinstance(cafe, Action)
    close_programme(programme, NOW)
    with pytest.raises(ProgrammeClosed):
        add_goal(db_session, programme, programme.domains[0], {"sv": "x"}, BY)
    with pytest.raises(ProgrammeClosed):
        set_parties(db_session, programme, cafe, [], BY)
    with pytest.raises(ProgrammeClosed):
        set_targets(db_session, programme, cafe.lines[0].indicators[0], [], BY)
    assert db_session.scalars(sa.select(Edit)).all() == []


def test_owners_follow_each_other_without_a_gap(db_session: DbSession, programme: Programme) -> None:
    cafe = row(db_session, Action, "cafe")
    assert isinstance(cafe, Action)
    old, new, friend = (make_organisation(db_session).id for _ in range(3))
    first = PartyTerm(old, Part.RESPONSIBLE, date(2023, 1, 1), None)
    beside = PartyTerm(friend, Part.PARTNER, date(2023, 1, 1), None)
    taking_over = PartyTerm(new, Part.RESPONSIBLE, date(2025, 2, 1), None)
    set_parties(db_session, programme, cafe, [first, beside], BY)
    set_parties(db_session, programme, cafe, with_party(parties_of(cafe), taking_over, takes_over=True), BY)
    assert {(each.organisation_id, each.ends_on) for each in parties_of(cafe)} == {
        (old, date(2025, 1, 31)),
        (new, None),
        (friend, None),
    }
    assert edits_of(db_session, programme.id)[0].after["parties"][-1]["ends_on"] in (None, "2025-01-31")


def test_a_file_keeps_what_was_added_and_stops_where_it_would_fall(db_session: DbSession) -> None:
    document = read_programme(VAASA.read_bytes())
    load_programme(db_session, document, NOW)
    loaded = db_session.scalars(sa.select(Programme)).one()
    last = loaded.domains[-1]
    goal, line = last.goals[0], last.goals[0].actions[0].lines[0]
    named = add_goal(db_session, loaded, last, {"sv": "Nytt mål", "fi": "Uusi tavoite"}, BY)
    new = NewIndicator({"sv": "Ny", "fi": "Uusi"}, IndicatorKind.REPORTED, None, "count", 2026, 2026)
    added = add_indicator(db_session, loaded, line, new, BY)
    db_session.flush()
    assert load_programme(db_session, document, NOW).removed == ()
    assert db_session.get(Goal, named.id) and db_session.get(Indicator, added.id)
    shorter = replace(document, domains=document.domains[:-1])
    with pytest.raises(EditedInApp) as refusal, db_session.begin_nested():
        load_programme(db_session, shorter, NOW)
    assert refusal.value.edits == (
        "indicator ny: added in the application, under what the file leaves out",
        "goal nytt-mal: added in the application, under what the file leaves out",
    )
    said = {"stage": Stage.DRAFT, "provenance": Provenance.REPORTED, "applies": True, "value": 1, "personal": False}
    kept = Report(indicator_id=added.id, year=2026, revision=1, opened_at=NOW, **said)
    db_session.add(kept)
    db_session.flush()
    with pytest.raises(StillInUse), db_session.begin_nested():
        load_programme(db_session, shorter, NOW, overwrite=True)
    db_session.delete(kept)
    db_session.flush()
    assert "goal nytt-mal" in load_programme(db_session, shorter, NOW, overwrite=True).removed
    assert db_session.scalars(sa.select(MeterLine.id).where(MeterLine.id == line.id)).all() == []
    assert goal.id


def test_slugs_are_plain_and_apart() -> None:
    assert slug_of("Språkcafé – i parken!", set()) == "sprakcafe-i-parken"
    assert slug_of("Café", {"cafe", "cafe-2"}) == "cafe-3"
    assert slug_of("مقهى", set()) == "row"
