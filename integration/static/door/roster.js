/* The roster: which cards live, and what is sealed for those with places here. Opened only by the code on the card. */

import { bytesOf, hex, isPass, sha256 } from "./codes.js";
import { all, get, put, remove } from "./store.js";

const PREFIX = 8;
const SHORT = 3;

export class Roster {
  constructor(kept) {
    this.kept = kept;
    this.sealed = new Map(kept.sealed);
    this.elsewhere = new Map(kept.elsewhere ?? []);
    this.codes = new Map((kept.codes ?? []).map(([prefix, ...people]) => [prefix, people]));
    this.cards = bytesOf(kept.cards);
  }

  get fetchedAt() {
    return this.kept.fetched_at;
  }

  /* What it knows of a code: {valid, places, arrived, name, help, slot, elsewhere}. */
  async find(code) {
    return isPass(code) ? this.findPass(code) : this.findShort(code);
  }

  async findPass(code) {
    const digest = await sha256(ascii(code));
    if (!this.hasCard(digest)) {
      return { valid: false };
    }
    const prefix = hex(digest.subarray(0, PREFIX));
    const card = { valid: true, places: null, elsewhere: this.elsewhere.get(prefix) ?? null };
    const item = this.sealed.get(prefix);
    const opened = item ? await this.unseal(item, code).catch(() => null) : null;
    return opened ? { ...card, ...opened } : card;
  }

  async findShort(code) {
    const salt = bytesOf(this.kept.salt);
    const salted = new Uint8Array([...salt, ...ascii(code)]);
    const people = this.codes.get(hex((await sha256(salted)).subarray(0, SHORT)));
    if (!people) {
      return { valid: false };
    }
    const [adults, children] = people;
    return { valid: true, places: adults == null ? null : { adults, children }, elsewhere: null };
  }

  /* The prefixes are sorted, so a handful of comparisons finds one among thousands. */
  hasCard(digest) {
    let [low, high] = [0, this.cards.length / PREFIX - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = compare(this.cards, middle * PREFIX, digest);
      if (order === 0) {
        return true;
      }
      [low, high] = order < 0 ? [middle + 1, high] : [low, middle - 1];
    }
    return false;
  }

  /* HKDF-SHA256 (RFC 5869) from the card's code, then AES-256-GCM. */
  async unseal(item, code) {
    const material = await crypto.subtle.importKey("raw", ascii(code), "HKDF", false, ["deriveKey"]);
    const info = ascii(`delaktig door ${this.kept.session}`);
    const how = { name: "HKDF", hash: "SHA-256", salt: bytesOf(this.kept.salt), info };
    const key = await crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    const box = bytesOf(item);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.subarray(0, 12) }, key, box.subarray(12));
    const { name, adults, children, help, arrived, slot } = JSON.parse(new TextDecoder().decode(plain));
    const [came, cameToo] = arrived ?? [0, 0];
    return { name, help, slot, places: { adults, children }, arrived: { adults: came, children: cameToo } };
  }
}

/* Fetch the roster if the server has a newer one; the one in use, or null when there is none. */
export async function refreshRoster(api, door, now) {
  const kept = await get("rosters", door.id);
  const response = await api.get("roster", kept ? { "If-None-Match": kept.etag ?? "" } : {});
  if (response.status === 304) {
    return null;
  }
  if (!response.ok) {
    return null;
  }
  const sent = await response.json();
  const row = { ...sent, door: door.id, session: door.session, etag: response.headers.get("ETag"), fetched_at: now };
  row.wipe_at = now + Date.parse(sent.wipe_at) - Date.parse(sent.server_time);
  await put("rosters", row);
  return new Roster(row);
}

/* The roster that the phone holds for this door; every one whose window is over is wiped on the way. */
export async function keptRoster(door, now) {
  await wipeRosters((row) => now >= row.wipe_at);
  const kept = await get("rosters", door.id);
  return kept ? new Roster(kept) : null;
}

export async function wipeRosters(isDue) {
  const due = (await all("rosters")).filter(isDue);
  await Promise.all(due.map((row) => remove("rosters", row.door)));
}

function compare(cards, start, digest) {
  for (let place = 0; place < PREFIX; place += 1) {
    if (cards[start + place] !== digest[place]) {
      return cards[start + place] - digest[place];
    }
  }
  return 0;
}

function ascii(text) {
  return new TextEncoder().encode(text);
}
