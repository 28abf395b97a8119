"""Counting by hand in a real browser: great buttons that lose no press, and a sheet that is typed in with Enter."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from playwright.sync_api import Page as Tab

from tests.browser.site import Site, site_of
from tests.fixtures.databases import Databases
from tests.fixtures.worlds import CopyWorld
from tests.pages import ORGANISER

NARROW = ViewportSize(width=360, height=740)


@pytest.fixture(scope="module")
def site(sqlite_databases: Databases, copy_world: CopyWorld) -> Iterator[Site]:
    """A city of its own, for this test counts people in it."""
    with site_of(copy_world, sqlite_databases, "by_hand") as made:
        yield made


@pytest.fixture
def open_staff(site: Site, browser: Browser, open_page: Callable[..., Tab]) -> Callable[..., Tab]:
    """Open a page of the running session as its organiser."""

    def opened(name: str, **over: object) -> Tab:
        cookies = site.cookies_of(ORGANISER, browser)
        page = open_page(storage_state=cookies, viewport=NARROW, locale="en-GB", **over)
        page.goto(f"{site.url}/en/staff/sessions/{site.world.sessions['running']}/{name}")
        return page

    return opened


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_each_press_counts_one_head(open_staff: Callable[..., Tab], script: bool) -> None:
    page = open_staff("headcount", java_script_enabled=script)
    arrived: list[int] = []
    page.on("response", lambda answer: arrived.append(answer.status) if answer.request.method == "POST" else None)
    together = page.locator("[data-heads-all]")
    before = int(together.inner_text())
    adult = page.locator("button[name=add][value=adults]")
    undo = page.get_by_role("button", name="Undo the last one")
    for number in (1, 2, 3):
        adult.click()
        expect(together).to_have_text(str(before + number))
    undo.click()
    expect(together).to_have_text(str(before + 2))
    if script:
        page.context.set_offline(True)
        for number in (3, 4):
            adult.click()
            expect(together).to_have_text(str(before + number))
        expect(page.get_by_text("Waiting to be sent: 2")).to_be_visible()
        page.context.set_offline(False)
        expect(page.locator("[data-tally-waiting]")).to_have_text("", timeout=15_000)
        undo.click()
        undo.click()
        expect(together).to_have_text(str(before + 2))
        all_pressed = 3 + 1 + 2 + 2
        for _attempt in range(200):
            if arrived.count(204) == all_pressed:
                break
            page.wait_for_timeout(100)
        assert arrived == [204] * all_pressed
    page.reload()
    expect(together).to_have_text(str(before + 2))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_sheet_is_typed_in_without_a_mouse(open_staff: Callable[..., Tab], script: bool) -> None:
    page = open_staff("sheet", java_script_enabled=script)
    fields = page.locator("main form[data-enter-leads-on] input:not([type=hidden])")
    fields.first.focus()
    for number in range(fields.count()):
        expect(fields.nth(number)).to_be_focused()
        page.keyboard.type("1")
        page.keyboard.press("Enter" if script else "Tab")
    expect(page.get_by_role("button", name="Count them")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How did it go?")).to_be_visible()
    page = open_staff("sheet")
    expect(page.locator("#walk-adults")).to_have_value("1")
