"""Month, week and year in a real browser: a list on phones, a table where there is room, one sheet on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from playwright.sync_api import Page as Tab

from integration.activities.rules import Month, Week
from integration.kernel.clock import local_date, utc_now
from tests.browser.site import Site, site_of
from tests.fixtures.databases import Databases
from tests.fixtures.worlds import CopyWorld
from tests.pages import COORDINATOR

TODAY = local_date(utc_now())
DESK: ViewportSize = {"width": 1280, "height": 800}
PAGES_IN = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture(scope="module")
def site(sqlite_databases: Databases, copy_world: CopyWorld) -> Iterator[Site]:
    """The demo's city with its past year and its weeks to come."""
    with site_of(copy_world, sqlite_databases, "calendar") as site:
        yield site


@pytest.mark.parametrize("address", [f"month/{Month.of(TODAY)}", f"week/{Week.of(TODAY)}"])
def test_a_list_on_phones_and_a_table_on_desks(site: Site, open_page: Callable[..., Tab], address: str) -> None:
    tab = open_page(java_script_enabled=False)
    tab.goto(f"{site.url}/sv/{address}")
    expect(tab.locator(".agenda .mark").first).to_be_visible()
    expect(tab.locator("table.grid")).to_be_hidden()
    tab.set_viewport_size(DESK)
    expect(tab.locator("table.grid")).to_be_visible()
    expect(tab.locator(".agenda")).to_be_hidden()


def test_a_keyboard_walks_from_the_list_to_another_month(site: Site, open_page: Callable[..., Tab]) -> None:
    tab = open_page(viewport=DESK, java_script_enabled=False)
    tab.goto(f"{site.url}/en/")
    tab.get_by_role("link", name="The dates as a month").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/month/{Month.of(TODAY)}")
    tab.locator("a[rel=next]").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/month/{Month.of(TODAY).next}")
    tab.locator("table.grid tbody th a").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/week/*")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Week")


@pytest.mark.parametrize("who", [None, COORDINATOR])
@pytest.mark.parametrize("language", ["sv", "fi", "en"])
def test_a_year_fits_on_one_sheet(
    site: Site, browser: Browser, open_page: Callable[..., Tab], language: str, who: str | None
) -> None:
    cookies: Any = site.cookies_of(who, browser) if who else None
    tab = open_page(viewport=DESK, storage_state=cookies, color_scheme="dark")
    for year in (TODAY.year, TODAY.year + 1):
        tab.goto(f"{site.url}/{language}/year/{year}")
        for size in ("A4", "A3"):
            paper = tab.pdf(format=size, landscape=True, print_background=True)
            assert len(PAGES_IN.findall(paper)) == 1, f"{year} on {size}"
        assert len(PAGES_IN.findall(tab.pdf(prefer_css_page_size=True))) == 1


def test_a_day_of_the_year_leads_to_a_new_session(site: Site, browser: Browser, open_page: Callable[..., Tab]) -> None:
    tab = open_page(viewport=DESK, storage_state=site.cookies_of(COORDINATOR, browser))
    tab.goto(f"{site.url}/en/year/{TODAY.year + 1}")
    tab.locator(f"a[href$='on={TODAY.year + 1}-05-04']").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("New session")
    tab.locator("ul.more a").first.click()
    expect(tab.locator("input[name=on]")).to_have_value(f"{TODAY.year + 1}-05-04")
