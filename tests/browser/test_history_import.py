"""Bringing a spreadsheet in on a phone: its faults in plain words, what it would change, how far it is, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from integration.history.models import Import
from integration.history.services import work_on_imports
from integration.kernel.clock import utc_now
from integration.kernel.database import transaction
from tests.browser.site import Site, site_of
from tests.factories.spreadsheets import csv_of
from tests.fixtures.databases import Databases
from tests.fixtures.worlds import CopyWorld
from tests.pages import COORDINATOR, PROGRAMME

NO_SIDEWAYS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
HEADS = ("Pvm", "Klo", "Toiminta", "Kävijät")


@pytest.fixture(scope="module")
def site(sqlite_databases: Databases, copy_world: CopyWorld) -> Iterator[Site]:
    """The demo's city, with a server of its own and no worker: the test is the worker."""
    with site_of(copy_world, sqlite_databases, "history") as site:
        yield site


def passed(site: Site, rows: int) -> None:
    """The worker has gone through so many rows."""
    with site.app.app_context(), transaction() as db_session:
        newest = sa.select(sa.func.max(Import.id)).scalar_subquery()
        db_session.execute(sa.update(Import).where(Import.id == newest).values(expected=40, passed=rows))


def work(site: Site) -> None:
    """The worker goes through all of them."""
    with site.app.app_context():
        work_on_imports(utc_now())


def look(tab: Tab, script: bool) -> None:
    """With a script the page shows within two seconds how it stands; without one somebody presses."""
    assert tab.evaluate(NO_SIDEWAYS)
    if script:
        tab.clock.run_for(2100)
    else:
        tab.get_by_role("link", name="See how far it is").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_spreadsheet_is_brought_in_and_taken_back(
    site: Site, open_page: Callable[..., Tab], browser: Browser, script: bool
) -> None:
    tab = open_page(java_script_enabled=script, storage_state=site.cookies_of(COORDINATOR, browser))
    if script:
        tab.clock.install()
    tab.goto(f"{site.url}/en/staff/programmes/{PROGRAMME}/imports")
    tab.get_by_role("button", name="Send and check").click()
    expect(tab.get_by_role("link", name="Choose a file.")).to_be_visible()

    start = f"{16 + script}.00"
    rows = (("ma 6.2.2023", start, "Kulttuurikahvila", "41"), ("31.2.2023", "", "Kulturkafe", "n. 20"))
    content = csv_of((*rows, ("Yhteensä", "", "", "61")), HEADS)
    tab.get_by_label("Spreadsheet", exact=True).set_input_files(
        {"name": "kävijät.csv", "mimeType": "text/csv", "buffer": content}
    )
    tab.get_by_role("button", name="Send and check").click()
    expect(tab.get_by_role("heading", name="We are reading the file")).to_be_visible()
    work(site)
    look(tab, script)
    for text in ("31.2.2023” is no date", "called “Kulturkafe”", "n. 20” is no number", "sum of the rows above"):
        expect(tab.get_by_text(text)).to_be_visible()
    expect(tab.get_by_text("Kävijät (D):")).to_be_visible()
    visits = tab.get_by_role("row", name="Visits to the culture café")
    before, after = visits.get_by_role("cell").all_inner_texts()
    assert int(after) == int(before) + 41

    tab.get_by_role("button", name="Import 1 row").click()
    passed(site, 30)
    look(tab, script)
    expect(tab.get_by_text("30 of about 40 rows")).to_be_visible()
    expect(tab.locator(".meter rect")).to_have_attribute("width", "75.0%")
    work(site)
    look(tab, script)
    expect(tab.get_by_text("Imported.", exact=True)).to_be_visible()

    tab.get_by_role("button", name="Undo this import").click()
    expect(tab.get_by_role("heading", name="We are undoing the import")).to_be_visible()
    work(site)
    look(tab, script)
    expect(tab.get_by_text("This import is undone.")).to_be_visible()
    assert tab.evaluate(NO_SIDEWAYS)
