"""What a phone downloads and waits for: bytes and requests until idle, and the largest paint on slow 3G."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER_CPU = 4
PAINTS = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
  .observe({type: 'largest-contentful-paint', buffered: true}))"""
READY = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


@dataclass(frozen=True)
class Weight:
    """A first load: requests, kilobytes over the wire, and milliseconds to the largest paint and to readiness."""

    requests: int
    kilobytes: float
    largest_paint: float
    ready: float


def first_load(url: str) -> Weight:
    """Load the page in a cold browser at 360 x 740, on slow 3G with a CPU four times slower."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 740})
        counted = _count(page.context.new_cdp_session(page))
        page.goto(url, wait_until="networkidle")
        weight = Weight(len(counted), sum(counted.values()) / 1000, page.evaluate(PAINTS), page.evaluate(READY))
        _require_content(page)
        browser.close()
    return weight


def _count(devtools: CDPSession) -> dict[str, float]:
    """Count every request's bytes as they come over the wire, headers included."""
    counted: dict[str, float] = {}

    def finished(event: dict[str, Any]) -> None:
        counted[event["requestId"]] = event["encodedDataLength"]

    devtools.on("Network.loadingFinished", finished)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_3G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    return counted


def _require_content(page: Page) -> None:
    """An error page would be light, too."""
    if page.locator("form").count() == 0:
        raise RuntimeError(f"no form on {page.url}: {page.title()}")
