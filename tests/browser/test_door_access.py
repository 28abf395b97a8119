"""The scanner app for everybody: by keyboard alone, read aloud, in every language, and nothing that axe objects to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session
from tests.browser.films import film, flags_for
from tests.browser.phones import SCREEN, Phone, card_of, counted, door, new_phone, pair, qr
from tests.browser.test_accessibility import STICKS_OUT, found_by_axe
from tests.factories.activities import make_activity
from tests.factories.checkin import make_running_session
from tests.fixtures.servers import Served

pytestmark = pytest.mark.parametrize("engine_name", ("sqlite",), indirect=True)
NARROW = ViewportSize(width=320, height=640)


@pytest.fixture
def session(db_session: DbSession) -> Session:
    """A session under way that asks how old children are."""
    activity = make_activity(db_session, asks_age_groups=True)
    session = make_running_session(db_session, activity=activity, capacity=30)
    door(db_session, session, "token", may_search=True)
    return session


def test_by_keyboard_alone(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    codes = card_of(db_session, session)
    db_session.commit()
    page = open_page(locale="en-GB")
    phone = pair(page, server_here().url, session, "token")
    keys, say = page.keyboard, page.locator("[data-say]")
    tab_to(page, page.get_by_label("The code on the card"))
    keys.type(codes.short_code.lower())
    keys.press("Enter")
    expect(say).to_contain_text("Welcome!. 2 adults + 1 child".replace("!.", "!"))
    tab_to(page, page.get_by_role("button", name="Child 1 came"))
    keys.press("Space")
    expect(say).to_contain_text("2 adults")
    tab_to(page, page.get_by_role("button", name="Undo"))
    keys.press("Enter")
    expect(say).to_contain_text("Undone")
    keys.press("Escape")
    tab_to(page, page.get_by_role("button", name="+1 child"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="How old is the child?")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="7–12 years"))
    keys.press("Enter")
    expect(say).to_contain_text("Counted. 1 child")
    keys.press("Escape")
    tab_to(page, page.get_by_role("button", name="Lock"))
    keys.press("Enter")
    expect(page.get_by_role("button", name="Hold to open")).to_be_focused()
    keys.press("Enter")
    tab_to(page, page.get_by_role("button", name="More"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="More")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Undo: 1 child"))
    keys.press("Enter")
    expect(say).to_contain_text("Undone")
    phone.waits(0)
    assert counted(db_session, session) == (0, 0)


def test_every_state_can_be_used(
    db_session: DbSession,
    session: Session,
    server_here: Callable[..., Served],
    launch: Callable[..., Browser],
    tmp_path: Path,
) -> None:
    codes = card_of(db_session, session)
    db_session.commit()
    running = server_here()
    camera = launch(*flags_for(film(tmp_path / "nothing.y4m", [(None, 2.0)])))
    page = camera.new_context(viewport=SCREEN, locale="en-GB", reduced_motion="reduce").new_page()
    page.goto(f"{running.url}/door/scan?lang=en")
    expect(page.get_by_role("heading", name="This phone is no door yet")).to_be_visible()
    wrong = look(page, "no door")
    phone = pair(page, running.url, session, "token")
    expect(page.locator("[data-camera]")).to_be_visible()
    for name, reach in states(phone, qr(running.url, codes)).items():
        reach()
        wrong += look(page, name)
        page.keyboard.press("Escape")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("language", "direction"), (("fi", "ltr"), ("ar", "rtl")))
def test_its_texts_come_with_it(
    language: str,
    direction: str,
    db_session: DbSession,
    session: Session,
    server_here: Callable[..., Served],
    browser: Browser,
) -> None:
    """Opened without a network, in the language that the reader chose last."""
    db_session.commit()
    running = server_here(languages=("sv", "fi", "en", "ar"))
    phone = new_phone(browser, running.url, session, "token", locale="sv-FI")
    phone.take_along()
    phone.page.goto(f"{running.url}/door/scan?lang={language}")
    expect(phone.page.locator("[data-key=adult]")).to_be_visible()
    phone.offline()
    phone.open()
    expect(phone.page.locator("html")).to_have_attribute("lang", language)
    expect(phone.page.locator("html")).to_have_attribute("dir", direction)
    assert not phone.page.evaluate(STICKS_OUT)
    phone.context.close()


def states(phone: Phone, card: str) -> dict[str, Callable[[], object]]:
    """Every face of the app: its name, and how to get there from the camera."""
    press, scan = phone.press, phone.scan

    def shown(word: str, *acts: Callable[[], object]) -> Callable[[], None]:
        def reach() -> None:
            for act in acts:
                act()
            phone.says(word)

        return reach

    def mistype() -> None:
        press("type")
        phone.page.keyboard.type("BBBBBBBBC")
        press("typed")

    def search() -> None:
        press("search")
        phone.page.keyboard.type("zzz")

    return {
        "ready": lambda: expect(phone.page.locator("[data-net-text]")).to_be_visible(),
        "welcome": shown("Welcome!", lambda: scan(card)),
        "already in": shown("Already in", lambda: scan(card)),
        "not a card": shown("Not a card", lambda: scan("WIFI:T:WPA;S:x;P:y;;")),
        "unknown": shown("Unknown code", lambda: scan("HTTPS://EXAMPLE.COM/C/" + "A" * 26)),
        "counted": shown("Counted", lambda: press("adult")),
        "how old": lambda: press("child"),
        "typing": lambda: press("type"),
        "mistyped": mistype,
        "searching": search,
        "more": lambda: press("more"),
        "locked": lambda: press("lock"),
    }


def look(page: Page, state: str) -> list[str]:
    """What axe finds in this state, and what sticks out of a narrow phone."""
    page.set_viewport_size(NARROW)
    outside = page.evaluate(STICKS_OUT)
    page.set_viewport_size(SCREEN)
    return [f"{state}: {each}" for each in (*found_by_axe(page), *outside)]


def tab_to(page: Page, target: object) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _press in range(40):
        if target.evaluate("each => each === document.activeElement"):  # type: ignore[attr-defined]
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {target}")
