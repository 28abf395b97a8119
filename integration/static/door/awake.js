/* The screen stays on while the door's page is looked at (W3C Screen Wake Lock), where the phone knows how. */

let held = null;
let asking = false;

export function stayAwake() {
  hold();
  /* Hiding the page ends the lock; and some phones give one only to a page that was touched. */
  document.addEventListener("visibilitychange", hold);
  addEventListener("pointerdown", hold, { passive: true });
}

async function hold() {
  if (document.hidden || asking || (held && !held.released)) {
    return;
  }
  asking = true;
  held = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
  asking = false;
}
