/* What the scanner's page shows: one face at a time, the keys that belong to it, the head, and how much waits. */

const SETTLED = 250;
const HELD = ["ready", "verdict"];

export class Faces {
  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.name = "ready";
    this.hasCamera = false;
    this.offers = new Set();
    this.news = null;
  }

  part(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  /* offers: the keys that make sense just now, of those that not always do. Without a camera codes are typed. */
  show(name, offers = this.offers) {
    const changed = name !== this.name;
    this.name = name;
    this.offers = offers;
    if (changed) {
      this.settle();
    }
    const panel = name === "ready" && !this.hasCamera ? "type" : name;
    this.part("camera").hidden = !this.hasCamera || !HELD.includes(panel);
    this.part("aim").parentElement.hidden = panel !== "ready";
    for (const each of this.root.querySelectorAll("[data-panel]")) {
      each.hidden = each.dataset.panel !== panel;
    }
    this.keys(name);
    this.net(this.news);
    if (changed) {
      this.root.querySelector(`[data-panel="${name}"] [data-head]`)?.focus({ preventScroll: true });
    }
  }

  /* Keys that change their meaning under a finger already on its way take no tap for a moment. */
  settle() {
    const keys = this.part("keys");
    keys.dataset.settling = "";
    clearTimeout(this.settling);
    this.settling = setTimeout(() => delete keys.dataset.settling, SETTLED);
  }

  keys(name) {
    for (const key of this.root.querySelectorAll("[data-when]")) {
      const { key: what, when } = key.dataset;
      const isSometimes = this.offers.has(`?${what}`);
      key.hidden = !when.split(" ").includes(name) || isSometimes;
    }
    for (const chip of this.root.querySelectorAll(".chips [data-key]")) {
      chip.hidden = this.offers.has(`?${chip.dataset.key}`);
    }
    const form = this.part("keys");
    const shown = [...form.querySelectorAll(".key:not(.whole, [hidden])")];
    shown.forEach((key) => key.classList.toggle("lone", shown.length % 2 === 1 && key === shown.at(-1)));
    form.hidden = !form.querySelector(".key:not([hidden])");
  }

  /* Which door it is; a title in another language says so. */
  head(session) {
    const title = this.words.title(session.title);
    const heading = this.part("title");
    heading.textContent = title.text;
    heading.lang = title.language ?? document.documentElement.lang;
    const venue = session.venue ? `${this.words.title(session.venue).text}, ` : "";
    this.part("where").textContent = venue + this.words.range(session.starts_at, session.ends_at);
    if (session.icon) {
      const disc = this.root.querySelector(".disc");
      disc.className = `disc d-${(session.mark ?? "follow").replace(/^d-/, "")}`;
      disc.querySelector("use").setAttribute("href", `${this.root.dataset.icons}#${session.icon}`);
    }
  }

  count(number, capacity) {
    this.part("count").textContent = number ?? "";
    this.part("of").textContent = number == null ? "" : capacity ? this.words.text("inside-of", { number: capacity }) : this.words.text("inside");
  }

  /* Nothing is said before the phone's own memory was asked. */
  net(news) {
    this.news = news;
    const net = this.part("net");
    if (!news) {
      net.hidden = true;
      return;
    }
    const { waiting, state } = news;
    const key = waiting === 0 ? "sent" : state === "sent" ? "net-waiting" : `net-${state}`;
    net.hidden = waiting === 0 && this.name !== "ready";
    net.dataset.state = waiting === 0 ? "sent" : state === "sent" ? "waiting" : "offline";
    const more = document.createElement("small");
    more.textContent = this.name === "ready" ? this.words.more(key) : "";
    net.querySelector("[data-net-text]").replaceChildren(this.words.text(key, { count: waiting }), more);
    net.querySelector(".slats").toggleAttribute("hidden", waiting === 0);
    const icon = this.root.querySelector(`template[data-net-icon="${waiting && state !== "sent" ? "offline" : "sent"}"]`);
    net.querySelector("svg").replaceWith(icon.content.cloneNode(true));
  }

  /* A list of keys to choose from: {text, language, icon, act}. */
  choices(list, rows) {
    list.replaceChildren(
      ...rows.map(({ text, note, icon = "adult", act }) => {
        const row = this.root.querySelector("template[data-row]").content.cloneNode(true);
        row.querySelector("span").textContent = text;
        if (note) {
          const small = document.createElement("small");
          small.textContent = note;
          row.querySelector("span").append(small);
        }
        row.querySelector("use").setAttribute("href", `${this.root.dataset.icons}#${icon}`);
        row.querySelector("button").addEventListener("click", act);
        return row;
      }),
    );
  }

  /* What was counted last, each with its own way back. */
  latest(rows) {
    this.part("latest-none").hidden = rows.length > 0;
    this.part("latest").replaceChildren(
      ...rows.map(({ text, act }) => {
        const row = this.root.querySelector("template[data-latest-row]").content.cloneNode(true);
        row.querySelector("span").textContent = text;
        const button = row.querySelector("button");
        button.setAttribute("aria-label", this.words.text("undo-this", { what: text }));
        button.addEventListener("click", act);
        return row;
      }),
    );
  }
}
