/* The door: a camera, a scanner or a typed code; verdicts from the server, or from the roster when it is far away. */

import { stayAwake } from "./awake.js";
import { Camera } from "./camera.js";
import { cardCode, digestOf, foreignKind, newId, scannedCode } from "./codes.js";
import { Contact } from "./contact.js";
import { Desk } from "./desk.js";
import { Faces } from "./faces.js";
import { keepForOffline } from "./keeping.js";
import { guardTaps, Lock } from "./lock.js";
import { Queue } from "./queue.js";
import { createReader } from "./reader.js";
import { keptRoster } from "./roster.js";
import { currentDoor, keepDoor, put } from "./store.js";
import { judge, plus, total } from "./tally.js";
import { Verdicts } from "./verdict.js";
import { listenToScanners } from "./wedge.js";
import { Words } from "./words.js";

const PATIENCE = 400;
const PATIENCE_FOR_READER = 5000;
const RECOUNT = 15000;
const REFRESH = 60000;

class Door {
  constructor(root) {
    this.root = root;
    this.words = new Words(root);
    this.faces = new Faces(root, this.words);
    this.verdicts = new Verdicts(root, this.words, () => this.ready());
    this.queue = new Queue((news) => this.net(news), (rows) => this.acknowledged(rows));
    const torch = root.querySelector('[data-key="torch"]');
    const onLight = (lit) => torch.setAttribute("aria-pressed", String(lit));
    this.camera = new Camera(root.querySelector("[data-video]"), (text) => this.soon(() => this.seen(text)), onLight);
    this.lock = new Lock(root, (locked) => this.locked(locked));
    this.contact = new Contact(this);
    this.desk = new Desk(this);
    this.door = null;
    this.roster = null;
    this.base = { adults: 0, children: 0 };
    this.shown = 0;
    this.visit = null;
    this.work = Promise.resolve();
    this.early = [];
    listenToScanners((text) => this.soon(() => this.typedByScanner(text)));
    guardTaps(root);
    addEventListener("keydown", (event) => event.key === "Escape" && this.ready());
    addEventListener("online", () => this.contact.refresh());
  }

  get session() {
    return this.door?.details?.session ?? {};
  }

  async start() {
    this.door = await this.findDoor();
    if (!this.door) {
      this.faces.show("none");
      return;
    }
    this.showHead();
    this.ready();
    stayAwake();
    const { decoder, worker } = this.root.dataset;
    this.reader = createReader({ decoder, worker });
    this.reader.catch(() => null);
    const looking = this.camera.start(this.reader).catch(() => false);
    this.roster = await keptRoster(this.door, Date.now()).catch(() => null);
    await this.queue.open().catch(() => this.queue.tell());
    this.catchUp();
    this.faces.hasCamera = await looking;
    this.root.querySelector("[data-camera-refused]").hidden = this.faces.hasCamera;
    if (this.faces.name === "ready") {
      // Only what can be seen: a card read meanwhile still waits for its verdict, which ready() would take away.
      this.faces.show("ready", this.missing());
    }
    await Promise.race([this.faces.hasCamera && this.camera.firstLook, pause(PATIENCE_FOR_READER)]);
    this.contact.refresh();
    setInterval(() => document.hidden || this.contact.recount(), RECOUNT);
    setInterval(() => document.hidden || this.contact.refresh(), REFRESH);
    keepForOffline(this.root.dataset, this.reader);
  }

  /* What is read while the phone's memory still opens is kept, and handled in its order when the door knows itself. */
  soon(act) {
    return this.early ? this.early.push(act) : act();
  }

  async catchUp() {
    try {
      for (const act of this.early) {
        await act();
      }
    } finally {
      this.early = null;
    }
  }

  /* A page that a signed-in organiser opened brings its token; otherwise the phone knows which door it is. */
  async findDoor() {
    const { token, session, closing = null } = this.root.dataset;
    await put("kept", document.documentElement.lang, "language").catch(() => null);
    if (!token) {
      return currentDoor().catch(() => null);
    }
    delete this.root.dataset.token;
    const door = { id: newId(), token, session, closing };
    await keepDoor(door).then(() => history.replaceState(null, "", "/door/scan")).catch(() => null);
    this.root.querySelector('[data-key="close"]')?.remove();
    return door;
  }

  ready() {
    if (!this.door) {
      return;
    }
    this.visit = null;
    this.verdicts.hide();
    this.desk.clear();
    this.faces.show(this.isOver ? "over" : "ready", this.missing());
    this.desk.over(this.isOver);
  }

  /* The keys that would lead nowhere just now. */
  missing() {
    const { device, next = [] } = this.door.details ?? {};
    const has = {
      torch: this.camera.hasTorch,
      type: this.faces.hasCamera,
      search: Boolean(device?.may_search) && navigator.onLine,
      undo: Boolean(this.visit?.id),
      "counted-before": Boolean(this.visit?.digest) && this.queue.loose(this.door).length > 0,
      "give-this": Boolean(this.visit?.walkIn) && !this.session.sensitive,
      back: this.faces.hasCamera,
      "cancel-link": Boolean(this.linking),
      move: next.length > 0 && this.isEnded,
    };
    return new Set(Object.keys(has).filter((key) => !has[key]).map((key) => `?${key}`));
  }

  get isOver() {
    const device = this.door?.details?.device;
    return Boolean(this.door?.gone || device?.revoked || (device && this.clock() >= Date.parse(device.closes_at)));
  }

  get isEnded() {
    return this.clock() >= Date.parse(this.session.ends_at ?? "9999-12-31");
  }

  /* The server's time by the phone's clock, whatever that shows. */
  clock() {
    return Date.now() + (this.door?.offset ?? 0);
  }

  /* What the camera sees. */
  async seen(text) {
    if (this.isOver) {
      return;
    }
    const code = cardCode(text);
    if (code === null) {
      this.unsent(`foreign_${foreignKind(text)}`);
    } else {
      await this.check(code);
    }
  }

  async typedByScanner(text) {
    const code = scannedCode(text);
    if (code === null) {
      this.unsent(`foreign_${foreignKind(text)}`);
    } else {
      await this.check(code);
    }
  }

  async check(code) {
    if (this.session.sensitive) {
      this.unsent("sensitive");
      return;
    }
    const digest = await digestOf(code);
    if (this.linking) {
      this.desk.link(digest);
      return;
    }
    const card = this.roster ? await this.roster.find(code) : null;
    const before = this.queue.of(this.door, digest);
    if (before.some((row) => row.result === "unknown") || (card && !card.valid && before.length)) {
      this.unsent("counted_before");
      return;
    }
    await this.count({ digest }, { digest, card });
  }

  /* Keep one scan, then show the server's word, or after a moment the phone's own, corrected when the server answers. */
  async count(scan, about = {}) {
    const mine = ++this.shown;
    const guess = this.guess(scan, about);
    const { id, answered } = await this.queue.add(this.door, scan, guess?.added ?? null);
    this.visit = scan.undoes ? null : { ...about, id, walkIn: scan.kind === "walk_in", whole: isWhole(scan) };
    const far = this.queue.state === "offline" || !navigator.onLine;
    const answer = await Promise.race([answered, pause(far ? 0 : PATIENCE)]);
    if (mine === this.shown) {
      this.answer(answer ?? guess ?? { message: "queued" }, about);
    }
    if (!answer) {
      answered.then((late) => this.correct(mine, guess, late, about));
    }
  }

  correct(mine, guess, late, about) {
    const open = mine === this.shown && this.faces.name === "verdict";
    if (open && late.message !== guess?.message && !this.visit?.changed) {
      this.answer(late, about);
    } else if (open && late.slot) {
      this.verdicts.tell(withTime(about.card, late));
    }
  }

  /* What the phone can say by itself; for a card only with a roster. */
  guess(scan, { card, digest }) {
    if (scan.undoes) {
      const target = this.queue.rows.find((row) => row.scan.id === scan.undoes);
      const added = target?.added ?? { adults: 0, children: 0 };
      return { message: "undone", added: { adults: -added.adults, children: -added.children } };
    }
    if (scan.kind === "walk_in") {
      return { message: "counted", added: { adults: scan.adults, children: scan.children } };
    }
    if (!card || !digest) {
      return null;
    }
    const rows = this.queue.of(this.door, digest).filter((row) => !this.isInRoster(row, card));
    const before = rows.map((row) => row.scan);
    const first = this.queue.of(this.door, digest)[0];
    const answer = judge(card, before, [...before, scan], this.session);
    const other = answer.other ? { ...answer.other, title: this.session.title } : undefined;
    return { ...answer, other, first_at: first && this.words.trueTime(first.scan.scanned_at) };
  }

  /* The roster's own number of arrivals already holds what was acknowledged before it was fetched. */
  isInRoster(row, card) {
    return Boolean(card.arrived) && row.acked_at && row.acked_at < this.roster.fetchedAt;
  }

  answer(answer, about) {
    if (!this.visit && answer.message !== "undone") {
      return;
    }
    const people = this.visit?.whole && answer.added && total(answer.added) ? answer.added : answer.counted;
    const shown = { ...answer, counted: people, card: withTime(about.card, answer) };
    const mayChange = this.visit?.whole && answer.message === "welcome" && people && total(people) > 1;
    if (this.visit) {
      this.visit.people = people ? { ...people } : null;
      this.visit.expected = people ? { ...people } : null;
    }
    this.show(answer.message, shown, mayChange ? (kind, by) => this.change(kind, by) : null);
  }

  /* One tap changes how many came: the scan is taken back, and made again with the number that is true. */
  change(kind, by) {
    const { visit } = this;
    visit.changed = true;
    visit.people[kind] += by;
    const people = { ...visit.people };
    this.verdicts.change(people);
    this.work = this.work.then(async () => {
      await this.queue.add(this.door, { undoes: visit.id }, this.guess({ undoes: visit.id }, {}).added);
      const scan = { ...(visit.ref ? { ref: visit.ref } : { digest: visit.digest }), ...people };
      visit.id = total(people) ? (await this.queue.add(this.door, scan, people)).id : null;
    });
  }

  /* A verdict of the phone's own: nothing was sent, so there is nothing to undo. */
  unsent(key) {
    this.shown += 1;
    this.visit = null;
    this.show(key);
  }

  show(key, answer, household) {
    const hadFocus = this.root.querySelector("[data-panel]:not([hidden])")?.contains(document.activeElement);
    this.verdicts.show(key, answer, household);
    this.faces.show("verdict", this.missing());
    if (hadFocus) {
      this.root.querySelector('[data-key="next"]').focus();
    }
  }

  /* One more: of the household whose verdict is on the screen, else somebody without a card. */
  add(kind, age) {
    const one = { adults: kind === "adults" ? 1 : 0, children: kind === "children" ? 1 : 0 };
    const { visit } = this;
    if (this.faces.name === "verdict" && (visit?.digest || visit?.ref)) {
      const who = visit.ref ? { ref: visit.ref } : { digest: visit.digest };
      this.count({ ...who, adults: 0, children: 0, beyond: one }, { ...who, card: visit.card });
    } else if (kind === "children" && this.session.age_groups && !age) {
      this.faces.show("ages", this.missing());
    } else {
      this.count({ kind: "walk_in", ...one, ...(age ? { age_group: age } : {}) });
    }
  }

  undo(id = this.visit?.id) {
    if (id) {
      this.work = this.work.then(() => this.count({ undoes: id }));
    }
  }

  /* A person's nine letters; or whatever a hardware scanner types into the field that has the focus. */
  typed(input) {
    const code = scannedCode(input.value);
    const kind = foreignKind(input.value);
    if (code === null && kind !== "text") {
      input.value = "";
      this.unsent(`foreign_${kind}`);
      return;
    }
    this.root.querySelector("[data-code-wrong]").hidden = code !== null;
    input.setAttribute("aria-invalid", String(code === null));
    if (code === null) {
      input.focus();
      this.verdicts.say.textContent = this.root.querySelector("[data-code-wrong]").textContent;
    } else {
      input.value = "";
      this.check(code);
    }
  }

  locked(locked) {
    for (const part of this.root.querySelectorAll("[data-keys], [data-panel], .chips, [data-flood]")) {
      part.inert = locked;
    }
  }

  net(news) {
    this.faces.net(news);
    this.desk.waiting(news.waiting);
    this.showCount();
  }

  acknowledged(rows) {
    for (const row of rows.filter((each) => each.added && each.door === this.door?.id)) {
      this.base = plus(this.base, row.added);
    }
    this.contact.recount();
  }

  /* How many are in: the server's number and those of this phone that it does not know yet. */
  showCount() {
    if (!this.door) {
      return;
    }
    const waiting = this.queue.waiting(this.door).map((row) => row.added).filter(Boolean);
    const number = total(waiting.reduce(plus, this.base));
    this.faces.count(number, this.session.capacity);
  }

  showHead() {
    if (this.door.details) {
      this.words.offset = this.door.offset ?? 0;
      this.base = this.door.details.counted ?? this.base;
      this.faces.head(this.session);
      this.showCount();
    }
  }
}

function isWhole(scan) {
  return Boolean(scan.digest || scan.ref) && scan.adults == null && !scan.beyond;
}

/* The server's word about their own time; what else the phone knows of the card stays. */
function withTime(card, answer) {
  return answer.slot ? { ...card, slot: answer.slot } : card;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(() => resolve(null), milliseconds));
}

const root = document.querySelector("[data-door]");
if (root) {
  new Door(root).start();
}
