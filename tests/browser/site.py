"""The real server with every page of the table on it, for tests that look at all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Response
from playwright.sync_api import Page as Tab

from integration import create_app
from integration.kernel.database import db
from tests.factories.world import PASSWORD, World
from tests.fixtures.databases import Databases
from tests.fixtures.servers import serving_here
from tests.fixtures.settings import settings_for
from tests.fixtures.worlds import CopyWorld
from tests.pages import Page

OPEN_ALL = "document.querySelectorAll('details:not(.lang)').forEach(each => { each.open = true })"
SEND_ANYWAY = "document.querySelectorAll('form').forEach(each => { each.noValidate = true })"


@dataclass
class Site:
    """The server's address, what stands in its database, and the cookies of whoever has signed in."""

    url: str
    app: Flask
    world: World
    cookies: dict[str, Any] = field(default_factory=dict)

    def address(self, page: Page, language: str) -> str:
        """Where the page is."""
        return self.url + page.path(self.app, self.world, language)

    def show(self, tab: Tab, page: Page, language: str) -> None:
        """Open the page, press its button where only a POST answers with it, and unfold all but the languages."""
        answer = tab.goto(self.address(page, language))
        tab.evaluate(OPEN_ALL)
        if page.submit:
            answer = self._submit(tab, page)
            tab.evaluate(OPEN_ALL)
        assert answer is not None and answer.status == page.status, answer and answer.status

    def cookies_of(self, email: str, browser: Browser) -> Any:
        """The cookies of this member of staff, signed in once."""
        if email not in self.cookies:
            context = browser.new_context()
            tab = context.new_page()
            tab.goto(f"{self.url}/en/sign-in")
            tab.locator("[name=email]").fill(email)
            tab.locator("[name=password]").fill(PASSWORD)
            tab.locator("main button[type=submit]").click()
            tab.wait_for_url("**/staff/")
            self.cookies[email] = context.storage_state()
            context.close()
        return self.cookies[email]

    def _submit(self, tab: Tab, page: Page) -> Response | None:
        for name, text in page.typed.items():
            tab.locator(f"[name={name}]").fill(text)
        tab.evaluate(SEND_ANYWAY)
        # The page that a redirect leads to is the answer that somebody sees.
        is_answer: Callable[[Response], bool] = lambda each: (  # noqa: E731
            each.request.is_navigation_request() and not 300 <= each.status < 400
        )
        with tab.expect_response(is_answer) as waiting:
            tab.locator(page.submit).last.click()
        tab.wait_for_load_state()
        return waiting.value


@contextmanager
def site_of(
    copy_world: CopyWorld, databases: Databases, name: str, languages: tuple[str, ...] = ("sv", "fi", "en")
) -> Iterator[Site]:
    """Serve a copy of the world, with the demo's banner on every page."""
    url, world = copy_world(databases, name)
    app = create_app(settings_for(url, languages=languages))
    with serving_here(url, demo=True, languages=languages) as served:
        yield Site(served.url, app, world)
    with app.app_context():
        db.engine.dispose()
    databases.drop(name)
