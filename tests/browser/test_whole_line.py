"""The whole line through the product: a phone, a card, a door, a figure on the council's page, a calendar.

Each person has a browser of their own and does only what a person can do; nothing but the pages tells the test
what happened.
"""

from __future__ import annotations

import io
import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from time import monotonic

import pytest
import zxingcpp
from flask import Flask
from icalendar import Calendar
from PIL import Image
from playwright.sync_api import Browser, Page, TimeoutError, expect
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session
from integration.kernel.clock import local_date, utc_now
from tests.browser.films import film, flags_for
from tests.factories.figures import close, make_attendance
from tests.factories.world import PASSWORD, plant_city, plant_session
from tests.fixtures.servers import Server
from tests.sampling import sample

CAFE = "culture-cafe"
METER = "/programmes/vaasa-2023-2026/indicators/culture-cafe"
LOCALES = {"sv": "sv-FI", "fi": "fi-FI", "en": "en-GB"}
TITLES = {
    "sv": "Kulturkafé: te och berättelser",
    "fi": "Kulttuurikahvila: teetä ja tarinoita",
    "en": "Culture café: tea and stories",
}
TOGETHER = {"sv": ("2 vuxna", "1 barn"), "fi": ("2 aikuista", "1 lapsi"), "en": ("2 adults", "1 child")}
WELCOME = {"sv": "Välkomna", "fi": "Tervetuloa", "en": "Welcome"}

PATIENCE = 60
"""Seconds to leave the door in."""


@dataclass(frozen=True)
class Figures:
    """What the council's page says of this year: held sessions, visits and active associations."""

    held: int
    visits: int
    partners: int


@pytest.fixture
def tonight(app: Flask, db_session: DbSession) -> datetime:
    """A culture café that began a moment ago, and an earlier one of this year: one association, five visits."""
    plant_city(app, years=False)
    starts_at = utc_now() - timedelta(minutes=20)
    earlier = db_session.query(Session).filter_by(key=plant_session(app, CAFE, starts_at - timedelta(days=1))).one()
    earlier.partners[0].present = True
    make_attendance(db_session, earlier, None, 4, 1)
    close(db_session, earlier)
    db_session.commit()
    plant_session(app, CAFE, starts_at)
    return starts_at


@pytest.mark.parametrize(
    ("engine_name", "language"), sample(product(("sqlite", "postgresql"), LOCALES), every=5), indirect=["engine_name"]
)
def test_from_the_phone_to_the_figure(
    language: str,
    tonight: datetime,
    server: Callable[..., Server],
    open_page: Callable[..., Page],
    launch: Callable[..., Browser],
    tmp_path: Path,
) -> None:
    running = server(jobs=True)
    code, key = sign_up(open_page(locale=LOCALES[language], java_script_enabled=False), running, language)
    assert re.fullmatch(re.escape(f"{running.url}/C/".upper()) + "[A-Z2-7]{26}", code)

    council = open_page(locale=LOCALES[language])
    sign_in(council, f"{running.url}/{language}/staff/", "council@demo.invalid")
    before = figures(council, running, language)
    assert (before.visits, before.partners) == (5, 1)

    camera = launch(*flags_for(film(tmp_path / "card.y4m", [(code, 2.0), (None, 1.0)])))
    organiser = open_page(camera, locale=LOCALES[language])
    open_door(organiser, running, language, key)
    see_welcome(organiser, language)
    scanned = figures(council, running, language)
    assert scanned == Figures(before.held, before.visits + 3, before.partners)

    close_with_one_partner(organiser, "demo-bridge-builders", language)
    closed = figures(council, running, language)
    assert closed == Figures(before.held + 1, before.visits + 3, before.partners + 1)
    see_in_calendar(running, language, key, tonight)


def sign_up(page: Page, running: Server, language: str) -> tuple[str, str]:
    """From the start page to the card, for two adults and a child; what the card's QR says, and the session's key."""
    page.goto(running.url)
    expect(page).to_have_url(f"{running.url}/{language}/")
    page.get_by_role("link", name=titled(language)).first.click()
    key = page.url.rpartition("/")[2]
    page.locator("[name=name]").fill("Amina")
    page.locator("label[for=adults-2]:visible").click()
    page.locator("label[for=children-1]:visible").click()
    page.locator("form:has([name=form_token]) button[type=submit]").click()
    for words in TOGETHER[language]:
        expect(page.locator(".plate")).to_contain_text(words)
    expect(page.get_by_role("link", name=titled(language))).to_be_visible()
    return read_qr(page), key


def titled(language: str) -> re.Pattern[str]:
    """The café's title, wherever it says that it may be broken."""
    return re.compile("\xad?".join(map(re.escape, TITLES[language])))


def read_qr(page: Page) -> str:
    """What another phone's camera would read off this screen."""
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def sign_in(page: Page, address: str, email: str) -> None:
    """Go to a page of staff; the way there leads through the sign-in form."""
    page.goto(address)
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page).to_have_url(re.compile(re.escape(address)))


def figures(page: Page, running: Server, language: str) -> Figures:
    """Look at the meter's page afresh."""
    page.goto(f"{running.url}/{language}{METER}")
    return Figures(*(figure_of(page, f"{CAFE}-{measure}") for measure in ("held", "visits", "partners")))


def figure_of(page: Page, slug: str) -> int:
    """This year's value under the chart of an indicator; a year without any says so in words and has none."""
    year = page.locator(f"#{slug} .vals p", has=page.locator("span", has_text=str(local_date(utc_now()).year)))
    text = year.locator("b").inner_text()
    return int(text) if text.isdecimal() else 0


def open_door(page: Page, running: Server, language: str, key: str) -> None:
    """From the sign-in over today's sessions to the scanner: two presses."""
    sign_in(page, f"{running.url}/{language}/staff/", "organiser@demo.invalid")
    page.locator(f"a[href='/{language}/staff/sessions/{key}/door']").first.click()
    page.locator("main form button[type=submit]").click()


def see_welcome(page: Page, language: str) -> None:
    """The verdict floods the screen: green, a word, and who comes in."""
    verdict = page.locator("[data-flood]")
    expect(verdict).to_have_attribute("data-verdict", "ok")
    expect(verdict.get_by_role("heading")).to_contain_text(WELCOME[language])
    for words in TOGETHER[language]:
        expect(verdict).to_contain_text(words)
    expect(page.locator("[data-count]")).to_have_text("3")


def close_with_one_partner(page: Page, partner: str, language: str) -> None:
    """Leave the door for the closing page, untick everybody who did not come, confirm."""
    leave_door_for_closing(page)
    expect(page).to_have_url(re.compile("closing$"))
    boxes = page.locator("[name=partners]")
    for box in boxes.all()[1:]:
        box.uncheck()
    page.locator("button[name=held][value=yes]").click()
    expect(page.locator("main [role=status]")).to_be_visible()


def leave_door_for_closing(page: Page) -> None:
    """Next, more, close the session; the film shows the card again and again, and a verdict comes before all else."""
    to_closing = page.locator("[data-key=closing]")
    presses = (page.locator("[data-key=next]"), page.locator("[data-key=more]"), to_closing)
    until = monotonic() + PATIENCE
    while not page.url.endswith("/closing"):
        assert monotonic() < until, "the door does not let its organiser go"
        seen = next((each for each in reversed(presses) if each.is_visible()), None)
        try:
            if seen is to_closing:
                with page.expect_navigation():
                    seen.click(timeout=1_000, no_wait_after=True)
            elif seen is not None:
                seen.click(timeout=1_000)
        except TimeoutError:
            continue


def see_in_calendar(running: Server, language: str, key: str, starts_at: datetime) -> None:
    """The activity's feed has the session, in the reader's language."""
    with urllib.request.urlopen(f"{running.url}/calendar/activities/{CAFE}.ics?lang={language}") as answer:
        events = Calendar.from_ical(answer.read()).walk("VEVENT")
    event = next(each for each in events if str(each["UID"]).startswith(key))
    assert str(event["SUMMARY"]).replace("\xad", "") == TITLES[language]
    assert event.decoded("DTSTART") == starts_at
    assert str(event["URL"]).endswith(f"/{language}/sessions/{key}")
