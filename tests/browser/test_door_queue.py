"""The scanner app's queue: whatever the server says, however late and however often, each person counts once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session
from integration.checkin.models import Attendance, Scan
from integration.checkin.queries import conflicts
from integration.kernel.clock import local, utc_now
from tests.browser.phones import API, HAS_NO_ROSTER, SCREEN, card_of, counted, door, new_phone, pair, qr
from tests.factories.checkin import make_running_session
from tests.fixtures.servers import A_WEEK_LATER, Served, Server
from tests.sampling import EVERYTHING

BOTH_ENGINES = ("sqlite", "postgresql") if EVERYTHING else ("sqlite",)
on_engines = pytest.mark.parametrize("engine_name", BOTH_ENGINES, indirect=True)
on_sqlite = pytest.mark.parametrize("engine_name", ("sqlite",), indirect=True)
SCANS = "**/api/v1/door/scans"
DAY = 24 * 3600 * 1000
AHEAD = timedelta(hours=5)
HOLD = """
async ([door, scans]) => {
  const { all, put, remove } = await import("/assets/any/door/store.js");
  for (const { n } of await all("scans")) await remove("scans", n);
  for (const scan of scans) await put("scans", { door, scan, added: null });
}
"""
IS_ACKNOWLEDGED = """
async (number) => {
  const { all } = await import("/assets/any/door/store.js");
  const rows = await all("scans");
  return rows.length === number && rows.every((row) => row.acked_at);
}
"""
HOLDS = """
async (number) => {
  const { all } = await import("/assets/any/door/store.js");
  return (await all("scans")).length === number;
}
"""


@pytest.fixture
def session(db_session: DbSession) -> Session:
    """A session under way."""
    return make_running_session(db_session, capacity=30)


@on_engines
def test_the_same_batch_from_two_phones_a_week_later(
    db_session: DbSession, session: Session, server: Callable[..., Server], browser: Browser
) -> None:
    """Each phone is given the scans of both, shuffled and unsent, and a server whose clock is a week ahead."""
    tokens = ("token a", "token b")
    for token in tokens:
        door(db_session, session, token)
    family = card_of(db_session, session, 2, 1)
    db_session.commit()
    running = server()
    phones = [new_phone(browser, running.url, session, token) for token in tokens]
    for phone in phones:
        phone.take_along()
        phone.offline()
        phone.scan(qr(running.url, family))
        phone.says("Welcome!", "2 adults + 1 child")
        phone.ready()
        phone.press("adult")
        phone.says("Counted", "1 adult")
    for phone in phones:
        phone.online()
        phone.waits(0)
    scans = [row["scan"] for phone in phones for row in phone.rows()]
    evening = facts(db_session, session)
    assert counted(db_session, session) == (4, 1)
    assert [len(each.scans) for each in conflicts(db_session, session.id)] == [2]
    later = server(application=A_WEEK_LATER)
    for number, phone in enumerate(phones):
        phone.page.evaluate(HOLD, [f"door-{phone.token}", Random(number).sample(scans, len(scans))])
        phone.page.goto("about:blank")
        phone.page.clock.install(time=utc_now() + timedelta(days=7))
        phone.context.route(API, lambda route: route.continue_(url=moved(route, running, later)))
        phone.page.goto(f"{running.url}/door/scan")
        phone.until(IS_ACKNOWLEDGED, len(scans))
        assert facts(db_session, session) == evening
        phone.context.close()


@on_engines
def test_a_phone_whose_clock_is_wrong(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], browser: Browser
) -> None:
    """Five hours ahead: the offset is kept, the order too, and the door shows the hall's time."""
    door(db_session, session, "token")
    cards = [card_of(db_session, session, 1, 0) for _number in range(2)]
    db_session.commit()
    running = server_here()
    context = browser.new_context(viewport=SCREEN, locale="en-GB")
    context.clock.install(time=utc_now() + AHEAD)
    phone = pair(context.new_page(), running.url, session, "token")
    phone.take_along()
    phone.offline()
    began = utc_now()
    phone.scan(qr(running.url, cards[0]))
    phone.says("Welcome!", "1 adult")
    phone.ready()
    phone.press("adult")
    phone.says("Counted", "1 adult")
    phone.scan(qr(running.url, cards[1]))
    phone.says("Welcome!", "1 adult")
    phone.scan(qr(running.url, cards[0]))
    phone.says("Already in")
    shown = phone.page.locator("[data-line]").inner_text()
    assert shown in {f"at {local(began + timedelta(minutes=each)):%H:%M}" for each in range(3)}
    phone.online()
    phone.waits(0)
    made = [row["scan"]["id"] for row in phone.rows()]
    db_session.rollback()
    kept = db_session.scalars(sa.select(Scan).order_by(Scan.happened_at, Scan.scanned_at)).all()
    assert [each.id for each in sorted(kept, key=lambda scan: made.index(scan.id))] == [each.id for each in kept]
    assert all(abs((each.clock_offset or 0) + AHEAD.total_seconds()) < 60 for each in kept)
    assert all(abs(each.happened_at - began) < timedelta(minutes=3) for each in kept)
    assert not [each.flag for each in kept if each.flag in ("clock", "window", "late")]
    assert counted(db_session, session) == (3, 0)
    context.close()


@on_sqlite
def test_nothing_is_dropped_whatever_the_server_says(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    """401, 403, 409, 5xx, a page of the network's own; 429 with its time to wait; a restart; and a week afterwards."""
    door(db_session, session, "token")
    db_session.commit()
    running = server_here()
    page = open_page(locale="en-GB")
    page.clock.install()
    phone = pair(page, running.url, session, "token")
    phone.until(HAS_NO_ROSTER.replace("=== 0", "=== 1"))
    answers: list[dict[str, Any]] = [{"status": status, "body": "{}"} for status in (401, 403, 409, 500, 503, 200)]
    asked: list[str] = []
    for number, answer in enumerate(answers, 1):
        page.route(SCANS, answering(answer, asked))
        with page.expect_response(SCANS):
            phone.press("adult")
        phone.says("Counted", "1 adult")
        phone.waits(number)
        page.unroute(SCANS)
        page.route(SCANS, lambda route: route.abort())
    for key, shown in (("more", "[data-panel=more]"), ("lock", "[data-lock]")):
        phone.ready()
        phone.press(key)
        expect(page.locator(shown)).to_be_visible()
        expect(page.locator("[data-net-text]")).to_contain_text("6 waiting")
    page.unroute(SCANS)
    asked.clear()
    page.route(SCANS, answering(TOO_MANY, asked))
    phone.open()
    phone.waits(6)
    phone.press("adult")
    phone.waits(7)
    page.clock.fast_forward(100_000)
    phone.waits(7)
    assert len(asked) == 1
    page.unroute(SCANS)
    page.clock.fast_forward(30_000)
    phone.waits(0)
    assert counted(db_session, session) == (7, 0)
    page.context.route(API, lambda route: route.abort())
    phone.press("adult")
    phone.waits(1)
    for days, kept in ((6, 8), (2, 1)):
        page.goto("about:blank")
        page.clock.fast_forward(days * DAY)
        page.goto(f"{running.url}/door/scan")
        expect(page.get_by_role("heading", name="This door is closed")).to_be_visible()
        expect(page.locator("[data-net-text]")).to_contain_text("1 waiting")
        phone.until(HOLDS, kept)
        phone.until(HAS_NO_ROSTER)


TOO_MANY: dict[str, Any] = {"status": 429, "body": "{}", "headers": {"Retry-After": "120"}}


def answering(answer: dict[str, Any], asked: list[str]) -> Callable[[Route], None]:
    """A server that always says this; whoever asked is written down."""

    def handle(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(**answer)

    return handle


def facts(db_session: DbSession, session: Session) -> list[tuple[Any, ...]]:
    """Who counts, since when, and what a person should look at."""
    db_session.rollback()
    came = sa.select(Attendance.id, Attendance.adults, Attendance.children, Attendance.first_at, Attendance.whole)
    scans = sa.select(Scan.id, Scan.device_id, Scan.scanned_at, Scan.received_at, Scan.result, Scan.flag)
    found = [*db_session.execute(came.order_by(Attendance.id)), *db_session.execute(scans.order_by(Scan.id))]
    seen = [scan.id for each in conflicts(db_session, session.id) for scan in each.scans]
    return [*map(tuple, found), tuple(sorted(seen))]


def moved(route: Route, running: Server, later: Server) -> str:
    """The same address at the other server."""
    return route.request.url.replace(running.url, later.url)
