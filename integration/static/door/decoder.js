/* Reading one picture: the small decoder at once, and the thorough one before it when it has arrived. */

const LARGEST = 1280;
const LARGEST_FOR_SMALL = 960;

export class Decoder {
  constructor(decodeQR) {
    this.decodeQR = decodeQR;
    this.thorough = null;
    this.canvas = null;
    this.turn = 0;
  }

  /* The text of the code in a picture that can be drawn, or null. */
  async read(source, width, height) {
    const picture = this.grab(source, width, height);
    return (await this.readThoroughly(picture)) ?? this.readQuickly(picture);
  }

  /* By turns the whole picture and its middle as it is: near codes and small ones. */
  grab(source, width, height) {
    const most = this.thorough ? LARGEST : LARGEST_FOR_SMALL;
    const side = Math.min(width, height, most);
    const whole = this.turn++ % 2 === 0;
    const [x, y, w, h] = whole ? [0, 0, width, height] : [(width - side) / 2, (height - side) / 2, side, side];
    const scale = Math.min(1, most / Math.max(w, h));
    const context = this.context(Math.round(w * scale), Math.round(h * scale));
    context.drawImage(source, x, y, w, h, 0, 0, this.canvas.width, this.canvas.height);
    return context.getImageData(0, 0, this.canvas.width, this.canvas.height);
  }

  context(width, height) {
    this.canvas ??= globalThis.document ? document.createElement("canvas") : new OffscreenCanvas(width, height);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      [this.canvas.width, this.canvas.height] = [width, height];
    }
    return this.canvas.getContext("2d", { willReadFrequently: true });
  }

  readQuickly(picture) {
    try {
      return this.decodeQR(picture) || null;
    } catch {
      return null;
    }
  }

  async readThoroughly(picture) {
    try {
      return (await this.thorough?.(picture)) || null;
    } catch {
      this.thorough = null;
      return null;
    }
  }

  /* The thorough decoder is there: its module's address and its WebAssembly. False where the page may not run it. */
  async arrive(glue, wasmBinary) {
    try {
      const { prepareZXingModule, readBarcodes } = await import(glue);
      await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
      const options = { formats: ["QRCode"], tryHarder: true, tryInvert: false, maxNumberOfSymbols: 1 };
      this.thorough = async (picture) => (await readBarcodes(picture, options))[0]?.text;
      return true;
    } catch {
      return false;
    }
  }
}
