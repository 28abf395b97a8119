"""On a small phone: a family signs up, comes again, with another one; a lost card, deleted data, the desk's card."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import product

import pytest
import sqlalchemy as sa
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.accounts.services import create_account
from integration.activities.models import Session
from integration.kernel.clock import utc_now
from integration.registration.models import Card, Household, Registration
from tests.factories.activities import make_session
from tests.fixtures.servers import Served
from tests.sampling import sample

PHONE = {"width": 360, "height": 740}
LOCALES = {"sv": "sv-FI", "fi": "fi-FI", "en": "en-GB"}
CASES = list(product(LOCALES, (False, True)))
"""One walk without a script and the other with one; all of them with ``./test --all``."""
FORM = "form:has([name=form_token])"
EMAIL, PASSWORD = "desk@example.com", "a long password"


class Phone:
    """One phone in one language, on one server."""

    def __init__(self, page: Page, url: str, language: str) -> None:
        self.page, self.url, self.language = page, url, language

    def open(self, path: str) -> None:
        """Go to a page of ours and see that it fits."""
        self.page.goto(f"{self.url}/{self.language}{path}")
        self.fits()

    def press(self, what: str) -> None:
        """Follow a link or press a button that is in sight, and see that what comes fits."""
        with self.page.expect_navigation():
            self.page.locator(what).click()
        self.fits()

    def send(self, name: str | None = None) -> None:
        """Fill the form in and send it: the household's card stands there at once."""
        if name:
            self.page.locator(f"{FORM} [name=name]").fill(name)
        self.press(f"{FORM} button[type=submit]")
        expect(self.plate).to_be_visible()

    def fits(self) -> None:
        """Nothing has to be scrolled sideways: what sticks out makes the picture of the whole page wider."""
        picture = Image.open(io.BytesIO(self.page.screenshot(full_page=True)))
        assert picture.width == PHONE["width"], self.page.url

    @property
    def plate(self) -> Locator:
        """The card."""
        return self.page.locator(".plate")

    @property
    def code(self) -> str:
        """The code to say, as the card shows it."""
        return self.page.locator(".plate .code").inner_text()


@pytest.fixture
def phone(
    request: pytest.FixtureRequest,
    server_here: Callable[..., Served],
    open_page: Callable[..., Page],
    db_session: DbSession,
) -> Callable[[], Phone]:
    """Open one more phone, in the language of this case."""
    language, script = request.getfixturevalue("case")
    running = server_here()

    def start() -> Phone:
        page = open_page(locale=LOCALES[language], java_script_enabled=script, viewport=PHONE)
        return Phone(page, running.url, language)

    return start


def planted(db_session: DbSession, many: int) -> list[Session]:
    """So many sessions with room."""
    sessions = [make_session(db_session, capacity=20) for _each in range(many)]
    db_session.commit()
    return sessions


def scanned(page: Page) -> set[str]:
    """What a scanner reads from the page as it is printed."""
    page.emulate_media(media="print")
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    page.emulate_media(media="screen")
    return {each.text for each in zxingcpp.read_barcodes(picture)}


@pytest.mark.parametrize("case", sample(CASES, 7))
def test_first_again_and_for_another_family(
    case: tuple[str, bool], phone: Callable[[], Phone], db_session: DbSession
) -> None:
    """Signed up without a contact; again with the same card, typing nothing; another family gets its own."""
    first, second = planted(db_session, 2)
    here = phone()
    here.open(f"/sessions/{first.key}")
    here.send("Amina")
    ours = here.code
    here.open(f"/sessions/{second.key}")
    expect(here.page.locator(f"{FORM} [name=name]")).to_have_count(0)
    here.send()
    assert here.code == ours
    expect(here.page.locator("main ol.marks > li")).to_have_count(2)
    here.open(f"/sessions/{second.key}")
    here.press("main .more a[href*='for=other']")
    here.send("Fatima")
    assert here.code != ours
    expect(here.page.locator("main ol.marks > li")).to_have_count(1)
    assert names(db_session, second) == {"Amina", "Fatima"}
    here.press("form[action$='/remember'] button")
    here.open(f"/sessions/{first.key}")
    expect(here.page.locator("#sign-up h2")).to_contain_text("Fatima")
    here.send()
    assert names(db_session, first) == {"Amina", "Fatima"}
    for _family in range(2):
        here.open(f"/sessions/{first.key}")
        here.page.locator("form[action$='/forget'] button").first.click()
    here.open(f"/sessions/{first.key}")
    expect(here.page.locator("main")).not_to_contain_text("Amina")
    expect(here.page.locator(f"{FORM} [name=name]")).to_be_visible()


@pytest.mark.parametrize("case", sample(reversed(CASES), 7))
def test_a_lost_card_is_replaced(case: tuple[str, bool], phone: Callable[[], Phone], db_session: DbSession) -> None:
    """The old link is dead, on the phone that remembers the card too; the places stay."""
    first, second = planted(db_session, 2)
    here = phone()
    here.open(f"/sessions/{first.key}")
    here.send("Amina")
    old, old_code = here.page.url.split("?", 1)[0], here.code
    old_qr = scanned(here.page)
    here.press("main .more a[href$='/replace']")
    here.press("main form button.main")
    expect(here.plate).to_be_visible()
    assert here.code != old_code
    assert old_qr and scanned(here.page).isdisjoint(old_qr)
    expect(here.page.locator("main ol.marks > li")).to_have_count(1)
    answer = here.page.goto(old)
    assert answer is not None and answer.status == 404
    here.open(f"/sessions/{second.key}")
    here.send()
    assert names(db_session, second) == {"Amina"}


@pytest.mark.parametrize("case", sample(CASES, 7))
def test_my_data_deleted(case: tuple[str, bool], phone: Callable[[], Phone], db_session: DbSession) -> None:
    """Shown first, then gone: household, card and places; the phone remembers nobody."""
    (session,) = planted(db_session, 1)
    here = phone()
    here.open(f"/sessions/{session.key}")
    here.send("Amina")
    card = here.page.url.split("?", 1)[0]
    here.press("main .more a[href$='/data']")
    expect(here.page.locator("main dl")).to_contain_text("Amina")
    here.page.locator("main details summary").click()
    here.press("form[action$='/delete'] button")
    db_session.rollback()
    for table in (Household, Card, Registration):
        assert db_session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    answer = here.page.goto(card)
    assert answer is not None and answer.status == 404
    here.open(f"/sessions/{session.key}")
    expect(here.page.locator(f"{FORM} [name=name]")).to_be_visible()


@pytest.mark.parametrize("case", sample(reversed(CASES), 7))
def test_a_desk_hands_out_a_card(case: tuple[str, bool], phone: Callable[[], Phone], db_session: DbSession) -> None:
    """Nothing is typed; what is printed leads a scanner to the card, and nothing of it stays in the browser."""
    (session,) = planted(db_session, 1)
    create_account(db_session, EMAIL, PASSWORD, [(Role.ORGANISER, None)], language=case[0], now=utc_now())
    db_session.commit()
    desk, reader = phone(), phone()
    desk.open("/sign-in")
    desk.page.locator("[name=email]").fill(EMAIL)
    desk.page.locator("[name=password]").fill(PASSWORD)
    desk.page.locator("main button[type=submit]").click()
    desk.open("/staff/cards")
    desk.page.locator("[name=language]").first.select_option("ar")
    desk.press("main form:has([name=language]) button.main")
    (address,) = scanned(desk.page)
    assert reader.page.goto(address.lower().replace("/c/", "/C/")) is not None
    expect(reader.page.locator("main form[action$='/link']")).to_be_visible()
    db_session.rollback()
    (household,) = db_session.scalars(sa.select(Household))
    assert (household.name, household.language) == (None, "ar")
    desk.open(f"/sessions/{session.key}")
    expect(desk.page.locator("form[action$='/forget']")).to_have_count(0)


def names(db_session: DbSession, session: Session) -> set[str | None]:
    """Who has places at the session."""
    db_session.rollback()
    found = db_session.scalars(
        sa.select(Household.name)
        .join(Registration, Registration.household_id == Household.id)
        .where(Registration.session_id == session.id, Registration.cancelled_at.is_(None))
    )
    return set(found)
