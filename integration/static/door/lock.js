/* Nothing that a pocket can tap: keys that open only to one finger's tap, and a lock that opens only to a long hold. */

const HOLD = 700;
const STRAY = 30;

export class Lock {
  constructor(root, onChange) {
    this.root = root;
    this.face = root.querySelector("[data-lock]");
    this.onChange = onChange;
    const button = this.face.querySelector("button");
    button.addEventListener("pointerdown", () => this.hold());
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      button.addEventListener(end, () => this.release());
    }
    /* A keyboard or a screen reader presses without a finger, which no pocket does. */
    button.addEventListener("click", (event) => event.detail === 0 && this.set(false));
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    document.addEventListener("visibilitychange", () => document.hidden && this.set(true));
  }

  set(locked) {
    this.release();
    this.root.dataset.locked = locked ? "1" : "";
    this.face.hidden = !locked;
    this.onChange(locked);
    if (locked) {
      this.face.querySelector("button").focus({ preventScroll: true });
    }
  }

  get isLocked() {
    return !this.face.hidden;
  }

  hold() {
    this.face.dataset.held = "1";
    this.timer = setTimeout(() => this.set(false), HOLD);
  }

  release() {
    clearTimeout(this.timer);
    delete this.face.dataset.held;
  }
}

/* Swallow what is no deliberate tap: two fingers at once, or a finger that wandered. */
export function guardTaps(root) {
  let fingers = 0;
  let start = null;
  let stray = false;
  root.addEventListener("pointerdown", (event) => {
    fingers += 1;
    stray = fingers > 1;
    start = { x: event.clientX, y: event.clientY };
  });
  const lift = (event) => {
    fingers = Math.max(0, fingers - 1);
    const moved = start ? Math.hypot(event.clientX - start.x, event.clientY - start.y) : 0;
    stray ||= moved > STRAY || event.type === "pointercancel";
  };
  addEventListener("pointerup", lift);
  addEventListener("pointercancel", lift);
  root.addEventListener(
    "click",
    (event) => {
      if (event.detail > 0 && stray) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    { capture: true },
  );
}
