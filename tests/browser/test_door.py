"""The door in a real browser: a film for a camera, a typed code, people without cards, undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.accounts.services import create_account
from integration.activities.models import Session, SignUpMode
from integration.checkin.queries import people_in
from integration.kernel.clock import utc_now
from integration.registration.cards import derived_codes, qr_content
from integration.registration.models import Card
from integration.registration.rules import People
from tests.browser.films import film, flags_for
from tests.factories.activities import make_session
from tests.factories.checkin import make_running_session
from tests.factories.registration import make_card, make_household, make_registration
from tests.fixtures.servers import Served
from tests.fixtures.settings import CARD_KEY
from tests.sampling import sample

EMAIL = "organiser@example.com"
PASSWORD = "a long password"
pytestmark = pytest.mark.parametrize("engine_name", sample(("sqlite", "postgresql"), every=2), indirect=True)
WIFI = "WIFI:T:WPA;S:Biblioteket;P:inte-en-kod;;"


@pytest.fixture
def session(db_session: DbSession) -> Session:
    """A running session with an organiser who can sign in."""
    session = make_running_session(db_session, capacity=60)
    role = (Role.ORGANISER, session.activity.organisation_id)
    create_account(db_session, EMAIL, PASSWORD, [role], language="sv", now=utc_now())
    return session


def card_for(db_session: DbSession, session: Session, people: People | None = None) -> Card:
    """The card of a household with places at the session."""
    household = make_household(db_session)
    make_registration(db_session, session, household, people=people or People(2, 1))
    return make_card(db_session, household, card_key=CARD_KEY)


def qr_of(card: Card, server: Served) -> str:
    return qr_content(server.url, derived_codes(CARD_KEY, card.id, card.issue).pass_code)


def short_code(card: Card) -> str:
    return derived_codes(CARD_KEY, card.id, card.issue).short_code


def open_door(page: Page, server: Served, session: Session) -> None:
    """Sign in on the way to the door, and press its one button."""
    page.goto(f"{server.url}/en/staff/sessions/{session.key}/door")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open the door").click()
    expect(page.locator("[data-door]")).to_be_visible()
    page.wait_for_load_state()  # with its script


def verdict(page: Page, word: str) -> None:
    expect(page.get_by_role("heading", level=2, name=word)).to_be_visible(timeout=15_000)


def people(db_session: DbSession, session: Session) -> tuple[int, int]:
    db_session.rollback()
    return people_in(db_session, session.id)


def test_the_camera_reads_cards_and_is_not_fooled(
    db_session: DbSession,
    session: Session,
    server_here: Callable[..., Served],
    launch: Callable[..., Browser],
    open_page: Callable[..., Page],
    tmp_path: Path,
) -> None:
    card = card_for(db_session, session)
    db_session.commit()
    running = server_here()
    scenes = [(qr_of(card, running), 2.0), (None, 2.0), (WIFI, 2.0), (None, 2.0)]
    camera = launch(*flags_for(film(tmp_path / "door.y4m", scenes)))
    page = open_page(camera, locale="en-GB")
    open_door(page, running, session)
    verdict(page, "Welcome!")
    expect(page.get_by_text("2 adults + 1 child", exact=True)).to_be_visible()
    expect(page.locator("[data-count]")).to_have_text("3")
    verdict(page, "Not a card")
    verdict(page, "Already in")
    expect(page.locator("[data-line]")).to_have_text(re.compile(r"^at \d\d:\d\d$"))
    assert people(db_session, session) == (2, 1)


def test_long_foreign_texts_and_another_date(
    db_session: DbSession,
    server_here: Callable[..., Served],
    launch: Callable[..., Browser],
    open_page: Callable[..., Page],
    tmp_path: Path,
) -> None:
    session = make_running_session(db_session, sign_up=SignUpMode.REQUIRED)
    role = (Role.ORGANISER, session.activity.organisation_id)
    create_account(db_session, EMAIL, PASSWORD, [role], language="sv", now=utc_now())
    tomorrow = utc_now() + timedelta(days=1)
    clinic = make_session(db_session, starts_at=tomorrow, title={"sv": "CV-klinik", "fi": "CV-klinikka"})
    card = card_for(db_session, clinic)
    db_session.commit()
    running = server_here()
    scenes = [("https://example.com/C/" + "A" * 200, 1.6), (None, 1.8), (qr_of(card, running), 1.6), (None, 1.8)]
    camera = launch(*flags_for(film(tmp_path / "door.y4m", scenes)))
    page = open_page(camera, locale="en-GB")
    open_door(page, running, session)
    verdict(page, "Not a card")
    verdict(page, "Another session")
    expect(page.locator("[data-line]")).to_contain_text("CV-klinik, tomorrow at")
    assert people(db_session, session) == (1, 0)


def test_without_a_camera_codes_are_typed(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    card = card_for(db_session, session)
    db_session.commit()
    page = open_page(locale="en-GB")
    open_door(page, server_here(), session)
    expect(page.get_by_text("The camera is not available.")).to_be_visible()
    code = short_code(card)
    wrong = code[:-1] + ("B" if code[-1] != "B" else "C")
    field = page.get_by_label("The code on the card")
    field.fill(wrong)
    field.press("Enter")
    expect(page.locator("main").get_by_text("One letter is wrong or missing.").first).to_be_visible()
    expect(field).to_be_focused()
    field.fill(f"{code[:3]} {code[3:6]} {code[6:]}".lower())
    field.press("Enter")
    verdict(page, "Welcome!")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    expect(page.locator("[data-say]")).to_contain_text("Welcome!")
    page.get_by_role("button", name="+1 child").click()
    expect(page.get_by_text("2 adults + 2 children", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    verdict(page, "Undone")
    page.get_by_role("button", name="+1 adult").click()
    verdict(page, "Counted")
    expect(page.locator("[data-count]")).to_have_text("4")
    assert people(db_session, session) == (3, 1)


def test_scans_wait_for_the_network(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    db_session.commit()
    page = open_page(locale="en-GB")
    open_door(page, server_here(), session)
    page.context.set_offline(True)
    for _ in range(2):
        page.get_by_role("button", name="+1 adult").click()
        verdict(page, "Counted")
    expect(page.get_by_text("No connection – 2 waiting")).to_be_visible()
    expect(page.locator("[data-count]")).to_have_text("2")
    page.context.set_offline(False)
    expect(page.get_by_text("Everything is sent", exact=True)).to_be_visible()
    assert people(db_session, session) == (2, 0)


def test_the_door_without_a_script(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    card = card_for(db_session, session)
    db_session.commit()
    page = open_page(locale="en-GB", java_script_enabled=False)
    open_door(page, server_here(), session)
    page.get_by_label("The code on the card").fill(short_code(card))
    page.get_by_role("button", name="Count them in").click()
    verdict(page, "Welcome!")
    page.get_by_role("button", name="+1 adult").click()
    verdict(page, "Counted")
    page.get_by_role("button", name="Undo").click()
    verdict(page, "Undone")
    assert people(db_session, session) == (2, 1)
