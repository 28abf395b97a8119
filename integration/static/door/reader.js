/* Reading codes in three tiers: the phone's own detector; a small decoder at once; a thorough one when it is here. */

import { Decoder } from "./decoder.js";

/* Something with read(video): the text of the code in the camera's picture, or null. */
export async function createReader(addresses) {
  const detector = await ownDetector();
  return detector ? new OwnReader(detector, addresses) : new WorkerReader(addresses);
}

async function ownDetector() {
  try {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats();
    return formats?.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch {
    return null;
  }
}

/* Some phones list a detector that finds nothing, ever, or fails: until it has found its first code it shares the
   pictures with the decoders that come with the page, and from its first failure on they read alone. */
class OwnReader {
  constructor(detector, addresses) {
    this.detector = detector;
    this.addresses = addresses;
    this.turn = 0;
  }

  get tier() {
    return this.failed ? this.decoders.tier : "own";
  }

  get decoders() {
    this.others ??= new WorkerReader(this.addresses);
    return this.others;
  }

  async read(video) {
    if (this.failed || (!this.proven && this.turn++ % 2)) {
      return this.decoders.read(video);
    }
    try {
      const text = (await this.detector.detect(video))[0]?.rawValue || null;
      this.proven ||= text !== null;
      return text;
    } catch {
      this.failed = true;
      this.onFailure?.();
      return null;
    }
  }

  async arrive(thorough) {
    await this.decoders.arrive(thorough);
  }
}

class WorkerReader {
  constructor(addresses) {
    this.addresses = addresses;
    this.tier = "small";
    try {
      if (!globalThis.createImageBitmap || !globalThis.OffscreenCanvas) {
        throw new Error("no pictures in workers");
      }
      this.worker = new Worker(`${addresses.worker}#${encodeURIComponent(addresses.decoder)}`, { type: "module" });
      this.worker.addEventListener("error", () => this.stayHere());
    } catch {
      this.stayHere();
    }
  }

  /* Without modules in workers the same decoder runs in the page. */
  stayHere() {
    this.worker = null;
    this.waiting?.({});
    this.here ??= import(this.addresses.decoder).then(
      ({ decodeQR }) => new Decoder(decodeQR),
      () => (this.here = null),
    );
    return this.here;
  }

  async read(video) {
    if (!this.worker) {
      const decoder = await this.stayHere();
      return decoder ? decoder.read(video, video.videoWidth, video.videoHeight) : null;
    }
    const picture = await createImageBitmap(video);
    const answer = await this.ask({ picture }, [picture]);
    if (answer.failed) {
      this.stayHere();
    }
    return answer.text ?? null;
  }

  /* The thorough decoder has been fetched: {glue, wasm}. */
  async arrive({ glue, wasm }) {
    const arrived = this.worker
      ? (await this.ask({ glue, wasm }, [wasm])).thorough
      : await (await this.stayHere())?.arrive(glue, wasm);
    this.tier = arrived ? "thorough" : this.tier;
  }

  /* One question at a time; the worker answers in order. */
  ask(message, transferred) {
    this.turn = (this.turn ?? Promise.resolve()).then(
      () =>
        new Promise((resolve) => {
          this.waiting = resolve;
          if (!this.worker) {
            resolve({});
            return;
          }
          this.worker.onmessage = ({ data }) => resolve(data);
          this.worker.postMessage(message, transferred);
        }),
    );
    return this.turn;
  }
}
