"""From the code on the organiser's screen to being counted: read from the picture, followed, on a narrow phone."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
import zxingcpp
from PIL import Image
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
    with site_of(copy_world, sqlite_databases, "self_check_in") as made:
        yield made


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_screen_to_being_counted(
    site: Site, browser: Browser, open_page: Callable[..., Tab], script: bool
) -> None:
    address = f"{site.url}/en/staff/sessions/{site.world.sessions['running']}"
    screen = open_page(storage_state=site.cookies_of(ORGANISER, browser), locale="en-GB")
    screen.goto(f"{address}/self-check-in")
    screen.locator("main form button[type=submit]").first.click()
    drawing = screen.locator(".qr svg")
    expect(drawing).to_be_visible()
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawing.screenshot())))
    assert "/h/" in found.text

    phone = open_page(viewport=NARROW, locale="en-GB", java_script_enabled=script)
    phone.goto(site.url + "/h/" + found.text.rpartition("/h/")[2])
    expect(phone.get_by_role("heading", name="Are you here?")).to_be_visible()
    assert "/en/here/" in phone.url
    if script:
        assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    phone.locator("label[for=adults-2]:visible").click()
    phone.locator("label[for=children-1]:visible").click()
    phone.get_by_role("button", name="We are here").click()
    expect(phone.locator("main")).to_contain_text("You are counted: 2 adults, 1 child.")
    phone.reload()
    phone.get_by_role("link", name="Change how many").click()
    expect(phone.get_by_role("radio", name="2 adults", exact=True)).to_be_checked()

    screen.goto(f"{address}/live")
    expect(screen.locator("main")).to_contain_text("Marked by themselves")
    expect(screen.locator("main")).to_contain_text("Self check-in")
