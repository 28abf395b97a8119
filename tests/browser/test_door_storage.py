"""What a door's phone holds: no name, no number to ring, no code of a card; and no roster when its window is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy.orm import Session as DbSession

from tests.browser.phones import HAS_NO_ROSTER, Phone, card_of, door, pair, phone_with_files, qr
from tests.factories.checkin import make_running_session
from tests.fixtures.servers import Served

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
LEAVE_AN_OLD_ROSTER = """
async () => {
  const { put } = await import("/assets/any/door/store.js");
  await put("rosters", { door: "an old one", wipe_at: 1 });
  await fetch("/door/scan");
}
"""


LEAVE_A_TRACE = """
async (text) => {
  const { put } = await import("/assets/any/door/store.js");
  await put("kept", text, "trace");
}
"""


@pytest.mark.parametrize("engine_name", ("sqlite",), indirect=True)
def test_the_phone_can_be_lost(
    db_session: DbSession, server_here: Callable[..., Served], playwright: Playwright, tmp_path: Path
) -> None:
    session = make_running_session(db_session, capacity=60)
    door(db_session, session, "token")
    cards = [card_of(db_session, session, 1, 0, name=NAME, phone=RINGS) for _number in range(UNSENT)]
    secrets = [NAME, NAME.split()[0], RINGS, *(secret for codes in cards for secret in codes)]
    db_session.commit()
    running = server_here()
    files = tmp_path / "profile"
    with phone_with_files(playwright, files) as context:
        page = context.new_page()
        page.clock.install()
        phone = pair(page, running.url, session, "token")
        phone.take_along()
        assert_nothing_readable(phone, files, secrets)
        phone.offline()
        for codes in cards:
            phone.scan(qr(running.url, codes))
            phone.says("Welcome!", "1 adult")
        expect(page.locator("[data-sealed]")).to_have_text(NAME)
        phone.waits(UNSENT)
        assert_nothing_readable(phone, files, secrets)
        page.clock.fast_forward("03:30:00")
        expect(page.get_by_role("heading", name="This door is closed")).to_be_visible()
        phone.until(HAS_NO_ROSTER)
        expect(page.locator("[data-net-text]")).to_contain_text(f"{UNSENT} waiting")
        assert NAME not in page.content()
        assert_nothing_readable(phone, files, secrets)
        assert len([row for row in phone.rows() if not row.get("acked_at")]) == UNSENT
        page.evaluate(LEAVE_AN_OLD_ROSTER)
        phone.until(HAS_NO_ROSTER)
    assert not found_in(files, secrets)


@pytest.mark.parametrize("engine_name", ("sqlite",), indirect=True)
def test_what_is_kept_would_be_found(
    server_here: Callable[..., Served], playwright: Playwright, tmp_path: Path
) -> None:
    """The search itself: a name that a page keeps stands readable in the phone's files."""
    files = tmp_path / "profile"
    url = server_here().url
    for text in ("Zahramaria", "Зарина Каримова"):
        with phone_with_files(playwright, files) as context:
            page = context.new_page()
            page.goto(f"{url}/door/scan")
            page.evaluate(LEAVE_A_TRACE, text)
        assert found_in(files, [text]) == [text]


def assert_nothing_readable(phone: Phone, files: Path, secrets: list[str]) -> None:
    """Neither in what the page's storage says, nor in any file that the browser keeps."""
    held: str = phone.page.evaluate(DUMP)
    assert len(held) > 10_000, "the dump itself must hold the app"
    assert not [each for each in secrets if each.lower() in held.lower()]
    assert not found_in(files, secrets)


def found_in(files: Path, texts: Iterable[str]) -> list[str]:
    """The texts that stand in a file of the browser's, as it writes short and long letters, in either case."""
    written = [each.read_bytes() for each in files.rglob("*") if each.is_file() and not each.is_symlink()]
    held = b"\n".join(written).lower()
    return [text for text in texts if any(way in held for way in ways_to_write(text))]


def ways_to_write(text: str) -> set[bytes]:
    """Letters of one byte (Latin-1), of two (UTF-16), or of as many as they need (UTF-8)."""
    narrow = {text.encode("latin-1").lower()} if max(text) <= "\xff" else set()
    return narrow | {text.encode("utf-16-le").lower(), text.encode().lower()}
