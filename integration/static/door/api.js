/* The server, as a door talks to it: a token in a header, never in an address. */

const PATIENCE = 10000;

export class Api {
  constructor(token) {
    this.token = token;
  }

  get(what, headers = {}) {
    return this.ask(what, { headers });
  }

  post(what, body, headers = {}) {
    const json = { "Content-Type": "application/json", "Device-Time": new Date().toISOString() };
    return this.ask(what, { method: "POST", headers: { ...json, ...headers }, body: JSON.stringify(body) });
  }

  ask(what, { headers, ...rest }) {
    return fetch(`/api/v1/door/${what}`, {
      ...rest,
      headers: { ...headers, Authorization: `Bearer ${this.token}` },
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout?.(PATIENCE),
    });
  }
}
