"""The coordinator's organisations: added, renamed and put out of use on pages, and offered wherever one is chosen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.activities.models import ActivityPartner
from integration.audit.models import AuditEntry
from integration.audit.services import Audited
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession
from integration.organisations.models import Organisation, OrganisationKind
from integration.programme.models import Action, Edit, Part, Programme, Responsibility
from tests.factories.activities import make_activity
from tests.factories.actors import sign_in_as
from tests.factories.figures import make_action, make_programme
from tests.factories.organisations import make_organisation
from tests.web.activities.filling_in import fields_of, fill_in

LIST = "/en/staff/organisations"
TODAY = local_date(utc_now())


@pytest.fixture
def coordinator(client: FlaskClient, db_session: DbSession) -> FlaskClient:
    """A browser of the coordinator."""
    sign_in_as(client, db_session, Role.COORDINATOR, None)
    return client


@pytest.fixture
def action(db_session: DbSession) -> Action:
    """An action of a programme that goes on."""
    return make_action(db_session, make_programme(db_session, slug="town", last_year=TODAY.year + 1))


def parties_page(action: Action) -> str:
    """Where it is chosen who answers for the action."""
    return f"/en/staff/programmes/town/edit/action/{action.id}/parties"


def test_an_organisation_is_added_and_offered_everywhere(
    coordinator: FlaskClient, db_session: DbSession, action: Action
) -> None:
    activity = make_activity(db_session)
    form = f"{LIST}/new"
    assert fill_in(coordinator, form, name_sv="Läsfrämjarna", kind="association").status_code == 422
    assert fill_in(coordinator, form, name_sv="Läsfrämjarna", name_fi="Lukijat").status_code == 422
    names = {"name_sv": "Läsfrämjarna", "name_fi": "Lukijat", "name_en": "Readers &"}
    assert fill_in(coordinator, form, kind="association", **names).status_code == 303
    again = fill_in(coordinator, form, name_sv="läsfrämjarna ", name_fi="Toinen", kind="project")
    assert again.status_code == 422
    assert "There is an organisation of this name already." in again.text
    made = db_session.scalars(sa.select(Organisation).where(Organisation.slug == "lasframjarna")).one()
    assert (made.kind, made.name["en"]) == (OrganisationKind.ASSOCIATION, "Readers &")
    for address in (
        parties_page(action),
        f"/en/staff/programmes/town/edit/goal/{action.goal_id}/new",
        "/en/staff/activities/new",
        f"/en/staff/activities/{activity.slug}/edit",
    ):
        assert "Readers &amp;" in coordinator.get(address).text, address
    assert ">Readers &amp;</a>" in coordinator.get(LIST).text


def test_a_new_name_is_shown_and_the_old_one_kept(coordinator: FlaskClient, db_session: DbSession) -> None:
    made = make_organisation(db_session, name={"sv": "Enheten", "fi": "Yksikkö", "uk": "Відділ"})
    page = f"{LIST}/{made.slug}"
    assert fill_in(coordinator, page, name_sv="Byrån", kind="authority").status_code == 303
    db_session.refresh(made)
    assert made.name == {"sv": "Byrån", "fi": "Yksikkö", "uk": "Відділ"}
    told = coordinator.get(page).text.partition("What was changed")[2]
    assert '<del lang="sv">Enheten</del>' in told and '<ins lang="sv">Byrån</ins>' in told
    assert "<del>Unit of the city</del>" in told and "<ins>Authority</ins>" in told and "@" in told
    assert fill_in(coordinator, page).status_code == 303
    traces = sa.select(AuditEntry.facts).where(AuditEntry.action == Audited.ORGANISATION_SAVED)
    assert list(db_session.scalars(traces)) == [{"changed": ["name", "organisation_kind"]}], "nothing changed twice"


def test_who_answers_for_actions_is_not_put_out_of_use(
    coordinator: FlaskClient, db_session: DbSession, action: Action
) -> None:
    made = make_organisation(db_session)
    answers = Responsibility(organisation_id=made.id, part=Part.RESPONSIBLE, starts_on=TODAY - timedelta(days=900))
    action.responsibilities = [answers]
    page = f"{LIST}/{made.slug}"
    shown = coordinator.get(page)
    assert "/retire" not in shown.text and action.title["sv"] in shown.text
    refused = coordinator.post(f"{page}/retire", data=fields_of(shown), follow_redirects=True)
    assert "It still answers for actions." in refused.text
    db_session.refresh(made)
    assert made.retired_at is None
    answers.ends_on = TODAY - timedelta(days=1)
    db_session.flush()
    assert "/retire" in coordinator.get(page).text


def test_what_is_out_of_use_is_not_offered_and_keeps_what_it_did(
    coordinator: FlaskClient, db_session: DbSession, action: Action
) -> None:
    """Its part as a partner ends today, with a line in the programme's history; an activity keeps it until changed."""
    made = make_organisation(db_session, name={"sv": "Föreningen", "fi": "Yhdistys"})
    begun, ended = date(2023, 1, 1), date(2023, 6, 1)
    action.responsibilities = [
        Responsibility(organisation_id=made.id, part=Part.PARTNER, starts_on=begun),
        Responsibility(organisation_id=made.id, part=Part.RESPONSIBLE, starts_on=begun, ends_on=ended),
    ]
    activity = make_activity(db_session)
    activity.partners = [ActivityPartner(organisation_id=made.id)]
    page, edit = f"{LIST}/{made.slug}", f"/en/staff/activities/{activity.slug}/edit"
    offered = f'<option value="{made.id}"'
    assert coordinator.post(f"{page}/retire", data=fields_of(coordinator.get(page))).status_code == 303
    db_session.expire_all()
    ends = {each.part: each.ends_on for each in action.responsibilities}
    assert ends == {Part.PARTNER: TODAY, Part.RESPONSIBLE: ended}
    assert db_session.scalars(sa.select(Edit.level)).all() == ["action"]
    assert offered not in coordinator.get(parties_page(action)).text
    assert "Föreningen" not in coordinator.get("/en/staff/activities/new").text
    assert fill_in(coordinator, edit, title_en="Renamed").status_code == 303
    db_session.expire_all()
    assert [each.organisation_id for each in activity.partners] == [made.id]
    assert "1 is out of use" in coordinator.get(LIST).text
    assert coordinator.post(f"{page}/bring-back", data=fields_of(coordinator.get(page))).status_code == 303
    assert offered in coordinator.get(parties_page(action)).text
    assert coordinator.get(page).text.count("Out of use:") == 2, "both steps are in its history"


def test_a_page_of_nobody_and_of_those_who_may_not(
    app: Flask, coordinator: FlaskClient, client: FlaskClient, db_session: DbSession
) -> None:
    assert coordinator.get(f"{LIST}/nobody").status_code == 404
    made = make_organisation(db_session)
    token = fields_of(coordinator.get(f"{LIST}/{made.slug}"))
    assert coordinator.post(f"{LIST}/{made.slug}/burn", data=token).status_code == 404
    arranged = make_activity(db_session, organisation=made)
    assert f"/en/staff/activities/{arranged.slug}" in coordinator.get(f"{LIST}/{made.slug}").text
    sign_in_as(client, db_session, Role.ORGANISER, made.id)
    for address in (LIST, f"{LIST}/new", f"{LIST}/{made.slug}"):
        assert client.get(address).status_code == 403
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Programme)) == 0
