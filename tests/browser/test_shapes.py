"""On a small phone: a series with two dates dropped, a time booked, moved, waited for; with a script and without."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session
from integration.i18n.dates import DOTTED
from integration.kernel.clock import local, local_date, midnight, utc_now
from integration.registration.models import Registration
from integration.registration.services import cancel_registration
from integration.registration.services.slots import book_slot
from tests.factories.activities import make_activity, make_session, make_slots
from tests.fixtures.servers import Served
from tests.fixtures.settings import CARD_KEY
from tests.sampling import sample

PHONE = {"width": 360, "height": 740}
LOCALES = {"sv": "sv-FI", "fi": "fi-FI", "en": "en-GB"}
CASES = list(product(LOCALES, (False, True)))
"""One walk without a script and the other with one; all of them with ``./test --all``."""
SEND = "form:has([name=form_token]) button[type=submit]"


@pytest.mark.parametrize(("language", "script"), sample(CASES, 7))
def test_series_with_two_dropped_dates(
    language: str,
    script: bool,
    server_here: Callable[..., Served],
    open_page: Callable[..., Page],
    db_session: DbSession,
) -> None:
    activity = make_activity(db_session, series=True)
    noon = midnight(local_date(utc_now()) + timedelta(days=3)) + timedelta(hours=12)
    weeks = [
        make_session(db_session, activity=activity, starts_at=noon + timedelta(days=7 * week)) for week in range(5)
    ]
    db_session.commit()
    page = open_page(locale=LOCALES[language], java_script_enabled=script, viewport=PHONE)
    page.goto(f"{server_here().url}/{language}/sessions/{weeks[0].key}")
    page.locator("a[href$='/series']").click()
    for dropped in (weeks[1], weeks[3]):
        page.locator(f"[name=dates][value='{dropped.key}']").uncheck()
    page.locator("[name=name]").fill("Amina")
    page.locator("label[for=children-1]:visible").click()
    see_fits(page, script)
    page.locator(SEND).click()
    expect(page.locator(".plate")).to_be_visible()
    block = page.locator("section[id^=s]:has(ul.dates)")
    if not script or not block.locator("ul.dates").is_visible():
        block.locator("summary").click()
    expect(block.locator("ul.dates > li")).to_have_count(5)
    expect(block.locator("a[href*='/cancel']")).to_have_count(3)
    expect(block.locator("form button")).to_have_count(2)
    see_fits(page, script)
    block.locator("form button").first.click()
    page.locator("section[id^=s]:has(ul.dates) summary").click()
    expect(page.locator("ul.dates a[href*='/cancel']")).to_have_count(4)
    assert places(db_session, weeks) == [2, 2, 2, 0, 2]


@pytest.mark.parametrize(("language", "script"), sample(reversed(CASES), 7))
def test_slot_booked_and_moved(
    language: str,
    script: bool,
    server_here: Callable[..., Served],
    open_page: Callable[..., Page],
    db_session: DbSession,
) -> None:
    noon = midnight(local_date(utc_now()) + timedelta(days=2)) + timedelta(hours=12)
    session = make_session(db_session, starts_at=noon)
    first, _sv, second, _other = make_slots(db_session, session, times=2, languages=("sv", "ar"))
    db_session.commit()
    running = server_here()
    page = open_page(locale=LOCALES[language], java_script_enabled=script, viewport=PHONE)
    page.goto(f"{running.url}/{language}/sessions/{session.key}")
    expect(page.locator(".times a")).to_have_count(4)
    see_fits(page, script)
    page.locator(f".times a[href$='/times/{first.id}']").click()
    page.locator("[name=name]").fill("Amina")
    see_fits(page, script)
    page.locator(SEND).click()
    expect(page.locator("main")).to_contain_text(clock(first.starts_at, language))
    page.locator("a[href*='/time?registration=']").click()
    expect(page.locator(".times button")).to_have_count(3)
    see_fits(page, script)
    page.locator(f".times button[value='{second.id}']").click()
    expect(page.locator(".plate")).to_be_visible()
    expect(page.locator("main ol.marks")).to_contain_text(clock(second.starts_at, language))
    assert list(db_session.scalars(sa.select(Registration.slot_id))) == [second.id]
    other = open_page(locale=LOCALES[language], java_script_enabled=script, viewport=PHONE)
    other.goto(f"{running.url}/{language}/sessions/{session.key}/times/{second.id}")
    expect(other.get_by_role("alert")).to_be_visible()
    expect(other.locator(".times a")).to_have_count(3)


@pytest.mark.parametrize(("language", "script"), sample(CASES, 8))
def test_a_time_waited_for_and_had(
    language: str,
    script: bool,
    server_here: Callable[..., Served],
    open_page: Callable[..., Page],
    db_session: DbSession,
    app: Flask,
) -> None:
    session = make_session(db_session, starts_at=utc_now() + timedelta(days=5))
    slot, other = make_slots(db_session, session, times=1, languages=("sv", "ar"))
    with app.app_context():
        first, _second = (booked(db_session, session, each.id) for each in (slot, other))
    db_session.commit()
    page = open_page(locale=LOCALES[language], java_script_enabled=script, viewport=PHONE)
    page.goto(f"{server_here().url}/{language}/sessions/{session.key}")
    see_fits(page, script)
    page.locator("a[href$='/times/wait']").click()
    page.locator("[name=name]").fill("Amina")
    see_fits(page, script)
    page.locator(SEND).click()
    expect(page.locator("form[action$='/leave']")).to_be_visible()
    see_fits(page, script)
    with app.app_context():
        cancel_registration(db_session, first, session, utc_now())
    db_session.commit()
    page.reload()
    expect(page.locator("main ol.marks")).to_contain_text(clock(slot.starts_at, language))
    expect(page.locator("form[action$='/leave']")).to_have_count(0)
    see_fits(page, script)


def booked(db_session: DbSession, session: Session, slot_id: int) -> Registration:
    """Somebody else has this time."""
    who: dict[str, Any] = {"name": "Bao", "language": "sv", "form_token": f"shape-{slot_id}", "card_key": CARD_KEY}
    return book_slot(db_session, session, None, slot_id, **who, now=utc_now()).registration


def see_fits(page: Page, script: bool) -> None:
    """Nothing stands out of the screen sideways. (Asking the page needs no script of its own.)"""
    if script:
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def places(db_session: DbSession, sessions: list[Session]) -> list[int]:
    """How many places of each session are taken."""
    db_session.expire_all()
    return [each.places.taken for each in sessions]


def clock(moment: object, language: str) -> str:
    """A time of day as the page writes it."""
    text = f"{local(moment):%H:%M}"  # type: ignore[arg-type]
    return text.replace(":", ".") if language in DOTTED else text
