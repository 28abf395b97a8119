/* The keys and panels round the scanner: typed codes, names, ages, cards handed out, and the way to the next door. */

import { Api } from "./api.js";
import { newId } from "./codes.js";
import { keepDoor } from "./store.js";
import { total } from "./tally.js";

const LATEST = 6;
const TYPING = 300;
const SHORTEST = 2;

export class Desk {
  constructor(door) {
    this.door = door;
    this.root = door.root;
    this.faces = door.faces;
    this.words = door.words;
    this.input = this.root.querySelector("#code");
    this.input.removeAttribute("maxlength"); // a hardware scanner types a code's whole address into it
    this.name = this.root.querySelector("#name");
    const form = this.faces.part("keys");
    form.addEventListener("submit", (event) => this.pressed(event, event.submitter?.dataset.key));
    this.root.addEventListener("click", (event) => this.tapped(event));
    this.faces.part("searching").addEventListener("submit", (event) => (event.preventDefault(), this.search()));
    this.name.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.search(), TYPING);
    });
  }

  /* Keys that are buttons of a form without a script. */
  pressed(event, key) {
    event.preventDefault();
    const acts = {
      adult: () => this.door.add("adults"),
      child: () => this.door.add("children"),
      undo: () => this.door.undo(),
      typed: () => this.door.typed(this.input),
    };
    (acts[key] ?? acts.typed)();
  }

  tapped(event) {
    const key = event.target.closest("[data-key]")?.dataset.key ?? "";
    const acts = {
      type: () => (this.open("type"), this.input.focus()),
      search: () => (this.open("search"), this.name.focus()),
      more: () => this.more(),
      next: () => this.back(),
      back: () => this.back(),
      "cancel-link": () => this.linkTo(null),
      again: () => location.reload(),
      lock: () => this.door.lock.set(true),
      torch: () => this.door.camera.light(!this.door.camera.lit).catch(() => null),
      "camera-next": () => this.door.camera.next().then(() => this.back()),
      give: () => this.pick((scan) => this.linkTo(scan.id)),
      "give-this": () => this.linkTo(this.door.visit.id),
      "counted-before": () => this.countedBefore(),
      move: () => this.move(this.door.door.details.next[0].key),
    };
    if (key.startsWith("age-")) {
      this.door.add("children", key.slice(4));
    } else {
      acts[key]?.();
    }
  }

  open(panel) {
    this.door.verdicts.hide();
    this.faces.show(panel, this.door.missing());
  }

  back() {
    this.door.ready();
    this.root.querySelector('[data-key="adult"]').focus();
  }

  /* Names do not stay on the page longer than they are looked at. */
  clear() {
    this.name.value = "";
    this.faces.part("hits").replaceChildren();
    this.faces.part("search-words").hidden = true;
    this.faces.part("aim").textContent = this.words.text(this.door.linking ? "aim-link" : "aim");
    const next = this.door.door?.details?.next?.[0];
    if (next) {
      this.root.querySelector('[data-key="move"] [data-move]').textContent = this.nextText(next);
    }
  }

  async more() {
    const { door, details } = this.door.door;
    const cameras = await this.door.camera.cameras().catch(() => []);
    const closing = this.root.querySelector('[data-key="closing"]');
    closing.hidden = !this.door.door.closing;
    closing.href = this.door.door.closing ?? "#";
    const can = {
      "camera-next": cameras.length > 1,
      give: this.door.queue.loose(this.door.door).length > 0 && !this.door.session.sensitive,
      search: Boolean(details?.device?.may_search) && navigator.onLine,
    };
    for (const [key, is] of Object.entries(can)) {
      this.root.querySelector(`[data-panel="more"] [data-key="${key}"]`).hidden = !is;
    }
    this.nextDoors(this.root.querySelector("[data-panel=more]"));
    this.latest(door);
    this.open("more");
  }

  nextDoors(panel) {
    const next = this.door.door?.details?.next ?? [];
    panel.querySelector("[data-next-part]").hidden = !next.length;
    const rows = next.map((each) => ({ text: this.nextText(each), icon: "door", act: () => this.move(each.key) }));
    this.faces.choices(panel.querySelector("[data-next]"), rows);
  }

  nextText(next) {
    return `${this.words.title(next.title).text}, ${this.words.clock(next.starts_at)}`;
  }

  latest() {
    const { door, queue } = this.door;
    const mine = queue.rows.filter((row) => row.door === door.id);
    const undone = new Set(mine.map((row) => row.scan.undoes).filter(Boolean));
    const rows = mine.filter((row) => row.added && total(row.added) && !row.scan.undoes && !undone.has(row.scan.id)).slice(-LATEST).reverse();
    this.faces.latest(rows.map((row) => ({ text: this.countedAt(row.scan, row.added), act: () => this.door.undo(row.scan.id) })));
  }

  countedAt(scan, people) {
    const text = this.words.text("counted-at", { people: this.words.people(people), time: this.words.clock(this.words.trueTime(scan.scanned_at)) });
    return scan.age_group ? `${text}, ${this.words.text("child-of", { ages: scan.age_group.replace("-", "–") })}` : text;
  }

  /* Which of those who were counted without a card; one alone needs no question. */
  pick(act) {
    const loose = this.door.queue.loose(this.door.door);
    if (loose.length === 1) {
      act(loose[0]);
      return;
    }
    const rows = loose.map((scan) => ({
      text: this.countedAt(scan, scan),
      icon: scan.adults ? "adult" : "child",
      act: () => act(scan),
    }));
    this.faces.choices(this.faces.part("loose"), rows);
    this.open("pick");
  }

  /* The card on the screen belongs to somebody who was counted without it: counted once, and now with the card. */
  countedBefore() {
    const { visit } = this.door;
    this.pick(async (scan) => {
      await this.door.queue.add(this.door.door, { undoes: visit.id }, this.door.guess({ undoes: visit.id }, {}).added);
      const instead = { kind: "card", digest: visit.digest, instead_of: scan.id };
      await this.door.count(instead, { digest: visit.digest, card: visit.card });
    });
  }

  /* From now on the next card that is read is the one handed to this person. */
  linkTo(id) {
    this.door.linking = id;
    this.door.ready();
  }

  async link(digest) {
    const links = this.door.linking;
    this.door.linking = null;
    await this.door.queue.add(this.door.door, { kind: "link", links, card: digest });
    this.door.unsent("linked");
  }

  async search() {
    const sought = this.name.value.trim();
    if (sought.length < SHORTEST) {
      return;
    }
    let hits = null;
    try {
      const response = await new Api(this.door.door.token).get(`search?q=${encodeURIComponent(sought)}`);
      hits = response.ok ? await response.json() : null;
    } catch {
      /* Said below. */
    }
    if (this.faces.name === "search" && sought === this.name.value.trim()) {
      this.showHits(hits);
    }
  }

  showHits(hits) {
    const words = this.faces.part("search-words");
    words.hidden = hits?.length > 0;
    words.textContent = this.words.text(hits ? "hits-none" : "hits-offline");
    const found = hits?.length ? this.words.text("hits-some", { count: hits.length }) : words.textContent;
    this.faces.part("hits-said").textContent = found;
    this.faces.choices(this.faces.part("hits"), (hits ?? []).map((hit) => this.hit(hit)));
  }

  hit({ name, adults, children, arrived, ref, slot }) {
    const [came, cameToo] = Array.isArray(arrived) ? arrived : [arrived?.adults ?? 0, arrived?.children ?? 0];
    const people = this.words.people({ adults, children });
    const isIn = came + cameToo > 0;
    const note = isIn ? this.words.text("arrived", { people: this.words.people({ adults: came, children: cameToo }) }) : people;
    const notes = slot ? `${note} · ${this.words.text("their-time", { time: slot })}` : note;
    return { text: name, note: notes, icon: "people", act: () => this.door.count({ ref }, { ref }) };
  }

  /* One tap: the same phone, the next door. What waits is still sent with the token it was made under. */
  async move(session) {
    const { door } = this.door;
    const response = await new Api(door.token).post("moves", { session }).catch(() => null);
    if (!response?.ok) {
      this.door.contact.refresh();
      return;
    }
    const { token, ...details } = await response.json();
    await keepDoor({ id: newId(), token, session, details, closing: null });
    location.replace("/door/scan");
  }

  waiting(count) {
    this.faces.part("over-waiting").hidden = count === 0;
  }

  over(isOver) {
    if (isOver) {
      this.nextDoors(this.root.querySelector("[data-panel=over]"));
    }
  }
}
