"""Phones at a door: the scanner app in a browser of its own, its camera a film, its network on or off at will."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, expect
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session
from integration.checkin.queries import people_in
from integration.registration.cards import Codes, derived_codes, qr_content
from integration.registration.models import Card
from integration.registration.rules import People
from tests.factories.checkin import make_device
from tests.factories.registration import make_card, make_household, make_registration
from tests.fixtures.browsers import FLAGS, PHONE
from tests.fixtures.settings import CARD_KEY
from tools.setup.browser import find_browser

API = "**/api/**"
KEYS_OF_A_VERDICT = ("undo", "counted-before", "give-this")
SCREEN = ViewportSize(width=PHONE["width"], height=PHONE["height"])
KEEP_DOOR = """
async ([token, session]) => {
  const { keepDoor } = await import("/assets/any/door/store.js");
  await keepDoor({ id: "door-" + token, token, session, closing: null });
}
"""
IS_KEPT = """
async () => {
  await navigator.serviceWorker.ready;
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).match("/door/scan?lang=en")));
  return kept.some(Boolean);
}
"""
HAS_ROSTER = """
async (token) => {
  const { get } = await import("/assets/any/door/store.js");
  return Boolean(await get("rosters", "door-" + token));
}
"""
HAS_NO_ROSTER = """
async () => {
  const { all } = await import("/assets/any/door/store.js");
  return (await all("rosters")).length === 0;
}
"""
REMEMBER = """
globalThis.everSaid = [];
addEventListener("DOMContentLoaded", () => {
  const word = document.querySelector("[data-word]");
  const note = () => word.textContent && everSaid.push(word.textContent);
  if (word) new MutationObserver(note).observe(word, { childList: true, characterData: true, subtree: true });
});
"""
ROWS = """
async () => {
  const { all } = await import("/assets/any/door/store.js");
  return all("scans");
}
"""
SENT = """
async (number) => {
  const { all } = await import("/assets/any/door/store.js");
  const scans = await all("scans");
  return scans.length === number && scans.every((scan) => scan.acked_at);
}
"""
TYPED = """
(text) => {
  const began = performance.now();
  [...text, "Enter"].forEach((key, number) => {
    const pressed = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    // A scanner's keys bear the times of the scanner, however busy the machine is that tells of them.
    Object.defineProperty(pressed, "timeStamp", { value: began + 5 * number });
    document.activeElement.dispatchEvent(pressed);
  });
}
"""


@dataclass
class Phone:
    """A phone that is a door: its page and the token it scans with."""

    page: Page
    url: str
    token: str

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def open(self) -> None:
        """Open the app as from the home screen, and wait until it can be used."""
        self.page.goto(f"{self.url}/door/scan")
        expect(self.page.locator("[data-keys] [data-key=adult]")).to_be_visible()
        # The keys stand in the page from the start; this one comes with the script that knows its door.
        expect(self.page.locator("[data-key=more]")).to_be_visible()

    def take_along(self) -> None:
        """Wait until the phone holds what it needs without a network: the app and the roster."""
        self.until(IS_KEPT)
        self.until(HAS_ROSTER, self.token)

    def until(self, script: str, argument: Any = None) -> None:
        """Ask the page again and again; the policy forbids what Playwright's own waiting does."""
        for _attempt in range(200):
            if self.page.evaluate(script, argument):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(script)

    def offline(self) -> None:
        """No network; nor in the moment before a page that is opened anew has heard of it."""
        self.context.set_offline(True)
        self.context.route(API, lambda route: route.abort("internetdisconnected"))

    def online(self) -> None:
        self.context.unroute(API)
        self.context.set_offline(False)

    def scan(self, text: str) -> None:
        """What a hardware scanner types, faster than anybody can."""
        self.page.evaluate(TYPED, text)

    def says(self, word: str, people: str | None = None) -> None:
        """The verdict on the screen."""
        expect(self.page.locator("[data-flood]:not([hidden]) [data-word]")).to_have_text(word)
        if people is not None:
            expect(self.page.locator("[data-line]")).to_have_text(people)

    def is_quiet(self) -> None:
        """No verdict is on the screen: the last one has gone by itself."""
        expect(self.page.locator("[data-flood]")).to_be_hidden()

    def has_said(self, word: str) -> None:
        """The verdict was on the screen: a camera reads, and may lose, its code before anybody has looked."""
        self.until("(word) => everSaid.includes(word)", word)

    def press(self, key: str) -> None:
        """Tap one of the keys."""
        found = self.page.locator(f"[data-key='{key}']:visible").first
        if key in KEYS_OF_A_VERDICT:
            found.dispatch_event("click")  # at once: on a busy machine the verdict is gone before the mouse is there
        else:
            found.click()

    def ready(self) -> None:
        """Away with the verdict, if it has not gone by itself meanwhile."""
        self.page.keyboard.press("Escape")

    def waits(self, number: int) -> None:
        """So many scans wait to be sent, by what stands on the screen."""
        words = "Everything is sent" if number == 0 else f"{number} waiting"
        self.ready()
        expect(self.page.locator("[data-net-text]")).to_contain_text(words)

    def has_sent(self, number: int) -> None:
        """The phone made so many scans, and the server has acknowledged every one."""
        self.until(SENT, number)

    def rows(self) -> list[dict[str, Any]]:
        """The scans that the phone keeps."""
        kept: list[dict[str, Any]] = self.page.evaluate(ROWS)
        return kept


@contextmanager
def phone_with_files(playwright: Playwright, profile: Path) -> Iterator[BrowserContext]:
    """A browser whose storage outlives it, in this folder."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=os.environ.get("CHROMIUM") or find_browser(),
        args=[*FLAGS],
        viewport=SCREEN,
        locale="en-GB",
    )
    with context:
        yield context


def pair(page: Page, url: str, session: Session, token: str) -> Phone:
    """Make this page's phone the door of a device that stands in the database, and open the app."""
    page.add_init_script(REMEMBER)
    page.goto(f"{url}/door/scan?lang=en")
    page.evaluate(KEEP_DOOR, [token, session.key])
    phone = Phone(page, url, token)
    phone.open()
    return phone


def new_phone(browser: Browser, url: str, session: Session, token: str, **circumstances: Any) -> Phone:
    """A phone with storage of its own."""
    settings = {"viewport": SCREEN, "locale": "en-GB", **circumstances}
    return pair(browser.new_context(**settings).new_page(), url, session, token)


def door(db_session: DbSession, session: Session, token: str, **over: Any) -> None:
    """A paired device."""
    make_device(db_session, session, token, **over)


def card_of(db_session: DbSession, session: Session | None, adults: int = 2, children: int = 1, **over: Any) -> Codes:
    """The codes of a card; with a session, of a household with places there."""
    household = make_household(db_session, **over)
    if session is not None:
        make_registration(db_session, session, household, people=People(adults, children))
    return codes_of(make_card(db_session, household, card_key=CARD_KEY))


def codes_of(card: Card) -> Codes:
    return derived_codes(CARD_KEY, card.id, card.issue)


def qr(url: str, codes: Codes) -> str:
    return qr_content(url, codes.pass_code)


def counted(db_session: DbSession, session: Session) -> tuple[int, int]:
    """How many are in by the database."""
    db_session.rollback()
    return people_in(db_session, session.id)
