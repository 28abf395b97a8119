/* Scans on their way to the server, in order. None is dropped: what is not acknowledged is sent again. */

const AT_ONCE = 100;
const PATIENCE = 10000;
const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000];

export class Queue {
  constructor(url, token, onChange) {
    this.url = url;
    this.token = token;
    this.onChange = onChange;
    this.waiting = [];
    this.failures = 0;
    this.sending = false;
    this.state = "sent";
    addEventListener("online", () => this.send());
    addEventListener("beforeunload", (event) => this.waiting.length && event.preventDefault());
  }

  /* Queue a scan; the promise is kept when the server has answered it, however long that takes. */
  add(scan) {
    const entry = { scan: { id: newId(), scanned_at: new Date().toISOString(), ...scan } };
    entry.answered = new Promise((resolve) => (entry.resolve = resolve));
    this.waiting.push(entry);
    this.tell();
    this.send();
    return { id: entry.scan.id, answered: entry.answered };
  }

  async send() {
    if (this.sending || !this.waiting.length) {
      return;
    }
    this.sending = true;
    clearTimeout(this.timer);
    const batch = this.waiting.slice(0, AT_ONCE);
    const answers = await this.post(batch.map((entry) => entry.scan));
    this.sending = false;
    if (answers) {
      this.acknowledge(batch, answers);
      this.send();
    } else {
      this.timer = setTimeout(() => this.send(), PAUSES[Math.min(this.failures++, PAUSES.length - 1)]);
    }
    this.tell();
  }

  async post(scans) {
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.token}` },
        body: JSON.stringify(scans),
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout?.(PATIENCE),
      });
      this.state = response.ok ? "sent" : response.status >= 500 ? "offline" : "refused";
      return response.ok ? await response.json() : null;
    } catch {
      this.state = "offline";
      return null;
    }
  }

  acknowledge(batch, answers) {
    this.failures = 0;
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    this.waiting = this.waiting.filter((entry) => !byId.has(entry.scan.id));
    for (const entry of batch.filter((each) => byId.has(each.scan.id))) {
      entry.resolve(byId.get(entry.scan.id));
    }
  }

  tell() {
    this.onChange({ waiting: this.waiting.length, state: this.state });
  }
}

/* crypto.randomUUID is missing in older phones; both make a UUID of version 4 (RFC 9562). */
function newId() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
