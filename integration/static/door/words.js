/* The page's words: they came with it in the reader's language; here their placeholders are filled. */

const FALLBACKS = ["sv", "fi", "en"];

export class Words {
  constructor(root) {
    const rows = root.querySelector("template[data-words]").content.querySelectorAll("[data-key]");
    this.rows = new Map([...rows].map((each) => [each.dataset.key, each.dataset]));
    this.numbers = { adults: JSON.parse(root.dataset.adults), children: JSON.parse(root.dataset.children) };
    this.zone = root.dataset.zone;
    this.dotted = root.dataset.clock === ".";
    this.offset = 0; // of the phone's clock, in milliseconds: what must be added to it
  }

  verdict(key) {
    return this.rows.get(key) ?? this.rows.get("queued");
  }

  text(key, values = {}) {
    return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), this.rows.get(key).word);
  }

  more(key) {
    return this.rows.get(key).more ?? "";
  }

  fill(text, answer, people) {
    const { other } = answer;
    return text
      .replace("{people}", this.people(people))
      .replace("{time}", answer.first_at ? this.clock(answer.first_at) : "")
      .replace("{title}", other?.title ? this.title(other.title).text : "")
      .replace("{when}", other ? this.when(other.starts_at) : "");
  }

  people({ adults, children }) {
    const parts = [];
    if (adults || !children) {
      parts.push(this.number("adults", adults));
    }
    if (children) {
      parts.push(this.number("children", children));
    }
    return parts.join(" + ");
  }

  /* The texts come with their numbers, so that every language keeps its own plurals. */
  number(kind, count) {
    const texts = this.numbers[kind];
    return texts[count] ?? texts.at(-1).replace(String(texts.length - 1), count);
  }

  /* A text of the content in the reader's language, else in another, which then says so. */
  title(texts) {
    const language = document.documentElement.lang;
    const found = [language, ...FALLBACKS, ...Object.keys(texts)].find((each) => texts[each]);
    return { text: texts[found] ?? "", language: found === language ? null : found };
  }

  clock(moment) {
    const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: this.zone };
    const text = new Intl.DateTimeFormat("en-GB", parts).format(new Date(moment));
    return this.dotted ? text.replace(":", ".") : text;
  }

  /* When something happened that bears the time of this phone's clock. */
  trueTime(moment) {
    return Date.parse(moment) + this.offset;
  }

  /* Joiners keep a span of time on one line. */
  range(from, until) {
    return this.text("range", { start: this.clock(from), end: this.clock(until) }).replace("–", "\u2060–\u2060");
  }

  when(moment) {
    const day = (date) => new Intl.DateTimeFormat("en-CA", { timeZone: this.zone }).format(date);
    const then = new Date(moment);
    const time = this.clock(moment);
    const now = Date.now() + this.offset;
    if (day(then) === day(now)) {
      return this.text("today", { time });
    }
    if (day(then) === day(now + 86400000)) {
      return this.text("tomorrow", { time });
    }
    const parts = { weekday: "long", day: "numeric", month: "long", timeZone: this.zone };
    return this.text("later", { day: new Intl.DateTimeFormat(document.documentElement.lang, parts).format(then), time });
  }
}
