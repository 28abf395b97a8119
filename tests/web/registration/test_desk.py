"""The desk: a card for nobody in particular, a stack, a lost one, two that are one household's; a household's own."""

from __future__ import annotations

import re

import sqlalchemy as sa
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from integration.accounts.rules import Role
from integration.audit.models import AuditEntry
from integration.kernel.database import DbSession
from integration.mail.models import OutboxMessage
from integration.registration.cards import derived_codes
from integration.registration.models import Card, Household
from tests.factories.activities import make_session
from tests.factories.registration import make_card, make_household
from tests.fixtures.settings import CARD_KEY
from tests.paper import codes, pictures
from tests.web.registration.signing_up import hidden_fields, post, secret_of, sign_in_staff, sign_up

DESK = "/en/staff/cards"


def read_back(page: str) -> list[str]:
    """What a scanner reads from the printed codes: drawn again from their paths."""
    found = []
    for side, path in re.findall(r'viewBox="0 0 (\d+) \1".*?fill="#000" d="([^"]+)"', page, re.S):
        image = Image.new("L", (int(side) * 8, int(side) * 8), 255)
        pen = ImageDraw.Draw(image)
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", path):
            left, top = int(x) * 8, int(y) * 8
            pen.rectangle((left, top, left + int(width) * 8 - 1, top + 7), fill=0)
        found += [each.text for each in zxingcpp.read_barcodes(image)]
    return found


def test_a_card_for_somebody_without_phone_or_name(client: FlaskClient, db_session: DbSession) -> None:
    sign_in_staff(client, db_session, Role.ORGANISER)
    response = post(client, DESK, DESK, language="ar")
    assert response.status_code == 303
    page = client.get(response.location).get_data(as_text=True)
    (card,) = db_session.scalars(sa.select(Card))
    codes = derived_codes(CARD_KEY, card.id, card.issue)
    assert [each.rsplit("/", 1)[-1] for each in read_back(page)] == [codes.pass_code] * 2, "small and large"
    assert 'lang="ar" dir="rtl"' in page
    assert (card.household.name, card.household.language) == (None, "ar")
    with client.session_transaction() as cookie:
        assert "card" not in cookie
    assert codes.short_code not in client.get(DESK).get_data(as_text=True)
    assert "registration.cards_issued" in db_session.scalars(sa.select(AuditEntry.action)).all()


def test_a_stack_is_as_large_as_asked_for_and_no_larger_than_a_hundred(
    client: FlaskClient, db_session: DbSession
) -> None:
    sign_in_staff(client, db_session, Role.ORGANISER)
    for count, status in (("11", 303), ("101", 422), ("0", 422), ("x", 422)):
        assert post(client, f"{DESK}/stack", DESK, count=count, stack_language="sv").status_code == status
    batch = db_session.scalars(sa.select(Card.batch)).first()
    page = client.get(f"{DESK}/sheets/{batch}").get_data(as_text=True)
    assert len(set(read_back(page))) == 11
    assert page.count('class="sheet10"') == 2


def test_a_lost_card_is_replaced_by_its_code(client: FlaskClient, db_session: DbSession) -> None:
    sign_in_staff(client, db_session, Role.ORGANISER)
    card = make_card(db_session)
    old = derived_codes(CARD_KEY, card.id, 1)
    found = post(client, f"{DESK}/find", DESK, code=old.short_code.lower())
    assert found.location.endswith(f"{DESK}/{card.household_id}")
    sheet = post(client, f"{DESK}/{card.household_id}/replace", f"{DESK}/{card.household_id}", issue="1")
    assert (
        derived_codes(CARD_KEY, card.id, 2).pass_code in read_back(client.get(sheet.location).get_data(as_text=True))[0]
    )
    assert client.get(f"/C/{old.pass_code}").status_code == 404
    assert client.get(f"/en/cards/{old.link_secret}").status_code == 404
    post(client, f"{DESK}/{card.household_id}/replace", f"{DESK}/{card.household_id}", issue="1")
    db_session.expire_all()
    assert db_session.scalars(sa.select(Card.issue)).all() == [2]


def test_two_cards_become_one_after_both_were_shown(client: FlaskClient, db_session: DbSession) -> None:
    sign_in_staff(client, db_session, Role.ORGANISER)
    kept, gone = make_card(db_session), make_card(db_session, make_household(db_session, name="Fatima"))
    code = derived_codes(CARD_KEY, gone.id, 1).short_code
    shown = post(client, f"{DESK}/{kept.household_id}/merge", f"{DESK}/{kept.household_id}", code=code).location
    assert "Fatima" in client.get(shown).get_data(as_text=True)
    assert post(client, shown, shown).status_code == 303
    assert db_session.scalars(sa.select(Household.name)).all() == ["Amina"]


def test_a_blank_card_gets_a_name_later_and_loses_it_again(client: FlaskClient, db_session: DbSession) -> None:
    sign_in_staff(client, db_session, Role.ORGANISER)
    card = make_card(db_session, make_household(db_session, name=None))
    page = f"{DESK}/{card.household_id}/name"
    answers = {"name": "Åsa", "phone": "040 123 4567", "email": "", "language": "fi"}
    wrong = post(client, page, page, **{**answers, "phone": "12"})
    assert (wrong.status_code, card.household.name) == (422, None)
    assert "Åsa" in wrong.get_data(as_text=True), "what was typed stays"
    assert post(client, page, page, **answers).location.endswith(f"{DESK}/{card.household_id}")
    db_session.expire_all()
    household = card.household
    assert (household.name, household.phone, household.language) == ("Åsa", "+358401234567", "fi")
    assert "Åsa" in client.get(page).get_data(as_text=True)
    post(client, page, page, name="", phone="", email="", language="fi")
    db_session.expire_all()
    assert (household.name, household.phone, household.email) == (None, None, None)
    trail = [each.facts for each in db_session.scalars(sa.select(AuditEntry))]
    assert "Åsa" not in str(trail)
    assert "registration.card_named" in db_session.scalars(sa.select(AuditEntry.action)).all()


def test_the_sheet_as_pdf_scans_and_has_the_backs(client: FlaskClient, db_session: DbSession) -> None:
    sign_in_staff(client, db_session, Role.ORGANISER)
    post(client, f"{DESK}/stack", DESK, count="2", stack_language="sv")
    cards = db_session.scalars(sa.select(Card)).all()
    answer = client.get(f"{DESK}/sheets/{cards[0].batch}.pdf")
    assert {each.rsplit("/", 1)[-1] for each in codes(answer.data)} == {
        derived_codes(CARD_KEY, card.id, 1).pass_code for card in cards
    }
    assert len(pictures(answer.data)) == 2, "fronts and backs"
    assert client.get(f"{DESK}/sheets/1.pdf").status_code == 404


def test_the_desk_is_not_for_everybody(client: FlaskClient, db_session: DbSession) -> None:
    card = make_card(db_session)
    assert client.get(f"{DESK}/{card.household_id}").status_code == 302
    sign_in_staff(client, db_session, Role.COUNCIL)
    assert client.get(f"{DESK}/{card.household_id}").status_code == 403


def test_a_household_replaces_its_own_card_and_the_phone_follows(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    old = secret_of(sign_up(client, session))
    response = post(client, f"/en/cards/{old}/replace", f"/en/cards/{old}/replace")
    new = response.location.rsplit("/", 1)[-1]
    assert new != old
    assert client.get(f"/en/cards/{old}").status_code == 404
    assert client.get(f"/en/cards/{new}").status_code == 200
    assert new in client.get(f"/en/sessions/{session.key}").get_data(as_text=True)


def test_the_language_of_messages_is_the_households_choice(client: FlaskClient, db_session: DbSession) -> None:
    secret = secret_of(sign_up(client, make_session(db_session)))
    page = f"/en/cards/{secret}/language"
    assert post(client, page, page, code="fi").location.endswith(f"/fi/cards/{secret}")
    assert post(client, page, page, code="xx").status_code == 404
    assert db_session.scalars(sa.select(Household.language)).all() == ["fi"]


def test_the_form_for_another_family_is_not_prefilled_at_a_desk(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    sign_in_staff(client, db_session, Role.ORGANISER)
    sign_up(client, session)
    page = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert "Amina" not in page
    assert "form_token" in hidden_fields(page)


def test_the_link_goes_to_the_stored_contact_and_nobody_learns_whether_there_is_one(
    client: FlaskClient, db_session: DbSession
) -> None:
    answers = []
    for email in (None, "amina@example.com"):
        card = make_card(db_session, make_household(db_session, email=email))
        page = f"/C/{derived_codes(CARD_KEY, card.id, 1).pass_code}"
        answers.append(post(client, f"{page}/link", page).status_code)
        assert "länken på väg dit" in client.get(page).get_data(as_text=True)
    assert answers == [303, 303]
    assert db_session.scalars(sa.select(OutboxMessage.kind)).all() == ["own_link"]
    assert [post(client, f"{page}/link", page).status_code for _time in range(3)] == [303, 303, 429]
