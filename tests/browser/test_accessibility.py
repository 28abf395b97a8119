"""Every page, in every language, light and dark: axe finds nothing, nothing sticks out, nothing comes from elsewhere.

What axe cannot decide by itself is judged in ``axe_incomplete.toml``; a new one fails here until somebody has looked.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request
from playwright.sync_api import Page as Tab

from tests.browser.contrast import measure
from tests.browser.site import Site, site_of
from tests.fixtures.databases import Databases
from tests.fixtures.worlds import CopyWorld
from tests.pages import PAGES, PUBLIC, Page
from tests.sampling import EVERYTHING, sample

LOCALES = {"sv": "sv-FI", "fi": "fi-FI", "en": "en-GB"}
LANGUAGES = tuple(LOCALES)
SCHEMES = ("light", "dark")
CASES = sample(product(PAGES, LANGUAGES, SCHEMES), every=11)
NARROW = (320, 360)
DESK = 1280
HEIGHT = 740
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """
async (tags) => {
  const results = await axe.run(document, {
    runOnly: {type: "tag", values: tags}, resultTypes: ["violations", "incomplete"],
  });
  const told = (kind) => results[kind].flatMap((rule) => rule.nodes.map((node) => (
    {rule: rule.id, target: node.target.join(" "), html: node.html, why: node.failureSummary})));
  return {violations: told("violations"), incomplete: told("incomplete")};
}
"""
STICKS_OUT = """
() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1) && !each.closest(".scroll, .vh, .skip");
  }).map((each) => each.outerHTML.slice(0, 100)).slice(0, 5).concat(document.documentElement.scrollWidth);
}
"""
JUDGED = tomllib.loads((Path(__file__).parent / "axe_incomplete.toml").read_text(encoding="utf-8"))["judged"]


@pytest.fixture(scope="module")
def site(sqlite_databases: Databases, copy_world: CopyWorld) -> Iterator[Site]:
    """One server for all pages: they only look, or are refused."""
    with site_of(copy_world, sqlite_databases, "looked_at") as site:
        yield site


@pytest.fixture(scope="module")
def arabic_site(sqlite_databases: Databases, copy_world: CopyWorld) -> Iterator[Site]:
    """The same with a language that is written from right to left."""
    with site_of(copy_world, sqlite_databases, "from_the_right", (*LANGUAGES, "ar")) as site:
        yield site


@pytest.mark.parametrize(("page", "language", "scheme"), CASES, ids=lambda each: getattr(each, "name", each))
def test_everybody_can_use_it(
    page: Page, language: str, scheme: str, site: Site, browser: Browser, open_page: Callable[..., Tab]
) -> None:
    tab = open_page(
        locale=LOCALES[language],
        color_scheme=scheme,
        storage_state=_cookies(site, page, browser),
        reduced_motion="reduce",
    )
    strange = _listen(tab, site, page)
    site.show(tab, page, language)
    wrong = [*_is_in_its_language(tab, language, "ltr"), *_structure(tab), *_sideways(tab)]
    wrong += found_by_axe(tab)
    if EVERYTHING:
        tab.set_viewport_size({"width": DESK, "height": HEIGHT})
        wrong += found_by_axe(tab)
    assert not (wrong + strange), "\n" + "\n".join(wrong + strange)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_menu_of_languages_is_usable_open(scheme: str, site: Site, open_page: Callable[..., Tab]) -> None:
    tab = open_page(color_scheme=scheme)
    site.show(tab, PUBLIC[0], "sv")
    tab.locator("details.lang summary").focus()
    tab.keyboard.press("Enter")
    assert tab.locator("details.lang a:visible").count() == len(LANGUAGES)
    wrong = [*found_by_axe(tab), *_sideways(tab)]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("page", sample(PUBLIC, every=5), ids=lambda each: each.name)
def test_it_can_be_read_from_right_to_left(
    page: Page, arabic_site: Site, browser: Browser, open_page: Callable[..., Tab]
) -> None:
    tab = open_page(locale="ar", storage_state=_cookies(arabic_site, page, browser))
    arabic_site.show(tab, page, "ar")
    wrong = [*_is_in_its_language(tab, "ar", "rtl"), *_sideways(tab), *_fallbacks(tab)]
    assert not wrong, "\n" + "\n".join(wrong)


def _cookies(site: Site, page: Page, browser: Browser) -> Any:
    return site.cookies_of(page.signed_in, browser) if page.signed_in else None


def _listen(tab: Tab, site: Site, page: Page) -> list[str]:
    """Write down requests to anybody else and errors in the console; a page that is itself an error may say so."""
    strange: list[str] = []

    def on_request(request: Request) -> None:
        if not request.url.startswith((site.url, "data:", "blob:")):
            strange.append(f"asks somebody else: {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not (page.status >= 400 and "the server responded with" in message.text):
            strange.append(f"console: {message.text}")

    tab.on("request", on_request)
    tab.on("console", on_console)
    return strange


def _is_in_its_language(tab: Tab, language: str, direction: str) -> Iterator[str]:
    root = tab.locator("html")
    said = root.get_attribute("lang"), root.get_attribute("dir")
    if said != (language, direction):
        yield f"the page says it is in {said}"


def _structure(tab: Tab) -> Iterator[str]:
    if (count := tab.locator("h1").count()) != 1:
        yield f"{count} first headings"
    if count := tab.locator("style, script:not([src], [type='application/ld+json']), [style]").count():
        yield f"{count} inline styles or scripts"


def _sideways(tab: Tab) -> Iterator[str]:
    """Whatever makes the page scroll sideways (WCAG 1.4.10), with everything unfolded."""
    for width in NARROW:
        tab.set_viewport_size({"width": width, "height": HEIGHT})
        yield from (f"sticks out at {width}: {each}" for each in tab.evaluate(STICKS_OUT))


def found_by_axe(tab: Tab) -> Iterator[str]:
    if not tab.evaluate("typeof window.axe === 'object'"):
        tab.evaluate(AXE)
    found = tab.evaluate(RUN_AXE, TAGS)
    for each in found["violations"]:
        yield f"violation {each['rule']}: {each['target']}\n    {each['html'][:200]}\n    {each['why']}"
    yield from _undecided(tab, found["incomplete"])


def _undecided(tab: Tab, found: list[dict[str, str]]) -> Iterator[str]:
    """What axe leaves open: contrast over pictures is measured here, the rest was judged by a person."""
    contrasts = [each["target"] for each in found if each["rule"] == "color-contrast"]
    for measured in measure(tab, contrasts):
        if not measured.is_enough:
            yield f"contrast {measured.ratio} of {measured.needed}: {measured.selector}"
    for each in found:
        if not any(_is_about(judgement, each) for judgement in JUDGED):
            yield f"not judged {each['rule']}: {each['target']}\n    {each['html'][:200]}\n    {each['why']}"


def _is_about(judgement: dict[str, str], found: dict[str, str]) -> bool:
    return judgement["rule"] == found["rule"] and bool(re.search(judgement["where"], found["html"]))


def _fallbacks(tab: Tab) -> Iterator[str]:
    """Content that exists in Swedish only says so, with its own direction (WCAG 3.1.2)."""
    texts = ("Kulturkafé", "Familjeskola", "Alma-huset", "Kaféets värd")
    for text in texts:
        for found in tab.locator(f"main :text('{text}'):visible").all():
            said = found.evaluate(
                "each => { const own = each.closest('[lang]'); return [own.lang, own.dir || own.closest('[dir]').dir] }"
            )
            if said != ["sv", "ltr"]:
                yield f"{text} says it is in {said}"
