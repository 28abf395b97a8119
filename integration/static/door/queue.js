/* Scans on their way to the server, in order, kept on the phone until they are acknowledged and a week more. */

import { Api } from "./api.js";
import { newId } from "./codes.js";
import { all, put, putAll, remove } from "./store.js";

const AT_ONCE = 200;
const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000, 60000];
const KEPT = 7 * 24 * 3600 * 1000;
const LONGEST_REST = 3600;

export class Queue {
  constructor(onChange, onSafe) {
    this.onChange = onChange;
    this.onSafe = onSafe;
    this.rows = [];
    this.doors = new Map();
    this.asked = new Map();
    this.failures = 0;
    this.restUntil = 0;
    this.state = "sent";
    addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => document.hidden || this.send());
  }

  /* Take up what an earlier visit left, and forget what was acknowledged long ago. */
  async open() {
    this.doors = new Map((await all("doors")).map((door) => [door.id, door]));
    const rows = await all("scans");
    const old = rows.filter((row) => row.acked_at && row.acked_at < Date.now() - KEPT);
    await Promise.all(old.map((row) => remove("scans", row.n)));
    const here = new Set(this.rows.map((row) => row.scan.id)); // made while the disk was being read
    this.rows = [...rows.filter((row) => !old.includes(row) && !here.has(row.scan.id)), ...this.rows];
    this.tell();
    this.send();
  }

  know(door) {
    this.doors.set(door.id, door);
  }

  /* Keep a scan; it is on the phone's disk before anybody is told that it counts. */
  async add(door, scan, added = null) {
    const row = { door: door.id, scan: { id: newId(), scanned_at: new Date().toISOString(), ...scan }, added };
    const answered = new Promise((resolve) => this.asked.set(row.scan.id, resolve));
    this.rows.push(row);
    try {
      row.n = await put("scans", row);
    } catch {
      /* A full or forbidden disk: the scan still lives in this page and is sent from here. */
    }
    this.tell();
    this.send();
    return { id: row.scan.id, answered };
  }

  /* This door's scans of one card that nobody has undone, whether sent or not. */
  of(door, digest) {
    const mine = this.rows.filter((row) => row.door === door.id);
    const undone = new Set(mine.map((row) => row.scan.undoes).filter(Boolean));
    return mine.filter((row) => (row.scan.digest ?? row.scan.card) === digest && !undone.has(row.scan.id));
  }

  /* People counted here without a card who still have none. */
  loose(door) {
    const mine = this.rows.filter((row) => row.door === door.id).map((row) => row.scan);
    const gone = new Set(mine.flatMap((scan) => [scan.undoes, scan.links, scan.instead_of]).filter(Boolean));
    return mine.filter((scan) => scan.kind === "walk_in" && !gone.has(scan.id)).reverse();
  }

  waiting(door = null) {
    return this.rows.filter((row) => !row.acked_at && (!door || row.door === door.id));
  }

  /* One batch after the other, each with the token of the door that it was made at; not while the server wants rest. */
  async send() {
    if (this.sending) {
      return;
    }
    clearTimeout(this.timer);
    const rest = this.restUntil - performance.now();
    if (rest > 0) {
      this.timer = setTimeout(() => this.send(), rest);
      return;
    }
    this.sending = true;
    let sent = true;
    for (const door of new Set(this.waiting().map((row) => row.door))) {
      sent = (await this.sendFrom(this.doors.get(door))) && sent;
    }
    this.sending = false;
    if (!sent) {
      this.timer = setTimeout(() => this.send(), PAUSES[Math.min(this.failures++, PAUSES.length - 1)]);
    } else if (this.waiting().length) {
      this.send();
    }
    this.tell();
  }

  async sendFrom(door) {
    const batch = this.waiting(door).slice(0, AT_ONCE);
    const answers = door ? await this.post(door, batch.map((row) => row.scan)) : null;
    const done = answers ? await this.acknowledge(batch, answers) : 0;
    this.failures = done ? 0 : this.failures;
    return done > 0;
  }

  async post(door, scans) {
    try {
      const response = await new Api(door.token).post("scans", scans);
      const rest = Number(response.headers.get("Retry-After")) || 0;
      this.restUntil = Math.max(this.restUntil, performance.now() + 1000 * Math.min(rest, LONGEST_REST));
      /* A network's own page may answer in the server's place: then nothing was acknowledged. */
      const answers = response.ok ? [...(await response.json())] : null;
      this.state = response.ok ? "sent" : response.status >= 500 || response.status === 429 ? "offline" : "refused";
      return answers;
    } catch {
      this.state = "offline";
      return null;
    }
  }

  /* What the server has answered for is safe there; the row stays a week, in case the server is set back. */
  async acknowledge(batch, answers) {
    const byId = new Map(answers.map((answer) => [answer?.id, answer]));
    const done = batch.filter((row) => byId.has(row.scan.id));
    for (const row of done) {
      const answer = byId.get(row.scan.id);
      row.acked_at = Date.now();
      row.result = answer.result;
      row.added = answer.added ?? row.added;
      this.asked.get(row.scan.id)?.(answer);
      this.asked.delete(row.scan.id);
    }
    await putAll("scans", done.filter((row) => row.n)).catch(() => null);
    this.onSafe(done);
    return done.length;
  }

  tell() {
    this.onChange({ waiting: this.waiting().length, state: this.state });
  }
}
