/* The door: a camera or a typed code, +1 adult, +1 child, undo, next; every verdict from the server. */

import { Camera } from "./camera.js";
import { cardCode, createReader, digestOf, typedCode } from "./decode.js";
import { Queue } from "./queue.js";
import { Verdicts } from "./verdict.js";

const SLOW = 1500;
const RECOUNT = 15000;

class Door {
  constructor(root) {
    this.root = root;
    this.verdicts = new Verdicts(root, () => this.ready());
    this.queue = new Queue(root.dataset.scans, root.dataset.token, (news) => this.net(news));
    this.camera = new Camera(root.querySelector("[data-video]"), (text) => this.seen(text));
    this.news = { waiting: 0, state: "sent" };
    this.hasCamera = false;
    this.shown = 0;
    this.last = null;
    this.card = null;
    this.unknown = new Set();
    this.panel = root.querySelector("[data-panel]");
    this.input = root.querySelector("#code");
    this.form = root.querySelector("[data-keys]");
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.form.addEventListener("click", (event) => this.tapped(event));
    addEventListener("keydown", (event) => event.key === "Escape" && this.ready());
    setInterval(() => document.hidden || this.recount(), RECOUNT);
  }

  async start() {
    this.verdicts.hide();
    this.mode("ready");
    const reader = createReader(this.root.dataset.decoder);
    reader.catch(() => null);
    this.hasCamera = await this.camera.start(reader).catch(() => false);
    this.root.querySelector("[data-camera-refused]").hidden = this.hasCamera;
    this.ready();
  }

  /* Three faces: the camera (or, without one, the typed code), a verdict, the typed code. */
  mode(name) {
    this.face = name;
    const shows = name === "ready" && !this.hasCamera ? "panel" : name;
    this.root.querySelector("[data-camera]").hidden = !this.hasCamera || shows === "panel";
    this.panel.hidden = shows !== "panel";
    for (const key of this.root.querySelectorAll("[data-when]")) {
      const needless = key.dataset.key === "type" || key.dataset.key === "camera" ? !this.hasCamera : false;
      key.hidden = needless || key.dataset.when !== name || (key.dataset.key === "undo" && !this.last);
    }
    const shown = [...this.root.querySelectorAll("[data-when]")].filter((key) => !key.hidden);
    shown.forEach((key) => key.classList.toggle("whole", shown.length === 1));
    this.net(this.news);
  }

  ready() {
    this.card = null;
    this.verdicts.hide();
    this.mode("ready");
  }

  /* What the camera sees. */
  async seen(text) {
    const code = cardCode(text);
    if (code === null) {
      this.unsent("foreign");
    } else {
      await this.check(code);
    }
  }

  async check(code) {
    const digest = await digestOf(code);
    if (this.unknown.has(digest)) {
      this.unsent("counted_before");
      return;
    }
    this.card = digest;
    await this.count({ digest }, digest);
  }

  /* Send one scan; when the answer is slow, say that it waits, and correct that when it comes. */
  async count(scan, digest = null) {
    const mine = ++this.shown;
    const { id, answered } = this.queue.add(scan);
    this.last = scan.undoes ? null : id;
    const slow = setTimeout(() => mine === this.shown && this.show("queued"), SLOW);
    const answer = await answered;
    clearTimeout(slow);
    if (answer.result === "unknown" && digest) {
      this.unknown.add(digest);
    }
    if (mine === this.shown) {
      this.show(answer.message, answer);
      this.card = answer.counted ? digest : null;
    }
    this.recount();
  }

  /* A verdict of the phone's own: nothing was sent, so there is nothing to undo. */
  unsent(key) {
    this.shown += 1;
    this.card = this.last = null;
    this.show(key);
  }

  show(key, answer) {
    this.verdicts.show(key, answer);
    const inPanel = this.panel.contains(document.activeElement);
    this.mode("verdict");
    if (inPanel) {
      this.root.querySelector('[data-key="next"]').focus();
    }
  }

  submitted(event) {
    const key = event.submitter?.dataset.key;
    if (key === "typed" && !crypto.subtle) {
      return;
    }
    event.preventDefault();
    if (key === "adult" || key === "child") {
      this.add(key);
    } else if (key === "undo") {
      this.undo();
    } else {
      this.typed();
    }
  }

  tapped(event) {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (key === "type") {
      this.mode("panel");
      this.input.focus();
    } else if (key === "next" || key === "camera") {
      this.ready();
      this.root.querySelector('[data-key="adult"]').focus();
    }
  }

  /* One more: of the household whose verdict is on the screen, else somebody without a card. */
  add(key) {
    const one = { adults: key === "adult" ? 1 : 0, children: key === "child" ? 1 : 0 };
    if (this.face === "verdict" && this.card) {
      this.count({ digest: this.card, adults: 0, children: 0, beyond: one }, this.card);
    } else {
      this.count({ kind: "walk_in", ...one });
    }
  }

  undo() {
    if (this.last) {
      this.card = null;
      this.count({ undoes: this.last });
    }
  }

  typed() {
    const code = typedCode(this.input.value);
    this.input.value = "";
    if (code === null) {
      this.unsent("typo");
    } else {
      this.check(code);
    }
  }

  net(news) {
    this.news = news;
    const { waiting, state } = news;
    const net = this.root.querySelector("[data-net]");
    const words = waiting === 0 ? "sent" : state === "sent" ? "net-waiting" : `net-${state}`;
    net.hidden = this.face === "verdict" && waiting === 0;
    net.dataset.state = waiting === 0 ? "sent" : state === "sent" ? "waiting" : "offline";
    const more = document.createElement("small");
    more.textContent = this.verdicts.more(words);
    net.querySelector("[data-net-text]").replaceChildren(this.verdicts.text(words, { count: waiting }), more);
    net.querySelector(".slats").hidden = waiting === 0;
    net.querySelector("svg").replaceWith(this.verdicts.copy(`[data-net-icon="${waiting && state !== "sent" ? "offline" : "sent"}"]`));
  }

  /* How many are in, all doors together. */
  async recount() {
    try {
      const headers = { Authorization: `Bearer ${this.root.dataset.token}` };
      const response = await fetch(this.root.dataset.countUrl, { headers, cache: "no-store", credentials: "omit" });
      if (response.ok) {
        this.root.querySelector("[data-count]").textContent = (await response.json()).in;
      }
    } catch {
      /* The number waits like the scans do. */
    }
  }
}

const root = document.querySelector("[data-door]");
if (root) {
  new Door(root).start();
}
