"""The verbs of activities: what new sessions and those to come get of a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Role
from integration.activities import services
from integration.activities.errors import ActivityHasNoTitle, RuleEndsBeforeItStarts, SensitiveTakesNoSignUp
from integration.activities.rules import ActivityDetails, Serves, activity_details, slug_of
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.programme.models import Action, Domain, Goal, Programme
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import make_actor
from tests.factories.organisations import make_organisation

NOW = utc_now()


def some_details(db_session: DbSession) -> ActivityDetails:
    """Details that can be kept."""
    return activity_details(make_activity(db_session))


def test_an_activity_gets_an_address_of_its_own(db_session: DbSession) -> None:
    organisation, actor = make_organisation(db_session), make_actor()
    details = replace(some_details(db_session), title={"sv": "Språkkafé på Alma!"})
    first = services.create_activity(db_session, actor, organisation.id, details, now=NOW)
    second = services.create_activity(db_session, actor, organisation.id, details, now=NOW)
    third = services.create_activity(
        db_session, actor, organisation.id, replace(details, title={"sv": "ትግርኛ"}), now=NOW
    )
    assert first.slug == "sprakkafe-pa-alma"
    assert second.slug.startswith("sprakkafe-pa-alma-")
    assert third.slug
    assert activity_details(first) == details


def test_a_slug_is_made_of_plain_letters() -> None:
    assert slug_of({"sv": "Åä ö", "en": "  A/b  c "}) == "a-b-c"
    assert slug_of({"sv": "x" * 500}) == "x" * 60
    assert slug_of({}) == ""


def test_new_texts_reach_calendars_of_the_sessions_that_say_them(db_session: DbSession) -> None:
    activity = make_activity(db_session)
    plain, own = make_session(db_session, activity=activity), make_session(db_session, activity=activity)
    own.title = {"sv": "Te", "fi": "Teetä"}
    past = make_session(db_session, activity=activity, starts_at=NOW - timedelta(days=9))
    details = replace(activity_details(activity), title={"sv": "Nytt", "fi": "Uusi"})
    services.edit_activity(db_session, make_actor(), activity, details, now=NOW)
    assert (plain.sequence, own.sequence, past.sequence) == (1, 0, 0)


def test_a_change_reaches_the_sessions_to_come_only_when_asked(db_session: DbSession) -> None:
    activity, actor = make_activity(db_session), make_actor()
    plain, own = make_session(db_session, activity=activity), make_session(db_session, activity=activity)
    own.languages = ["so"]
    details = replace(activity_details(activity), languages=("sv", "uk"))
    services.edit_activity(db_session, actor, activity, details, now=NOW)
    assert plain.languages == ["sv", "fi"]
    details = replace(details, languages=("sv", "fi"))
    services.edit_activity(db_session, actor, activity, details, now=NOW)
    details = replace(details, languages=("sv", "ru"))
    services.edit_activity(db_session, actor, activity, details, now=NOW, coming_too=True)
    assert (plain.languages, own.languages) == (["sv", "ru"], ["so"])


def test_an_activity_serves_actions_between_dates(db_session: DbSession) -> None:
    activity, actor, action = make_activity(db_session), make_actor(), _action(db_session)
    first = Serves(action.id, date(2023, 1, 1), date(2024, 12, 31))
    second = Serves(action.id, date(2026, 1, 1), None)
    details = replace(activity_details(activity), serves=frozenset({first, second}))
    services.edit_activity(db_session, actor, activity, details, now=NOW)
    assert activity_details(activity).serves == {first, second}
    backwards = replace(details, serves=frozenset({replace(first, ends_on=date(2022, 1, 1))}))
    with pytest.raises(RuleEndsBeforeItStarts):
        services.edit_activity(db_session, actor, activity, backwards, now=NOW)


def test_what_cannot_be_together_is_refused(db_session: DbSession) -> None:
    activity, actor = make_activity(db_session), make_actor()
    details = activity_details(activity)
    with pytest.raises(ActivityHasNoTitle):
        services.edit_activity(db_session, actor, activity, replace(details, title={"sv": ""}), now=NOW)
    with pytest.raises(SensitiveTakesNoSignUp):
        services.edit_activity(db_session, actor, activity, replace(details, sensitive=True), now=NOW)


def test_only_the_own_organisation_writes(db_session: DbSession) -> None:
    activity, other = make_activity(db_session), make_organisation(db_session)
    details, stranger = activity_details(activity), make_actor(Role.ORGANISER, other.id)
    with pytest.raises(NotPermitted):
        services.edit_activity(db_session, stranger, activity, details, now=NOW)
    with pytest.raises(NotPermitted):
        services.create_activity(db_session, stranger, activity.organisation_id, details, now=NOW)
    services.create_activity(db_session, stranger, other.id, details, now=NOW)


def _action(db_session: DbSession) -> Action:
    programme = Programme(slug="p", title={}, legal_basis={}, first_year=2023, last_year=2026)
    domain = Domain(slug="d", position=1, mark="social", title={})
    goal = Goal(slug="g", position=1, title={})
    programme.domains, domain.goals = [domain], [goal]
    db_session.add(programme)
    db_session.flush()
    action = Action(
        programme_id=programme.id,
        slug="a",
        number="1",
        position=1,
        title={},
        first_year=2023,
        last_year=2026,
        ongoing=False,
        framework=[],
    )
    goal.actions = [action]
    db_session.flush()
    return action
