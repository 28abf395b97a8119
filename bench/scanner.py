"""What a volunteer waits for: from opening the scanner to the first card read, and from a card to its verdict."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.weight import SLOW_3G, SLOWER_CPU
from tests.browser.films import film, flags_for
from tests.browser.phones import IS_KEPT, KEEP_DOOR, Phone

ROUNDS = 3
FIRST_READ = "() => performance.getEntriesByName('code read')[0].startTime"
TO_VERDICT = """
(text) => new Promise((done) => {
  const flood = document.querySelector("[data-flood]");
  const say = document.querySelector("[data-say]");
  const began = performance.now();
  new MutationObserver((_changes, observer) => {
    if (!flood.hidden && say.textContent) {
      observer.disconnect();
      requestAnimationFrame(() => done(performance.now() - began));
    }
  }).observe(say, { childList: true, characterData: true, subtree: true });
  for (const key of [...text, "Enter"]) {
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
})
"""


@dataclass(frozen=True)
class Scanner:
    """Milliseconds, each the median of its rounds."""

    first_read_slow: float
    first_read_offline: float
    verdict_online: float
    verdict_offline: float


def scanner_figures(url: str, session_key: str, token: str, cards: Sequence[str]) -> Scanner:
    """Measure with a film for a camera; ``cards`` are what the QRs of so many unused cards say."""
    half = len(cards) // 2
    with _browser(cards[0]) as browser:
        slow = [_slow_opening(browser, url, session_key, token) for _round in range(ROUNDS)]
        phone = _paired(browser, url, session_key, token)
        phone.until(IS_KEPT)
        phone.take_along()
        phone.page.wait_for_timeout(1500)
        phone.offline()
        offline = [_opening(phone.page, url) for _round in range(ROUNDS)]
        verdict_offline = [_to_verdict(phone, card) for card in cards[1:half]]
        phone.online()
        phone.open()
        phone.waits(0)
        verdict_online = [_to_verdict(phone, card) for card in cards[half:]]
    return Scanner(*(statistics.median(each) for each in (slow, offline, verdict_online, verdict_offline)))


@contextmanager
def _browser(text: str) -> Iterator[Browser]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        flags = flags_for(film(Path(folder) / "card.y4m", [(text, 1.0)]))
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox", *flags])
        yield browser
        browser.close()


def _paired(browser: Browser, url: str, session_key: str, token: str, **circumstances: Any) -> Phone:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB", **circumstances)
    page = context.new_page()
    page.goto(f"{url}/door/scan?lang=en")
    page.evaluate(KEEP_DOOR, [token, session_key])
    phone = Phone(page, url, token)
    if not circumstances:
        phone.open()
    return phone


def _slow_opening(browser: Browser, url: str, session_key: str, token: str) -> float:
    """The worst case: paired, but nothing of the app is on the phone, no file in any cache."""
    phone = _paired(browser, url, session_key, token, service_workers="block")
    devtools = phone.context.new_cdp_session(phone.page)
    devtools.send("Network.enable")
    devtools.send("Network.clearBrowserCache")
    devtools.send("Network.emulateNetworkConditions", SLOW_3G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    took = _opening(phone.page, url)
    phone.context.close()
    return took


def _opening(page: Page, url: str) -> float:
    page.goto(f"{url}/door/scan?lang=en", wait_until="commit")
    expect(page.locator("[data-flood]:not([hidden])")).to_be_visible(timeout=60_000)
    took: float = page.evaluate(FIRST_READ)
    return took


def _to_verdict(phone: Phone, card: str) -> float:
    took: float = phone.page.evaluate(TO_VERDICT, card)
    return took
