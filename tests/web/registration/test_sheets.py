"""Paper for the door: the sign-in sheet has names and no code, the tally sheet neither; printing names is audited."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.activities.models import Session
from integration.audit.models import AuditEntry
from integration.kernel.database import DbSession
from integration.registration.cards import SAY_AND_SHOW, qr_content
from integration.web.card_sheets import PaperCard, card_sheet
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import sign_in_as
from tests.factories.registration import make_household, make_registration
from tests.paper import barriers, codes, pictures, tags, words


@pytest.fixture
def session(client: FlaskClient, db_session: DbSession) -> Session:
    activity = make_activity(db_session, slug="culture-cafe", languages=["sv", "fi", "en", "ar"], asks_age_groups=True)
    sign_in_as(client, db_session, Role.ORGANISER, activity.organisation_id)
    return make_session(db_session, activity=activity)


def sheet(client: FlaskClient, session: Session, name: str) -> bytes:
    answer = client.get(f"/en/staff/sessions/{session.key}/{name}-sheet.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return answer.get_data()


def test_the_sign_in_sheet_has_names_places_and_empty_lines_but_no_code(
    client: FlaskClient, db_session: DbSession, session: Session
) -> None:
    make_registration(db_session, session=session, household=make_household(db_session, name="Amina *[x]"))
    pdf = sheet(client, session, "sign-in")
    text = words(pdf)
    assert "Amina *[x] 2 1" in text
    assert "13" in text, "twelve empty lines after the one that is written"
    for word in ("Namn", "Nimi", "Name", "Kommit", "Saapunut", "Arrived"):
        assert word in text
    assert codes(pdf) == [] and barriers(pdf) == []
    assert {"Table", "TH", "TR"} <= set(tags(pdf))


def test_printing_names_leaves_a_trace_and_a_tally_sheet_none(
    client: FlaskClient, db_session: DbSession, session: Session
) -> None:
    sheet(client, session, "tally")
    read = sa.select(sa.func.count()).where(AuditEntry.action == "registration.list_read")
    assert db_session.scalar(read) == 0
    sheet(client, session, "sign-in")
    db_session.rollback()
    assert db_session.scalar(read) == 1


def test_the_tally_sheet_has_a_field_for_each_age(client: FlaskClient, session: Session) -> None:
    pdf = sheet(client, session, "tally")
    text = words(pdf)
    for word in ("Vuxna", "Aikuis", "0–6", "7–12", "13–17"):
        assert word in text
    assert barriers(pdf) == []


def test_a_sensitive_session_has_no_list(client: FlaskClient, db_session: DbSession, session: Session) -> None:
    session.sensitive = True
    db_session.commit()
    assert client.get(f"/en/staff/sessions/{session.key}/sign-in-sheet.pdf").status_code == 404
    sheet(client, session, "tally")


def test_ten_cards_to_a_sheet_and_every_code_is_read_back(app: Flask, session: Session) -> None:
    addresses = [qr_content("https://delaktig.test", f"SECRET{number:02}") for number in range(12)]
    cards = [PaperCard(each, "KNDR HWST B") for each in addresses]
    with app.test_request_context("/fi/"):
        pdf = card_sheet(cards, "fi", SAY_AND_SHOW["fi"], made_at=session.created_at)
    assert len(pictures(pdf, 0.5)) == 4, "two sheets of fronts, each followed by its backs"
    assert sorted(codes(pdf)) == addresses
    assert "Näytä kortti ovella." in words(pdf) and "Visa kortet vid dörren." in words(pdf)
    assert barriers(pdf) == []


@pytest.mark.parametrize("language", ["so", "ar"])
def test_cards_speak_their_households_language_also_one_that_the_pages_are_not_in(
    app: Flask, session: Session, language: str
) -> None:
    card, own = PaperCard(qr_content("https://delaktig.test", "SECRET00"), "KNDR HWST B"), SAY_AND_SHOW[language]
    with app.test_request_context("/sv/"):
        pdf = card_sheet([card], language, own, made_at=session.created_at)
    text = words(pdf)
    for each in (*own, "Visa kortet vid dörren.", "Näytä kortti ovella."):
        assert set(each) <= set(text) if language == "ar" else each in text
    assert len(codes(pdf)) == 1 and barriers(pdf) == []
