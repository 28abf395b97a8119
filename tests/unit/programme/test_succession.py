"""A successor: what goes on, what ends, what is merged, and what moves over to it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from integration.activities.models import ActivityAction
from integration.activities.services import move_servings
from integration.kernel import events
from integration.kernel.database import DbSession
from integration.programme.errors import MergedIntoNothing, NotAfter, ProgrammeClosed, SlugTaken
from integration.programme.events import ProgrammeSucceeded
from integration.programme.models import (
    Action,
    IndicatorKind,
    Measure,
    Programme,
    Succession,
    TargetForm,
    TargetPeriod,
)
from integration.programme.queries import current_programme, programme_outline
from integration.programme.rules import Choice, Fate
from integration.programme.services import Editor, close_programme, edit_row, publish_programme, succeed
from integration.wiring import REACTIONS
from tests.factories.activities import make_activity
from tests.factories.figures import computed, indicator, make_action, make_line, make_programme, serve, target

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def former(db_session: DbSession, monkeypatch: pytest.MonkeyPatch) -> Programme:
    """2023 to 2026 with four actions: a café, a fair, a film club and a website."""
    monkeypatch.setattr(events, "_reactions", {ProgrammeSucceeded: (move_servings,)})
    programme = make_programme(db_session, slug="town-2023-2026")
    monthly = target(TargetForm.EXACT, TargetPeriod.MONTH, 1)
    due = target(TargetForm.EXACT, TargetPeriod.ONCE, 1, year=2024)
    for slug in ("cafe", "fair", "films", "website"):
        action = make_action(db_session, programme, slug=slug)
        made = computed(Measure.MONTHS, monthly, slug=f"{slug}-months") if slug == "cafe" else None
        made = made or indicator(IndicatorKind.MILESTONE, slug=f"{slug}-ready")
        if slug == "website":
            made.targets = [due]
        make_line(db_session, action, made, slug=f"{slug}-line")
    db_session.expire_all()
    return programme


def actions(db_session: DbSession, programme: Programme) -> dict[str, Action]:
    """Its actions by slug."""
    return {
        each.slug: each for each in db_session.scalars(sa.select(Action).where(Action.programme_id == programme.id))
    }


def successor(db_session: DbSession, former: Programme, **choices: Choice) -> Programme:
    """The programme of 2027 to 2030 with these choices, by slug."""
    old = actions(db_session, former)
    return succeed(
        db_session,
        former,
        slug="town-2027-2030",
        title={"sv": "Programmet 2027–2030", "fi": "Ohjelma 2027–2030"},
        first_year=2027,
        last_year=2030,
        choices={old[slug].id: choice for slug, choice in choices.items()},
        account_id=1,
        now=NOW,
    )


def test_slugs_and_meters_go_on_and_links_lead_back(db_session: DbSession, former: Programme) -> None:
    old = actions(db_session, former)
    new = successor(
        db_session, former, films=Choice(Fate.END), fair=Choice(Fate.MERGE, old["cafe"].id), website=Choice(Fate.CHANGE)
    )
    made = actions(db_session, new)
    assert set(made) == {"cafe", "website"}
    links = set(db_session.execute(sa.select(Succession.former_id, Succession.action_id)).all())
    assert links == {
        (old["cafe"].id, made["cafe"].id),
        (old["fair"].id, made["cafe"].id),
        (old["website"].id, made["website"].id),
    }
    db_session.expire_all()
    outline = programme_outline(db_session, new.id)
    assert outline is not None
    cafe, website = (line.main for line in outline.lines)
    assert (cafe.slug, cafe.first_year, cafe.last_year) == ("cafe-months", 2027, 2030)
    assert [(each.form, each.period, each.lower) for each in cafe.targets] == [
        (TargetForm.EXACT, TargetPeriod.MONTH, 1)
    ]
    assert website.due_year == 2030
    assert (new.former_id, new.draft) == (former.id, True)


def test_activities_move_over_by_date(db_session: DbSession, former: Programme) -> None:
    old = actions(db_session, former)
    both, ended, past = make_activity(db_session), make_activity(db_session), make_activity(db_session)
    serve(db_session, both, old["cafe"], date(2024, 1, 1))
    serve(db_session, both, old["fair"], date(2024, 1, 1))
    serve(db_session, ended, old["films"], date(2024, 1, 1))
    serve(db_session, past, old["cafe"], date(2023, 1, 1), date(2025, 6, 1))
    new = successor(db_session, former, films=Choice(Fate.END), fair=Choice(Fate.MERGE, old["cafe"].id))
    cafe = actions(db_session, new)["cafe"]
    rows = {
        (row.activity_id, row.action_id): (row.starts_on, row.ends_on)
        for row in db_session.scalars(sa.select(ActivityAction))
    }
    last = date(2026, 12, 31)
    assert rows == {
        (both.id, old["cafe"].id): (date(2024, 1, 1), last),
        (both.id, old["fair"].id): (date(2024, 1, 1), last),
        (both.id, cafe.id): (date(2027, 1, 1), None),
        (ended.id, old["films"].id): (date(2024, 1, 1), last),
        (past.id, old["cafe"].id): (date(2023, 1, 1), date(2025, 6, 1)),
    }


def test_a_merger_leads_somewhere(db_session: DbSession, former: Programme) -> None:
    old = actions(db_session, former)
    with pytest.raises(MergedIntoNothing):
        successor(db_session, former, films=Choice(Fate.END), fair=Choice(Fate.MERGE, old["films"].id))


def test_a_successor_comes_after_and_has_its_own_address(db_session: DbSession, former: Programme) -> None:
    common = {"title": {}, "choices": {}, "account_id": 1, "now": NOW}
    with pytest.raises(NotAfter):
        succeed(db_session, former, slug="x", first_year=2026, last_year=2030, **common)  # type: ignore[arg-type]
    with pytest.raises(SlugTaken):
        succeed(
            db_session,
            former,
            slug=former.slug,
            first_year=2027,
            last_year=2030,
            **common,  # type: ignore[arg-type]
        )


def test_a_draft_is_nobodys_current_programme(db_session: DbSession, former: Programme) -> None:
    new = successor(db_session, former)
    assert current_programme(db_session, date(2027, 3, 1)) is former
    publish_programme(db_session, new, account_id=1, now=NOW)
    db_session.flush()
    assert current_programme(db_session, date(2027, 3, 1)) is new
    assert current_programme(db_session, date(2026, 3, 1)) is former


def test_a_closed_programme_is_only_read(db_session: DbSession, former: Programme) -> None:
    close_programme(former, NOW)
    with pytest.raises(ProgrammeClosed):
        edit_row(db_session, former, former, {"title": {"sv": "x"}}, Editor(1, NOW))


def test_the_application_moves_what_serves_an_action() -> None:
    assert move_servings in REACTIONS[ProgrammeSucceeded]
