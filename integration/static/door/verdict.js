/* What the door says: colour, shape, word, sound and vibration; the slats say how long it stays. */

const STAYS = { ok: 1000, noted: 1000, already: 2000, other: 2500, unknown: 2000 };
const TONES = {
  ok: [[660, 0, 0.09], [990, 0.1, 0.16]],
  already: [[440, 0, 0.12], [440, 0.18, 0.12]],
  other: [[520, 0, 0.12], [390, 0.14, 0.2]],
  unknown: [[260, 0, 0.3]],
  noted: [[560, 0, 0.08]],
};
const BUZZ = { ok: [60], noted: [30], already: [60, 60, 60], other: [120, 60, 120], unknown: [260] };

export class Verdicts {
  constructor(root, onEnd) {
    this.root = root;
    this.flood = root.querySelector("[data-flood]");
    this.say = root.querySelector("[data-say]");
    this.onEnd = onEnd;
    this.words = new Map(
      [...root.querySelector("template[data-words]").content.querySelectorAll("[data-key]")].map((each) => [
        each.dataset.key,
        each.dataset,
      ]),
    );
    this.people = { adults: JSON.parse(root.dataset.adults), children: JSON.parse(root.dataset.children) };
  }

  /* Show one verdict; values fill the placeholders, people are drawn one by one. */
  show(key, answer = {}) {
    const words = this.words.get(key) ?? this.words.get("typo");
    const people = answer.counted ?? answer.added ?? { adults: 1, children: 0 };
    const fill = (text) => this.fill(text, answer, people);
    this.flood.dataset.verdict = words.shape;
    this.part("shape").replaceChildren(this.copy(`[data-shape-of="${words.shape === "noted" ? "ok" : words.shape}"]`));
    for (const name of ["word", "line", "more"]) {
      this.part(name).textContent = fill(words[name]);
    }
    this.part("folk").replaceChildren(...(words.shape === "ok" ? this.figures(people) : []));
    this.flood.hidden = false;
    const sentences = [words.word, words.line, words.more].map(fill).filter(Boolean);
    this.say.textContent = sentences.map((each) => (/[.!?]$/.test(each) ? each : `${each}.`)).join(" ");
    sound(words.shape);
    navigator.vibrate?.(BUZZ[words.shape]);
    this.countDown(STAYS[words.shape]);
  }

  hide() {
    clearInterval(this.timer);
    this.flood.hidden = true;
  }

  text(key, values = {}) {
    return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), this.words.get(key).word);
  }

  more(key) {
    return this.words.get(key).more ?? "";
  }

  fill(text, answer, people) {
    return text
      .replace("{people}", this.peopleWords(people))
      .replace("{time}", answer.first_at ? this.clock(answer.first_at) : "")
      .replace("{title}", answer.other ? this.title(answer.other.title) : "")
      .replace("{when}", answer.other ? this.when(answer.other.starts_at) : "");
  }

  peopleWords({ adults, children }) {
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
    const texts = this.people[kind];
    return texts[count] ?? texts.at(-1).replace(String(texts.length - 1), count);
  }

  title(texts) {
    const language = document.documentElement.lang;
    return texts[language] ?? texts.sv ?? texts.fi ?? texts.en ?? Object.values(texts)[0];
  }

  clock(moment) {
    const dotted = this.root.dataset.clock.includes(".");
    const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: this.root.dataset.zone };
    const text = new Intl.DateTimeFormat("en-GB", parts).format(new Date(moment));
    return dotted ? text.replace(":", ".") : text;
  }

  when(moment) {
    const day = (date) => new Intl.DateTimeFormat("en-CA", { timeZone: this.root.dataset.zone }).format(date);
    const then = new Date(moment);
    const time = this.clock(moment);
    if (day(then) === day(new Date())) {
      return this.text("today", { time });
    }
    if (day(then) === day(new Date(Date.now() + 86400000))) {
      return this.text("tomorrow", { time });
    }
    const parts = { weekday: "long", day: "numeric", month: "long", timeZone: this.root.dataset.zone };
    return this.text("later", { day: new Intl.DateTimeFormat(document.documentElement.lang, parts).format(then), time });
  }

  figures(people) {
    return ["adults", "children"].flatMap((kind) =>
      Array.from({ length: Math.min(people[kind], 12) }, () => this.copy(`[data-figure="${kind}"]`)),
    );
  }

  countDown(step) {
    clearInterval(this.timer);
    this.flood.dataset.left = 3;
    void this.flood.offsetWidth;
    let left = 2;
    this.flood.dataset.left = left;
    this.timer = setInterval(() => {
      left -= 1;
      if (left < 0) {
        this.hide();
        this.onEnd();
      } else {
        this.flood.dataset.left = left;
      }
    }, step);
  }

  part(name) {
    return this.flood.querySelector(`[data-${name}]`);
  }

  copy(selector) {
    return this.root.querySelector(`template${selector}`).content.cloneNode(true);
  }
}

let audio = null;

/* Browsers let a page sound only after it was touched. */
addEventListener("pointerdown", () => ((audio ??= newAudio()), audio?.resume()), { passive: true });
addEventListener("keydown", () => ((audio ??= newAudio()), audio?.resume()), { passive: true });

function newAudio() {
  return globalThis.AudioContext ? new AudioContext() : null;
}

function sound(shape) {
  audio ??= newAudio();
  if (audio?.state !== "running") {
    return;
  }
  for (const [pitch, after, length] of TONES[shape]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, audio.currentTime + after);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + after + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + after);
    tone.stop(audio.currentTime + after + length);
  }
}
