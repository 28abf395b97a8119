"""The organiser's list with somebody on the phone: add, find, move, write to all, take the list along."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from playwright.sync_api import Page as Tab

from integration.kernel.clock import utc_now
from tests.browser.site import Site, site_of
from tests.factories.world import plant_session
from tests.fixtures.databases import Databases
from tests.fixtures.worlds import CopyWorld
from tests.pages import ORGANISER

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
NO_SIDEWAYS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def site(sqlite_databases: Databases, copy_world: CopyWorld) -> Iterator[Site]:
    """The demo's city, with a server of its own."""
    with site_of(copy_world, sqlite_databases, "list") as site:
        yield site


def add(tab: Tab, name: str, need: str = "") -> None:
    """Add somebody who rings, from the list."""
    tab.get_by_role("link", name="Add somebody").click()
    tab.get_by_label("What shall we call you?").fill(name)
    tab.get_by_label("Do you need something?").fill(need)
    tab.get_by_role("button", name="Sign them up").click()
    expect(tab.get_by_text("The code for the door:")).to_be_visible()


def take(tab: Tab, link: str, into: Path) -> bytes:
    """Download the list."""
    with tab.expect_download() as waiting:
        tab.get_by_role("link", name=link).click()
    waiting.value.save_as(into)
    return into.read_bytes()


@pytest.mark.parametrize(("size", "script"), [(PHONE, False), (DESK, True)], ids=["phone-no-script", "desk"])
def test_a_morning_with_the_list(
    site: Site, open_page: Callable[..., Tab], browser: Browser, tmp_path: Path, size: ViewportSize, script: bool
) -> None:
    key = plant_session(site.app, "culture-cafe", utc_now() + timedelta(days=3, minutes=size["width"]))
    signed_in = site.cookies_of(ORGANISER, browser)
    tab = open_page(viewport=size, java_script_enabled=script, storage_state=signed_in)
    tab.goto(f"{site.url}/en/staff/sessions/{key}/registrations")
    add(tab, "Åsa", "Interpreter: Somali")
    add(tab, "=Zoltan")
    expect(tab.locator(".needs")).to_have_text("Interpreter × 1")
    if script:
        assert tab.evaluate(NO_SIDEWAYS)

    tab.get_by_label("Find a name, a phone or a need").fill("asa")
    if not script:
        tab.get_by_role("button", name="Find").click()
    expect(tab.locator(".comers li:visible")).to_have_count(1)
    tab.get_by_role("link", name="Åsa", exact=True).click()
    tab.get_by_role("link", name="Move to another date").click()
    tab.get_by_role("radio").first.check()
    tab.get_by_role("button", name="Move them").click()
    expect(tab.get_by_text("They gave no contact: tell them yourself.")).to_be_visible()
    expect(tab.locator(".comers li")).to_have_count(1)

    tab.get_by_role("link", name="Message to all").click()
    expect(tab.get_by_text("1 household cannot be reached.")).to_be_visible()
    tab.get_by_label("Svenska").fill("Ta med vattenflaska.")
    tab.get_by_role("button", name="Send to all who come").click()
    expect(tab.get_by_text("1 could not be told: ring them.")).to_be_visible()

    rows = list(csv.reader(io.StringIO(take(tab, "as text (CSV)", tmp_path / "list.csv").decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Name", "'=Zoltan"]
    sheet = openpyxl.load_workbook(io.BytesIO(take(tab, "to Excel (XLSX)", tmp_path / "list.xlsx"))).active
    assert sheet is not None and (sheet["A2"].value, sheet["A2"].data_type) == ("=Zoltan", "s")
