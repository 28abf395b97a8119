/* The phone has just become a door: keep its token where only this phone's scanner finds it, and begin. */

import { newId } from "./codes.js";
import { keepDoor, put } from "./store.js";

const root = document.querySelector("[data-door-token]");
const { doorToken: token, doorSession: session } = root.dataset;

try {
  await put("kept", document.documentElement.lang, "language");
  await keepDoor({ id: newId(), token, session, closing: null });
  location.replace("/door/scan");
} catch {
  root.querySelector("[data-door-failed]")?.removeAttribute("hidden");
}
