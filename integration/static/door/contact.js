/* The door's contact with the server: what it is told and takes along while there is one, and the end of its window. */

import { Api } from "./api.js";
import { refreshRoster, wipeRosters } from "./roster.js";
import { put } from "./store.js";

const LONGEST_TIMER = 2 ** 31 - 1;

export class Contact {
  constructor(at) {
    this.at = at;
  }

  /* Ask which door this is, and take along what it needs without a network. */
  async refresh() {
    const { at } = this;
    if (!at.door) {
      return;
    }
    const api = new Api(at.door.token);
    try {
      const response = await api.get("session");
      at.door.gone = response.status === 401;
      if (response.ok) {
        const details = await response.json();
        Object.assign(at.door, { details, offset: Date.parse(details.server_time) - Date.now() });
        await put("doors", at.door);
        at.queue.know(at.door);
        at.showHead();
      }
      if (!at.isOver) {
        at.roster = (await refreshRoster(api, at.door, Date.now())) ?? at.roster;
      }
    } catch {
      /* Far from the server the door goes on with what it has. */
    }
    await this.watchTheEnd();
    if (at.faces.name === "ready") {
      at.faces.show("ready", at.missing());
    }
  }

  /* The roster goes when the door's window is over, on a timer and at every look. */
  async watchTheEnd() {
    clearTimeout(this.timer);
    const { at } = this;
    const { door } = at;
    await wipeRosters((row) => Date.now() >= row.wipe_at || (row.door === door.id && at.isOver)).catch(() => null);
    if (at.isOver) {
      at.roster = null;
      at.ready();
      return;
    }
    const end = at.roster?.kept.wipe_at ?? Date.now() + Date.parse(door.details?.device?.closes_at) - at.clock();
    if (Number.isFinite(end)) {
      this.timer = setTimeout(() => this.watchTheEnd(), Math.min(Math.max(end - Date.now(), 0) + 50, LONGEST_TIMER));
    }
  }

  async recount() {
    try {
      const response = await new Api(this.at.door.token).get("count");
      if (response.ok) {
        const { adults, children } = await response.json();
        this.at.base = { adults, children };
        this.at.showCount();
      }
    } catch {
      /* The number waits like the scans do. */
    }
  }
}
