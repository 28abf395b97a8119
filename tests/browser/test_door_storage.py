"""What a door's phone holds: no name, no number to ring, no code of a card; and no roster when its window is over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session as DbSession

from integration.registration.cards import Codes
from tests.browser.phones import Phone, card_of, door, pair, qr
from tests.factories.checkin import make_running_session
from tests.fixtures.servers import Server

NAME, RINGS = "Zahramaria Öberg-Testadotter", "+358 40 000 0123"
"""A first name so long that random base64 does not spell it by chance."""
UNSENT = 50
DUMP = """
async () => {
  const seen = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie];
  const isBinary = (each) => each instanceof ArrayBuffer || ArrayBuffer.isView(each);
  const letters = (each) => String.fromCharCode(...new Uint8Array(each.buffer ?? each));
  const asText = (value) => JSON.stringify(value, (_key, each) => (isBinary(each) ? letters(each) : each));
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
    });
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store).getAll();
      seen.push(store + asText(await new Promise((resolve) => (rows.onsuccess = () => resolve(rows.result)))));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      seen.push(request.url, await (await cache.match(request)).text());
    }
  }
  return seen.join("\\n");
}
"""
HAS_NO_ROSTER = """
async () => {
  const { all } = await import("/assets/any/door/store.js");
  return (await all("rosters")).length === 0;
}
"""
LEAVE_AN_OLD_ROSTER = """
async () => {
  const { put } = await import("/assets/any/door/store.js");
  await put("rosters", { door: "an old one", wipe_at: 1 });
  await fetch("/door/scan");
}
"""


@pytest.mark.parametrize("engine_name", ("sqlite",), indirect=True)
def test_the_phone_can_be_lost(
    db_session: DbSession, server: Callable[..., Server], open_page: Callable[..., Page]
) -> None:
    session = make_running_session(db_session, capacity=60)
    door(db_session, session, "token")
    cards = [card_of(db_session, session, 1, 0, name=NAME, phone=RINGS) for _number in range(UNSENT)]
    db_session.commit()
    running = server()
    page = open_page(locale="en-GB")
    page.clock.install()
    phone = pair(page, running.url, session, "token")
    phone.take_along()
    assert_nothing_readable(phone, cards)
    phone.offline()
    for codes in cards:
        phone.scan(qr(running.url, codes))
        phone.says("Welcome!", "1 adult")
    expect(page.locator("[data-sealed]")).to_have_text(NAME)
    phone.waits(UNSENT)
    assert_nothing_readable(phone, cards)
    page.clock.fast_forward("03:30:00")
    expect(page.get_by_role("heading", name="This door is closed")).to_be_visible()
    phone.until(HAS_NO_ROSTER)
    expect(page.locator("[data-net-text]")).to_contain_text(f"{UNSENT} waiting")
    assert NAME not in page.content()
    assert_nothing_readable(phone, cards)
    assert len([row for row in phone.rows() if not row.get("acked_at")]) == UNSENT
    page.evaluate(LEAVE_AN_OLD_ROSTER)
    phone.until(HAS_NO_ROSTER)


def assert_nothing_readable(phone: Phone, cards: list[Codes]) -> None:
    held: str = phone.page.evaluate(DUMP)
    assert len(held) > 10_000, "the dump itself must hold the app"
    secrets = [NAME, NAME.split()[0], RINGS, *(secret for codes in cards for secret in codes)]
    assert not [each for each in secrets if each.lower() in held.lower()]
