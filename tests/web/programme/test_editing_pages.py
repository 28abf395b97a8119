"""The council changes its programme through the pages: texts, targets, owners, and what is added."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from integration.accounts.rules import Role
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.programme.models import Action, Indicator, IndicatorKind, Part, Programme, Responsibility
from tests.factories.actors import sign_in_as
from tests.factories.figures import indicator, make_action, make_line, make_programme
from tests.factories.organisations import make_organisation

BASE = "/en/staff/programmes/town/edit"


@pytest.fixture
def action(db_session: DbSession) -> Action:
    """The one action of a programme, with a reported meter and an owner."""
    programme = make_programme(db_session, slug="town")
    made = make_action(db_session, programme, slug="library")
    make_line(db_session, made, indicator(IndicatorKind.REPORTED, slug="loans"))
    owner = Responsibility(
        organisation_id=make_organisation(db_session).id, part=Part.RESPONSIBLE, starts_on=date(2023, 1, 1)
    )
    made.responsibilities = [owner]
    db_session.commit()
    return made


@pytest.fixture
def council(app: Flask, db_session: DbSession) -> FlaskClient:
    """A browser of the council."""
    client = app.test_client()
    sign_in_as(client, db_session, Role.COUNCIL)
    db_session.commit()
    return client


def send(client: FlaskClient, path: str, **typed: Any) -> TestResponse:
    """Fill the form of a page as a browser does."""
    page = client.get(path.removesuffix("/end"))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    return client.post(path, data={"csrf_token": token.group(1) if token else "", **typed})


def names(name: str) -> dict[str, str]:
    """A name in the two languages that it needs."""
    return {"title_sv": name, "title_fi": f"{name} (fi)", "title_en": ""}


def test_a_text_is_changed_and_the_page_tells_by_whom(
    council: FlaskClient, db_session: DbSession, action: Action
) -> None:
    path, years = f"{BASE}/action/{action.id}", {"first_year": "2023", "last_year": "2025"}
    assert send(council, path, title_sv="Bokbuss", title_fi="", **years).status_code == 422
    assert send(council, path, **names("Bokbuss"), **years).status_code == 303
    page = council.get(path).text
    assert re.search(r"<ins[^>]*>Bokbuss</ins>", page) and re.search(r"<ins>2025</ins>", page)
    assert "@" in page.partition("What was changed")[2], "who changed it"
    assert "Bokbuss" in council.get(BASE).text
    db_session.rollback()
    assert db_session.scalars(sa.select(Indicator.last_year)).one() == 2025


def test_owners_and_targets_have_their_pages(council: FlaskClient, db_session: DbSession, action: Action) -> None:
    other = make_organisation(db_session).id
    meter = db_session.scalars(sa.select(Indicator.id)).one()
    db_session.commit()
    party = {"organisation": str(other), "part": "responsible", "starts_on": "2025-06-01", "takes_over": "y"}
    assert send(council, f"{BASE}/action/{action.id}/parties", **party).status_code == 303
    assert "31.5.2025" in council.get(f"{BASE}/action/{action.id}/parties").text
    ends = {"party": "1", "ends_on": "2026-05-31"}
    assert send(council, f"{BASE}/action/{action.id}/parties/end", **ends).status_code == 303
    path = f"{BASE}/indicator/{meter}/targets"
    asked = {"year": "", "form": "range", "lower": "4", "upper": "3", "period": "year"}
    assert send(council, path, **asked).status_code == 422
    assert send(council, path, **{**asked, "upper": "5"}).status_code == 303
    assert send(council, f"{path}/end", after="2024").status_code == 303
    db_session.rollback()
    kept = db_session.get_one(Indicator, meter)
    assert sorted((each.year, each.lower, each.upper) for each in kept.targets) == [(2023, 4, 5), (2024, 4, 5)]
    owners = db_session.scalars(sa.select(Responsibility).order_by(Responsibility.starts_on)).all()
    assert [each.ends_on for each in owners] == [date(2025, 5, 31), date(2026, 5, 31)]


def test_an_action_with_its_meter_is_added(council: FlaskClient, db_session: DbSession, action: Action) -> None:
    programme = db_session.get_one(Programme, action.programme_id)
    owner = db_session.scalars(sa.select(Responsibility.organisation_id)).one()
    goal, years = programme.domains[0].goals[0].id, {"first_year": "2025", "last_year": "2026"}
    made = send(
        council,
        f"{BASE}/goal/{goal}/new",
        **names("Språkbad"),
        **years,
        organisation=str(owner),
        starts_on="2025-01-01",
    )
    assert made.status_code == 303
    meter = {"text_sv": "Antal", "text_fi": "Määrä", "kind": "computed", "measure": "held", "unit": "count"}
    line = send(council, f"{made.location}/new", **names("Tillfällen"), **meter, **years)
    assert line.status_code == 303
    far = {"first_year": "2025", "last_year": "2031"}
    assert send(council, f"{line.location}/new", **names("Utanför"), **meter, **far).status_code == 409
    public = council.get("/en/programmes/town").text
    assert "Språkbad" in public


def test_what_is_locked_or_not_theirs_stays(
    app: Flask, council: FlaskClient, db_session: DbSession, action: Action
) -> None:
    owner = app.test_client()
    sign_in_as(owner, db_session, Role.OWNER)
    db_session.commit()
    assert owner.get(BASE).status_code == 403
    db_session.get_one(Programme, action.programme_id).closed_at = utc_now()
    db_session.commit()
    path = f"{BASE}/action/{action.id}"
    assert send(council, path, **names("x"), first_year="2023", last_year="2026").status_code == 409
    assert "only read" in council.get(path).text
    assert council.get(f"/en/staff/programmes/other/edit/action/{action.id}").status_code == 404
    assert council.get(f"{BASE}/action/999999").status_code == 404
