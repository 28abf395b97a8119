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
const MOST_FIGURES = 12;

export class Verdicts {
  constructor(root, words, onEnd) {
    this.root = root;
    this.words = words;
    this.flood = root.querySelector("[data-flood]");
    this.say = root.querySelector("[data-say]");
    this.onEnd = onEnd;
  }

  /* Show one verdict. answer fills its placeholders; household: who may be tapped away, and what then happens. */
  show(key, answer = {}, household = null) {
    const words = this.words.verdict(key);
    const people = answer.counted ?? answer.added ?? { adults: 1, children: 0 };
    this.flood.dataset.verdict = words.shape;
    this.part("shape").replaceChildren(this.copy(`[data-shape-of="${words.shape === "noted" ? "ok" : words.shape}"]`));
    for (const name of ["word", "line", "more"]) {
      this.part(name).textContent = this.words.fill(words[name], answer, people);
    }
    if (household) {
      this.part("more").textContent = this.words.text("tap-away");
    }
    this.part("sealed").textContent = this.sealed(answer.card);
    this.part("folk").replaceChildren(...(words.shape === "ok" ? this.figures(people, household) : []));
    this.flood.hidden = false;
    this.speak();
    sound(words.shape);
    navigator.vibrate?.(BUZZ[words.shape]);
    this.countDown(STAYS[words.shape] * (household ? 1.5 : 1));
  }

  /* The number was changed by a tap: the same verdict with other people. */
  change(people) {
    this.part("line").textContent = this.words.people(people);
    this.speak();
    this.countDown(STAYS.already);
  }

  /* The server has said more of the card than the phone knew: nothing else changes, least of all how long it stays. */
  tell(card) {
    this.part("sealed").textContent = this.sealed(card);
    this.speak();
  }

  /* Verdicts are read aloud whole, in the order in which they stand. */
  speak() {
    const parts = ["word", "line", "more", "sealed"].map((name) => this.part(name).textContent.trim());
    this.say.textContent = parts.filter(Boolean).map((each) => (/[.!?]$/.test(each) ? each : `${each}.`)).join(" ");
  }

  hide() {
    clearInterval(this.timer);
    this.flood.hidden = true;
    this.part("sealed").textContent = "";
    this.say.textContent = "";
  }

  /* What the card itself opens, or the server says: how they want to be called, their time, that they asked for help. */
  sealed(card) {
    const parts = [card?.name, card?.slot && this.words.text("their-time", { time: card.slot })];
    return [...parts, card?.help && this.words.text("asked-help")].filter(Boolean).join(" · ");
  }

  figures(people, household) {
    const kinds = ["adults", "children"].flatMap((kind) =>
      Array.from({ length: Math.min(people[kind], MOST_FIGURES) }, (_each, place) => [kind, place + 1]),
    );
    if (!household || kinds.length < 2) {
      return kinds.map(([kind]) => this.copy(`[data-figure="${kind}"]`));
    }
    return kinds.map(([kind, number]) => this.figure(kind, number, household));
  }

  /* One person as a key: pressed means "came". */
  figure(kind, number, household) {
    const figure = document.createElement("button");
    figure.type = "button";
    figure.className = "fig";
    figure.setAttribute("aria-pressed", "true");
    figure.setAttribute("aria-label", this.words.text(`figure-${kind}`, { number }));
    figure.append(this.copy(`[data-figure="${kind}"]`));
    figure.addEventListener("click", () => {
      const came = figure.getAttribute("aria-pressed") !== "true";
      figure.setAttribute("aria-pressed", String(came));
      household(kind, came ? 1 : -1);
    });
    return figure;
  }

  /* Whoever works by keyboard or screen reader, with the focus in the verdict, is not hurried. */
  countDown(step) {
    clearInterval(this.timer);
    this.flood.dataset.left = 3;
    void this.flood.offsetWidth;
    let left = 2;
    this.flood.dataset.left = left;
    this.timer = setInterval(() => {
      if (this.flood.contains(document.activeElement)) {
        return;
      }
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
