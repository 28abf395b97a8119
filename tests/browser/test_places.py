"""On a small phone: places changed and cancelled, waiting and taken in; with a script and without."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session, SessionPlaces
from integration.kernel.clock import utc_now
from integration.registration.models import Registration, WaitingEntry, WaitingState
from tests.factories.activities import make_session
from tests.fixtures.servers import Served
from tests.sampling import sample

PHONE = {"width": 360, "height": 740}
LOCALES = {"sv": "sv-FI", "fi": "fi-FI", "en": "en-GB"}
CASES = list(product(LOCALES, (False, True)))
"""One walk without a script and the other with one; all of them with ``./test --all``."""
SEND = "form:has([name=form_token]) button[type=submit]"
SAVE = "main form[action*='/places'] button[type=submit]"


class Walk:
    """One phone, one session, one language."""

    def __init__(self, page: Page, url: str, language: str, script: bool) -> None:
        self.page, self.url, self.language, self.script = page, url, language, script

    def sign_up(self, session: Session, adults: int, email: str = "") -> None:
        """Fill the session's form in, whether it takes places or joins the queue."""
        self.page.goto(f"{self.url}/{self.language}/sessions/{session.key}")
        self.page.locator("[name=name]").fill("Amina")
        self.choose("adults", adults)
        if email:
            self.page.locator("[name=email]").fill(email)
        self.fits()
        self.page.locator(SEND).click()
        expect(self.page.locator(".plate")).to_be_visible()
        self.fits()

    def choose(self, name: str, count: int) -> None:
        """Choose how many: one step after the other, by the keys that radio buttons listen to."""
        steps = count - int(self.page.locator(f"[name={name}]:checked").input_value())
        for _ in range(abs(steps)):
            self.page.locator(f"[name={name}]:checked").press("ArrowDown" if steps > 0 else "ArrowUp")

    def fits(self) -> None:
        """Nothing has to be scrolled sideways."""
        if self.script:
            assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.fixture
def walk(
    request: pytest.FixtureRequest,
    server_here: Callable[..., Served],
    open_page: Callable[..., Page],
    db_session: DbSession,
) -> Callable[[], Walk]:
    """Open one more phone, in the language of this case."""
    language, script = request.getfixturevalue("case")
    running = server_here()

    def start() -> Walk:
        page = open_page(locale=LOCALES[language], java_script_enabled=script, viewport=PHONE)
        return Walk(page, running.url, language, script)

    return start


@pytest.mark.parametrize("case", sample(CASES, 7))
def test_change_and_cancel(case: tuple[str, bool], walk: Callable[[], Walk], db_session: DbSession) -> None:
    session = make_session(db_session, capacity=5)
    db_session.commit()
    here = walk()
    here.sign_up(session, 2)
    here.page.locator("a[href*='/places?registration=']").click()
    here.choose("adults", 0)
    here.page.locator(SAVE).click()
    expect(here.page.locator(".error, [role=alert], .bad").first).to_be_visible()
    here.choose("adults", 3)
    here.choose("children", 1)
    here.fits()
    here.page.locator(SAVE).click()
    expect(here.page.locator(".plate")).to_be_visible()
    assert people(db_session, session) == [(3, 1)]
    here.page.locator("main ol.marks a[href*='/cancel?registration=']").click()
    here.page.locator("main form button").click()
    expect(here.page.locator(".plate")).to_be_visible()
    assert (people(db_session, session), counters(db_session, session)) == ([], (0, 0, 0))


@pytest.mark.parametrize("case", sample(reversed(CASES), 7))
def test_waiting_with_a_contact(case: tuple[str, bool], walk: Callable[[], Walk], db_session: DbSession) -> None:
    """Asked when there is room, and one tap answers."""
    session = make_session(db_session, capacity=2, starts_at=utc_now() + timedelta(days=9))
    db_session.commit()
    first, second = walk(), walk()
    first.sign_up(session, 2)
    second.sign_up(session, 2, email="fatima@example.com")
    expect(second.page.locator("main form[action$='/leave'] button")).to_have_count(1)
    assert counters(db_session, session) == (2, 0, 1)
    cancel(first)
    assert counters(db_session, session) == (0, 2, 0)
    second.page.reload()
    accept = second.page.locator("main form[action$='/accept'] button")
    expect(accept).to_be_visible()
    second.fits()
    accept.click()
    expect(second.page.locator("main ol.marks a[href*='/cancel?registration=']")).to_be_visible()
    assert (people(db_session, session), counters(db_session, session)) == ([(2, 0)], (2, 0, 0))


@pytest.mark.parametrize("case", sample(CASES, 5))
def test_waiting_without_a_contact(case: tuple[str, bool], walk: Callable[[], Walk], db_session: DbSession) -> None:
    """Taken in, and the card's page says so; another one leaves the queue by one tap."""
    session = make_session(db_session, capacity=2, starts_at=utc_now() + timedelta(days=9))
    db_session.commit()
    first, second, third = walk(), walk(), walk()
    first.sign_up(session, 2)
    second.sign_up(session, 2)
    third.sign_up(session, 1)
    third.page.locator("main form[action$='/leave'] button").click()
    expect(third.page.locator("main form[action$='/leave']")).to_have_count(0)
    cancel(first)
    second.page.reload()
    expect(second.page.locator("main .note.ok")).to_be_visible()
    second.fits()
    assert (people(db_session, session), counters(db_session, session)) == ([(2, 0)], (2, 0, 0))
    states = db_session.scalars(sa.select(WaitingEntry.state).order_by(WaitingEntry.turn)).all()
    assert list(states) == [WaitingState.TAKEN, WaitingState.LEFT]


def cancel(walk: Walk) -> None:
    """Give the places back."""
    walk.page.locator("main ol.marks a[href*='/cancel?registration=']").click()
    walk.page.locator("main form button").click()
    expect(walk.page.locator(".plate")).to_be_visible()


def people(db_session: DbSession, session: Session) -> list[tuple[int, int]]:
    """Who has places now."""
    db_session.rollback()
    live = sa.select(Registration.adults, Registration.children).where(
        Registration.session_id == session.id, Registration.cancelled_at.is_(None)
    )
    return [(adults, children) for adults, children in db_session.execute(live)]


def counters(db_session: DbSession, session: Session) -> tuple[int, int, int]:
    """Places taken, places offered, entries that wait."""
    db_session.rollback()
    places = SessionPlaces
    row = db_session.execute(
        sa.select(places.taken, places.offered, places.waiting).where(places.session_id == session.id)
    ).one()
    return row[0], row[1], row[2]
