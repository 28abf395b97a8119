"""The scanner app: with a network and without, across restarts, between two phones, and with what is no card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Actor, Role
from integration.accounts.services import create_account
from integration.activities.models import Session, SignUpMode
from integration.checkin.services import link_secret, renew_link
from integration.kernel.clock import utc_now
from integration.kernel.tokens import digest
from tests.browser.films import BAD_WAYS, bad_film, film, flags_for
from tests.browser.phones import Phone, card_of, counted, door, new_phone, pair, phone_with_files, qr
from tests.factories.activities import make_session
from tests.factories.checkin import make_running_session
from tests.fixtures.servers import Served, Server
from tests.fixtures.settings import CARD_KEY
from tests.sampling import EVERYTHING

BOTH_ENGINES = ("sqlite", "postgresql") if EVERYTHING else ("sqlite",)
on_engines = pytest.mark.parametrize("engine_name", BOTH_ENGINES, indirect=True)
on_sqlite = pytest.mark.parametrize("engine_name", ("sqlite",), indirect=True)
PATIENCE_FOR_FILMS = 180
"""Looks, two a second."""
COORDINATING: tuple[tuple[Role, int | None], ...] = ((Role.COORDINATOR, None),)
WRONG = {
    "WIFI:T:WPA;S:Biblioteket;P:inte-en-kod;;": "This code opens a Wi-Fi network",
    "https://example.com/menu?table=5": "This code leads to another site",
    "x" * 4000: "This code holds some other text",
}


@pytest.fixture
def session(db_session: DbSession) -> Session:
    """A session under way."""
    return make_running_session(db_session, capacity=30)


@on_sqlite
def test_bad_pictures_are_read(
    db_session: DbSession,
    session: Session,
    server_here: Callable[..., Served],
    launch: Callable[..., Browser],
    tmp_path: Path,
) -> None:
    """Rotated, dark and noisy, blurred, small, with glare, and all of it at once: a card each, one after the other."""
    door(db_session, session, "token")
    cards = {way: card_of(db_session, session, 1, 0) for way in BAD_WAYS}
    db_session.commit()
    running = server_here()
    texts = {way: qr(running.url, codes) for way, codes in cards.items()}
    phone = new_phone(launch(*flags_for(bad_film(tmp_path / "bad.y4m", texts))), running.url, session, "token")
    unread = set(cards)
    for _look in range(PATIENCE_FOR_FILMS):
        phone.page.wait_for_timeout(500)
        read = {row["scan"].get("digest") for row in phone.rows()}
        unread = {way for way, codes in cards.items() if digest(codes.pass_code) not in read}
        if not unread:
            break
    assert not unread


@on_engines
def test_a_session_with_a_network(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    door(db_session, session, "token")
    codes, other = card_of(db_session, session), card_of(db_session, None)
    db_session.commit()
    running = server_here()
    phone = pair(open_page(locale="en-GB"), running.url, session, "token")
    expect(phone.page.locator("[data-of]")).to_have_text("inside, of 30")
    phone.scan(qr(running.url, codes))
    phone.says("Welcome!", "2 adults + 1 child")
    phone.page.get_by_role("button", name="Child 1 came").click()
    phone.says("Welcome!", "2 adults")
    phone.ready()
    phone.scan(qr(running.url, other))
    phone.says("Welcome!", "1 adult")
    phone.press("undo")
    phone.says("Undone")
    phone.ready()
    phone.press("child")
    phone.says("Counted", "1 child")
    phone.waits(0)
    expect(phone.page.locator("[data-count]")).to_have_text("3")
    assert counted(db_session, session) == (2, 1)


@on_sqlite
def test_what_is_no_card_says_so_and_stops_nobody(
    db_session: DbSession,
    server_here: Callable[..., Served],
    launch: Callable[..., Browser],
    tmp_path: Path,
) -> None:
    session = make_running_session(db_session, sign_up=SignUpMode.REQUIRED)
    later = make_session(db_session, activity=session.activity, starts_at=utc_now() + timedelta(days=7))
    door(db_session, session, "token")
    elsewhere, right = card_of(db_session, later), card_of(db_session, session)
    db_session.commit()
    running = server_here()
    wifi, address, _long = WRONG
    scenes = [(wifi, 1.6), (None, 1.6), (address, 1.6), (None, 1.6), (qr(running.url, right), 1.6), (None, 1.6)]
    phone = new_phone(launch(*flags_for(film(tmp_path / "a.y4m", scenes))), running.url, session, "token")
    for text in (wifi, address):
        phone.says("Not a card", WRONG[text])
    phone.says("Welcome!", "2 adults + 1 child")
    phone.take_along()
    for text, line in WRONG.items():
        phone.scan(text)
        phone.says("Not a card", line)
    phone.offline()
    phone.scan(qr(running.url, elsewhere))
    phone.says("Another date")
    expect(phone.page.locator("[data-line]")).to_contain_text("Signed up for")


@on_sqlite
def test_a_whole_session_without_a_network(
    db_session: DbSession,
    session: Session,
    server: Callable[..., Server],
    playwright: Playwright,
    tmp_path: Path,
) -> None:
    """Scan, reload, close the browser, start it again, scan on; then everything arrives, with its own times."""
    door(db_session, session, "token")
    family, single, drop_in = (card_of(db_session, each, 2, 1) for each in (session, session, None))
    db_session.commit()
    running = server()
    with phone_with_files(playwright, tmp_path / "profile") as context:
        phone = pair(context.new_page(), running.url, session, "token")
        phone.take_along()
        phone.offline()
        phone.scan(qr(running.url, family))
        phone.says("Welcome!", "2 adults + 1 child")
        phone.open()
        phone.waits(1)
        phone.scan(qr(running.url, family))
        phone.says("Already in")
        phone.ready()
        phone.press("adult")
        phone.says("Counted", "1 adult")
        assert counted(db_session, session) == (0, 0)
    with phone_with_files(playwright, tmp_path / "profile") as context:
        context.set_offline(True)
        phone = Phone(context.new_page(), running.url, "token")
        phone.open()
        phone.waits(3)
        phone.scan(qr(running.url, single))
        phone.says("Welcome!", "2 adults + 1 child")
        phone.scan(qr(running.url, drop_in))
        phone.says("Welcome!", "1 adult")
        phone.scan("HTTPS://EXAMPLE.COM/C/" + "A" * 26)
        phone.says("Unknown code")
        phone.waits(6)
        expect(phone.page.locator("[data-count]")).to_have_text("9")
        phone.online()
        phone.waits(0)
        assert counted(db_session, session) == (7, 2)
        assert all(row["acked_at"] for row in phone.rows())


@on_engines
@pytest.mark.parametrize("first", (0, 1), ids=("this phone first", "the other phone first"))
def test_two_phones_and_one_card(
    first: int, db_session: DbSession, session: Session, server: Callable[..., Server], browser: Browser
) -> None:
    """The same two people at both; of another card one adult at each; whichever phone is heard first."""
    tokens = ("token a", "token b")
    for token in tokens:
        door(db_session, session, token)
    same, apart = card_of(db_session, session, 2, 0), card_of(db_session, session, 2, 0)
    db_session.commit()
    running = server()
    phones = [new_phone(browser, running.url, session, token) for token in tokens]
    for phone in phones:
        phone.take_along()
        phone.offline()
        phone.scan(qr(running.url, same))
        phone.says("Welcome!", "2 adults")
        phone.scan(qr(running.url, apart))
        phone.page.get_by_role("button", name="Adult 2 came").click()
        phone.says("Welcome!", "1 adult")
    for phone in (phones[first], phones[1 - first]):
        phone.online()
        phone.waits(0)
    assert counted(db_session, session) == (4, 0)
    for phone in phones:
        phone.context.close()


@on_sqlite
def test_sent_again_it_counts_once(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    """The server stored the batch, the answer was lost on the way: the phone sends it again."""
    door(db_session, session, "token")
    codes = card_of(db_session, session)
    db_session.commit()
    running = server_here()
    phone = pair(open_page(locale="en-GB"), running.url, session, "token")
    lost: list[str] = []

    def lose(route: object) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]
        lost.append(answer.text())
        if len(lost) == 1:
            route.abort()  # type: ignore[attr-defined]
        else:
            route.fulfill(response=answer)  # type: ignore[attr-defined]

    phone.page.route("**/api/v1/door/scans", lose)
    phone.scan(qr(running.url, codes))
    phone.says("Welcome!", "2 adults + 1 child")
    phone.ready()
    phone.waits(0)
    assert len(lost) == 2
    assert counted(db_session, session) == (2, 1)


@on_sqlite
def test_a_card_for_somebody_counted_without_one(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    """Counted before the card turned up, and a card handed out on the spot: each person counts once."""
    door(db_session, session, "token")
    forgotten, handed_out = card_of(db_session, session, 1, 0), card_of(db_session, None)
    db_session.commit()
    running = server_here()
    phone = pair(open_page(locale="en-GB"), running.url, session, "token")
    phone.press("adult")
    phone.says("Counted", "1 adult")
    phone.ready()
    phone.scan(qr(running.url, forgotten))
    phone.says("Welcome!", "1 adult")
    phone.press("counted-before")
    # Counted without a card, the card, that taken back, the card instead; its verdict comes, and goes by itself.
    phone.has_sent(4)
    phone.is_quiet()
    assert counted(db_session, session) == (1, 0)
    phone.press("adult")
    phone.says("Counted", "1 adult")
    phone.press("give-this")
    phone.scan(qr(running.url, handed_out))
    phone.says("Card given")
    phone.waits(0)
    assert counted(db_session, session) == (2, 0)


@on_sqlite
def test_a_name_is_found_where_that_is_allowed(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    door(db_session, session, "may", may_search=True)
    card_of(db_session, session, name="Nadia Karimi")
    db_session.commit()
    running = server_here()
    phone = pair(open_page(locale="en-GB"), running.url, session, "may")
    phone.press("search")
    phone.page.get_by_label("Name on the sign-up").fill("nad")
    phone.page.locator("[data-hits] button").first.click()
    phone.says("Welcome!", "2 adults + 1 child")
    phone.waits(0)
    assert counted(db_session, session) == (2, 1)


@on_sqlite
def test_a_pocket_taps_nothing(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    door(db_session, session, "token")
    db_session.commit()
    running = server_here()
    phone = pair(open_page(locale="en-GB"), running.url, session, "token")
    phone.press("lock")
    unlock = phone.page.get_by_role("button", name="Hold to open")
    unlock.click()
    expect(unlock).to_be_visible()
    expect(phone.page.locator("[data-key=adult]")).to_be_hidden()
    unlock.click(delay=1000)
    expect(phone.page.locator("[data-key=adult]")).to_be_visible()
    assert phone.rows() == []


@on_sqlite
def test_two_taps_from_the_link_and_one_to_the_next_door(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    following = make_running_session(db_session, activity=session.activity, starts_at=utc_now() + timedelta(minutes=30))
    account = create_account(
        db_session, "c@example.com", "a long password", list(COORDINATING), language="sv", now=utc_now()
    )
    link = renew_link(db_session, Actor(account.id, COORDINATING), session, CARD_KEY, utc_now(), may_search=False)
    secret = link_secret(CARD_KEY, link.id)
    db_session.commit()
    running = server_here()
    page = open_page(locale="en-GB")
    page.goto(f"{running.url}/door/{secret}?lang=en")
    page.locator("main form button").click()
    expect(page.locator("[data-of]")).to_have_text("inside, of 30")
    phone = Phone(page, running.url, "")
    phone.press("adult")
    phone.says("Counted", "1 adult")
    phone.ready()
    phone.press("more")
    page.locator("[data-panel=more] [data-next] button").click()
    expect(page.locator("[data-count]")).to_have_text("0")
    phone.press("child")
    phone.says("Counted", "1 child")
    phone.waits(0)
    assert counted(db_session, session) == (1, 0)
    assert counted(db_session, following) == (0, 1)
