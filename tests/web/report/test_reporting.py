"""The owner's desk, one figure on its way, its evidence, and the council's assessment, through the pages."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from integration.accounts.rules import Role
from integration.indicators.models import ClosedYear, Report, Stage
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession
from integration.programme.models import Action, IndicatorKind, Part, Programme, Responsibility
from integration.report.models import Assessment, NextStep
from tests.factories.actors import sign_in_as
from tests.factories.figures import indicator, make_action, make_line, make_programme
from tests.factories.organisations import make_organisation

YEAR = local_date(utc_now()).year - 1
BASE = f"/en/staff/programmes/town/reporting/{YEAR}"


@dataclass
class Town:
    """A programme of two actions, each with a figure to report by an organisation of its own."""

    programme: Programme
    actions: list[Action]
    organisations: list[int]


@pytest.fixture
def town(db_session: DbSession) -> Town:
    """Two owners, one figure each; one is a milestone."""
    programme = make_programme(db_session, slug="town", first_year=YEAR, last_year=YEAR + 1)
    actions = [make_action(db_session, programme, slug=slug) for slug in ("library", "sports")]
    make_line(db_session, actions[0], figure("loans", IndicatorKind.REPORTED, "Lån"))
    make_line(db_session, actions[1], figure("hall", IndicatorKind.MILESTONE, "Hall"))
    organisations = [make_organisation(db_session).id for _ in actions]
    for action, organisation in zip(actions, organisations, strict=True):
        action.responsibilities = [
            Responsibility(organisation_id=organisation, part=Part.RESPONSIBLE, starts_on=date(YEAR, 1, 1))
        ]
    db_session.commit()
    return Town(programme, actions, organisations)


def figure(slug: str, kind: IndicatorKind, title: str) -> Any:
    """An indicator asked for in the programme's years."""
    return indicator(kind, slug=slug, title={"sv": title, "fi": title}, first_year=YEAR, last_year=YEAR + 1)


def signed_in(app: Flask, db_session: DbSession, role: Role, organisation_id: int | None = None) -> FlaskClient:
    """A browser of somebody with this role."""
    client = app.test_client()
    sign_in_as(client, db_session, role, organisation_id)
    db_session.commit()
    return client


def send(client: FlaskClient, path: str, **typed: Any) -> TestResponse:
    """Fill the form of the page behind this address as a browser does."""
    page = client.get(path.removesuffix("/step").replace("/accept", "/lock"))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    # Written out here: of a large file the test client would make a temporary one that nobody closes.
    edge, body = encode_multipart({"csrf_token": token.group(1) if token else "", **typed})
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={edge}")


def test_an_owner_sees_and_reports_what_is_theirs(app: Flask, db_session: DbSession, town: Town) -> None:
    owner = signed_in(app, db_session, Role.OWNER, town.organisations[0])
    desk = owner.get(BASE)
    assert "Lån" in desk.text
    assert "Hall" not in desk.text
    assert send(owner, f"{BASE}/loans", value="12", comment="Tolv.", do="report").status_code == 303
    assert owner.post(f"{BASE}/hall", data={"reached_on": "2020-01-01", "do": "report"}).status_code in (400, 403)
    kept = db_session.scalars(sa.select(Report)).one()
    assert (kept.value, kept.stage, kept.comment) == (12, Stage.REPORTED, "Tolv.")
    assert "12" in owner.get(f"/en/programmes/town/indicators/{town_line(db_session, 'loans')}").text


def town_line(db_session: DbSession, slug: str) -> str:
    """The slug of the line that has this indicator."""
    return str(
        db_session.execute(
            sa.text("SELECT l.slug FROM meter_lines l JOIN indicators i ON i.line_id = l.id WHERE i.slug = :slug"),
            {"slug": slug},
        ).scalar_one()
    )


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(app: Flask, db_session: DbSession, town: Town) -> None:
    owner = signed_in(app, db_session, Role.OWNER, town.organisations[0])
    wrong = send(owner, f"{BASE}/loans", value="tolv", comment="Behåll mig.", do="report")
    assert wrong.status_code == 422
    assert "Write a whole number" in wrong.text
    assert "Behåll mig." in wrong.text
    empty = send(owner, f"{BASE}/loans", do="report")
    assert (empty.status_code, "does not apply this year" in empty.text) == (422, True)
    assert db_session.scalars(sa.select(Report)).all() == []


def test_evidence_is_kept_and_given_back_as_it_was(app: Flask, db_session: DbSession, town: Town) -> None:
    owner = signed_in(app, db_session, Role.OWNER, town.organisations[1])
    content = b"%PDF-1.7 invented minutes" + bytes(4_000_000)
    sent = send(
        owner,
        f"{BASE}/hall",
        reached_on=f"{YEAR}-03-01",
        evidence=FileStorage(io.BytesIO(content), "protokoll.pdf"),
        do="report",
    )
    assert sent.status_code == 303
    address = re.search(r'href="(/en/staff/evidence/\d+)"', owner.get(f"{BASE}/hall").text)
    assert address is not None
    got = owner.get(address.group(1))
    assert (got.data, got.mimetype) == (content, "application/pdf")
    assert "attachment" in got.headers["Content-Disposition"]
    for wrong in (b"<script>", content + bytes(2_000_000)):
        file = FileStorage(io.BytesIO(wrong), "x.pdf")
        refused = send(owner, f"{BASE}/hall", reached_on=f"{YEAR}-03-01", evidence=file, do="report")
        assert refused.status_code == 422 and "at most 5 MB" in refused.text
    assert app.test_client().get(address.group(1)).status_code in (302, 303)


def test_the_council_accepts_locks_and_reopens(app: Flask, db_session: DbSession, town: Town) -> None:
    owner = signed_in(app, db_session, Role.OWNER, None)
    council = signed_in(app, db_session, Role.COUNCIL)
    send(owner, f"{BASE}/loans", value="12", do="report")
    send(owner, f"{BASE}/hall", not_applicable="y", do="report")
    assert owner.post(f"{BASE}/accept").status_code in (400, 403)
    assert send(council, f"{BASE}/accept").status_code == 303
    assert send(council, f"{BASE}/lock").status_code == 303
    assert {each.stage for each in db_session.scalars(sa.select(Report))} == {Stage.LOCKED}
    assert db_session.get(ClosedYear, (town.programme.id, YEAR)) is not None
    assert "Every figure" in council.get(BASE).text
    send(council, f"{BASE}/loans/step", do="reopen")
    assert len(db_session.scalars(sa.select(Report)).all()) == 2
    send(council, f"{BASE}/loans/step", do="reopen", reason="Ett bibliotek saknades.")
    assert "Ett bibliotek saknades." in council.get(f"{BASE}/loans").text
    send(owner, f"{BASE}/loans", value="14", do="report")
    db_session.rollback()  # what this connection sees ends with its transaction
    values = [(each.revision, each.value) for each in db_session.scalars(sa.select(Report).order_by(Report.id))]
    assert (2, 14) in values
    assert (1, 12) in values


def test_what_nobody_reported_is_locked_only_with_a_reason(app: Flask, db_session: DbSession, town: Town) -> None:
    owner = signed_in(app, db_session, Role.OWNER, None)
    council = signed_in(app, db_session, Role.COUNCIL)
    send(owner, f"{BASE}/loans", value="12", do="save")
    page = council.get(f"{BASE}/lock").text
    assert "Lån" in page and "Hall" in page, "both keep the year open"
    assert send(council, f"{BASE}/lock").status_code == 303
    assert [each.stage for each in db_session.scalars(sa.select(Report))] == [Stage.DRAFT]
    assert send(council, f"{BASE}/lock", missing_too="y").status_code == 422
    assert send(council, f"{BASE}/lock", missing_too="y", reason="Ingen svarade.").location.endswith(str(YEAR))
    db_session.rollback()
    kept = db_session.scalars(sa.select(Report).order_by(Report.indicator_id, Report.revision)).all()
    assert [(each.revision, each.stage, each.value) for each in kept] == [
        (1, Stage.DRAFT, 12),
        (2, Stage.LOCKED, None),
        (1, Stage.LOCKED, None),
    ]
    assert "Every figure" in council.get(BASE).text
    document: Any = app.test_client().get("/api/v1/programmes/town/indicators.json").json
    told = {each["indicator"]: each["years"][0] for each in document["indicators"]}
    assert "not_reported" in str(told["hall"]) and "not_reported" in str(told["loans"]), "a word, never a zero"


def test_the_council_assesses_and_goes_on_to_the_next(app: Flask, db_session: DbSession, town: Town) -> None:
    council = signed_in(app, db_session, Role.COUNCIL)
    base = f"/en/staff/programmes/town/assessment/{YEAR}"
    typed = {"status": "done", "effect_sv": "Fler lånar.", "next_step": "merge", "meter_verdict": "keep"}
    assert send(council, f"{base}/library", **typed).status_code == 422
    answer = send(council, f"{base}/library?meeting=1", **typed, merge_into="sports")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"{base}/sports?meeting=1")
    kept = db_session.scalars(sa.select(Assessment)).one()
    assert (kept.next_step, kept.merge_into_id, kept.effect) == (
        NextStep.MERGE,
        town.actions[1].id,
        {"sv": "Fler lånar."},
    )
    assert "Fler lånar." in council.get(base).text


def test_an_owner_comments_and_does_not_decide(app: Flask, db_session: DbSession, town: Town) -> None:
    owner = signed_in(app, db_session, Role.OWNER, town.organisations[0])
    base = f"/en/staff/programmes/town/assessment/{YEAR}"
    sent = send(owner, f"{base}/library", status="under_way", owner_comment_sv="Vi hann inte.", next_step="end")
    assert sent.status_code == 303
    kept = db_session.scalars(sa.select(Assessment)).one()
    assert (kept.owner_comment, kept.next_step, kept.decided_at) == ({"sv": "Vi hann inte."}, None, None)
    assert send(owner, f"{base}/sports", status="done").status_code == 403


def test_the_councils_decisions_become_the_successor(app: Flask, db_session: DbSession, town: Town) -> None:
    council = signed_in(app, db_session, Role.COUNCIL)
    last = YEAR + 1
    decided = {"next_step": "merge", "merge_into": "sports"}
    send(council, f"/en/staff/programmes/town/assessment/{last}/library", **decided)
    page = council.get("/en/staff/programmes/town/successor").text
    assert re.search(r'value="into-sports" selected', page)
    years = {"first_year": str(last + 1), "last_year": str(last + 2)}
    typed = {"title_sv": "Nya", "title_fi": "Uusi", "slug": "town-next", **years, "fate-library": "into-sports"}
    assert send(council, "/en/staff/programmes/town/successor", **{**typed, "slug": "town"}).status_code == 422
    lost = send(council, "/en/staff/programmes/town/successor", **typed, **{"fate-sports": "end"})
    assert (lost.status_code, "does not go on" in lost.text) == (422, True)
    assert send(council, "/en/staff/programmes/town/successor", **typed).status_code == 303
    address = "/en/programmes/town-next"
    assert "draft" in council.get(address).text
    assert app.test_client().get(address).status_code == 404
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', council.get(address).text)
    published = council.post(
        "/en/staff/programmes/town-next/publish", data={"csrf_token": token.group(1) if token else ""}
    )
    assert published.status_code == 303
    assert app.test_client().get(address).status_code == 200
