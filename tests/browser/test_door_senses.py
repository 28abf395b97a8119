"""What a phone brings along: its light, its screen, its own reader of codes, a scanner that types.

A machine without a phone's hardware stands in for it: the light, the lock of the screen and the detector are made up
here, with the states, refusals and results that the standards give them; the app that uses them is the real one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session
from tests.browser.films import film, flags_for
from tests.browser.phones import SCREEN, TYPED, card_of, counted, door, pair, qr
from tests.factories.checkin import make_running_session
from tests.fixtures.servers import Served

pytestmark = pytest.mark.parametrize("engine_name", ("sqlite",), indirect=True)
TWO_CAMERAS = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=device-count=2")
WISHES = """
globalThis.wishes = [];
const { getUserMedia } = MediaDevices.prototype;
MediaDevices.prototype.getUserMedia = function (wish) {
  globalThis.wishes.push(wish.video);
  return getUserMedia.call(this, wish);
};
"""
LIGHT_AND_SCREEN = """
globalThis.lit = [];
globalThis.locks = [];
const { getCapabilities, applyConstraints } = MediaStreamTrack.prototype;
MediaStreamTrack.prototype.getCapabilities = function () {
  return { ...getCapabilities.call(this), torch: true };
};
MediaStreamTrack.prototype.applyConstraints = async function (wish) {
  const torch = wish?.advanced?.[0]?.torch;
  if (this.readyState !== "live") throw new DOMException("The track has ended", "InvalidStateError");
  if (typeof torch !== "boolean") return applyConstraints.call(this, wish);
  globalThis.lit.push(torch);
};
class Lock extends EventTarget { released = false; type = "screen"; }
const wakeLock = {
  async request(type) {
    if (type !== "screen" || document.visibilityState !== "visible") {
      throw new DOMException("The page is not looked at", "NotAllowedError");
    }
    const lock = new Lock();
    globalThis.locks.push(lock);
    document.addEventListener("visibilitychange", () => {
      lock.released ||= document.visibilityState === "hidden";
    }, { capture: true });
    return lock;
  },
};
Object.defineProperty(Navigator.prototype, "wakeLock", { get: () => wakeLock });
"""
LOOK_AWAY = """
(away) => {
  Object.defineProperty(document, "hidden", { value: away, configurable: true });
  Object.defineProperty(document, "visibilityState", { value: away ? "hidden" : "visible", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""
IS_REMEMBERED = """
async (camera) => {
  const { get } = await import("/assets/any/door/store.js");
  return (await get("kept", "camera")) === camera;
}
"""
AWAKE = "() => [locks.length, locks.filter((each) => !each.released).length]"
OWN_READER = """
globalThis.asked = 0;
globalThis.BarcodeDetector = class {
  static async getSupportedFormats() { return ["code_128", "qr_code"]; }
  constructor({ formats }) {
    if (!formats.includes("qr_code")) throw new TypeError("no formats");
  }
  async detect(source) {
    if (!(source instanceof HTMLVideoElement) || source.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
      throw new DOMException("Invalid element or state", "InvalidStateError");
    }
    globalThis.asked += 1;
    if (SHOWN === "fails") throw new DOMException("Barcode detection service unavailable", "NotSupportedError");
    const text = globalThis.shown ?? SHOWN;
    return text ? [{ format: "qr_code", rawValue: text, boundingBox: new DOMRect(), cornerPoints: [] }] : [];
  }
};
"""
EARLY = """
(() => {
  const type = TYPED;
  document.addEventListener("DOMContentLoaded", () => TEXTS.forEach((text) => type(text)));
})();
"""


@pytest.fixture
def session(db_session: DbSession) -> Session:
    """A session under way."""
    session = make_running_session(db_session, capacity=30)
    door(db_session, session, "token")
    return session


@pytest.fixture
def camera(launch: Callable[..., Browser], tmp_path: Path) -> Callable[[str], Browser]:
    """A browser whose camera shows one code."""
    return lambda text: launch(*flags_for(film(tmp_path / "seen.y4m", [(text, 2.0)])))


def test_cameras_light_and_a_screen_that_stays_on(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], launch: Callable[..., Browser]
) -> None:
    """The rear camera at first, then the one that was chosen; light and screen survive a look at something else."""
    db_session.commit()
    context = launch(*TWO_CAMERAS).new_context(viewport=SCREEN, locale="en-GB")
    context.add_init_script(WISHES + LIGHT_AND_SCREEN)
    page = context.new_page()
    phone = pair(page, server_here().url, session, "token")
    assert [wish["facingMode"] for wish in page.evaluate("wishes")] == [{"ideal": "environment"}]
    phone.press("more")
    phone.press("camera-next")
    phone.until("() => wishes.length === 2")
    chosen = page.evaluate("wishes")[1]["deviceId"]
    phone.until(IS_REMEMBERED, chosen["exact"])
    phone.open()
    assert page.evaluate("wishes")[0]["deviceId"] == chosen
    light = page.get_by_role("button", name="Light")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("lit") == [True]
    assert page.evaluate(AWAKE) == [1, 1]
    page.evaluate(LOOK_AWAY, True)
    assert page.evaluate(AWAKE) == [1, 0]
    page.evaluate(LOOK_AWAY, False)
    phone.until("() => locks.length === 2 && !locks[1].released && lit.length === 2")
    page.get_by_role("button", name="Hold to open").press("Enter")
    expect(light).to_have_attribute("aria-pressed", "true")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("lit") == [True, True, False]


def test_the_phones_own_reader(
    db_session: DbSession,
    session: Session,
    server_here: Callable[..., Served],
    camera: Callable[[str], Browser],
) -> None:
    """It reads; nonsense of 4 kB stops nobody; where it finds nothing or fails, the decoders of the page read."""
    single, family = card_of(db_session, session, 1, 0), card_of(db_session, session, 2, 1)
    db_session.commit()
    running = server_here()
    browser = camera(qr(running.url, family))
    for own, word in ((qr(running.url, single), "Welcome!"), ("", "Welcome!"), ("fails", "Already in")):
        context = browser.new_context(viewport=SCREEN, locale="en-GB")
        context.add_init_script(OWN_READER.replace("SHOWN", repr(own)))
        phone = pair(context.new_page(), running.url, session, "token")
        phone.has_said(word)
        assert phone.page.evaluate("asked") >= 1
        if own and own != "fails":
            phone.page.evaluate("shown = 'x'.repeat(4000)")
            phone.says("Not a card", "This code holds some other text")
            phone.page.evaluate("(text) => { shown = text }", own)
            phone.says("Already in")
        context.close()
    assert counted(db_session, session) == (3, 1)


def test_a_scanner_that_types_before_the_door_knows_itself(
    db_session: DbSession, session: Session, server_here: Callable[..., Served], open_page: Callable[..., Page]
) -> None:
    """Two cards read while the page still opens, without a network; a third typed into the field for codes."""
    cards = [card_of(db_session, session, 1, number) for number in range(3)]
    db_session.commit()
    running = server_here()
    phone = pair(open_page(locale="en-GB"), running.url, session, "token")
    phone.take_along()
    phone.offline()
    early = [qr(running.url, each) for each in cards[:2]]
    phone.page.add_init_script(EARLY.replace("TYPED", TYPED).replace("TEXTS", repr(early)))
    phone.open()
    phone.waits(2)
    expect(phone.page.locator("[data-count]")).to_have_text("3")
    field = phone.page.get_by_label("The code on the card")
    field.press_sequentially(qr(running.url, cards[2]))
    field.press("Enter")
    phone.says("Welcome!", "1 adult + 2 children")
    phone.online()
    phone.waits(0)
    assert counted(db_session, session) == (3, 3)
