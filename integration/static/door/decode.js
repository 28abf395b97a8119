/* Reading codes: the phone's own detector where it has one, else the small decoder that comes with the page. */

const LETTERS = "BCDFGHJKMNPRSTVWXYZ";
const PASS = /^(?:https?:\/\/[^\s/]{1,200})?\/C\/([A-Z2-7]{26})\/?$/i;
const LARGEST = 960;

/* A function that reads one picture of the camera: the text of the code in it, or null. */
export async function createReader(decoderUrl) {
  const detector = await ownDetector();
  if (detector) {
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  const { decodeQR } = await import(decoderUrl);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let whole = false;
  return async (video) => {
    whole = !whole;
    return decodePicture(decodeQR, grab(video, canvas, context, whole));
  };
}

async function ownDetector() {
  try {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats();
    return formats?.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch {
    return null;
  }
}

/* By turns the whole picture, made smaller, and its middle as it is: near codes and small ones. */
function grab(video, canvas, context, whole) {
  const { videoWidth: width, videoHeight: height } = video;
  const side = Math.min(width, height, LARGEST);
  const [x, y, w, h] = whole ? [0, 0, width, height] : [(width - side) / 2, (height - side) / 2, side, side];
  const scale = Math.min(1, LARGEST / Math.max(w, h));
  canvas.width = Math.round(w * scale);
  canvas.height = Math.round(h * scale);
  context.drawImage(video, x, y, w, h, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function decodePicture(decodeQR, picture) {
  try {
    return decodeQR(picture) || null;
  } catch {
    return null;
  }
}

/* The pass code in what a QR says, or null when it is no card of ours: Wi-Fi, another address, four kilobytes of text. */
export function cardCode(text) {
  return text.length > 300 ? null : (PASS.exec(text.trim())?.[1].toUpperCase() ?? null);
}

/* A typed code as it is digested, or null when its check letter says that it was mistyped. */
export function typedCode(text) {
  const code = text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
  if (/^[A-Z2-7]{26}$/.test(code)) {
    return code;
  }
  const values = [...code].map((letter) => LETTERS.indexOf(letter));
  if (values.length !== 9 || values.includes(-1)) {
    return null;
  }
  return values.reduce((sum, value, place) => sum + (place + 1) * value, 0) % LETTERS.length === 0 ? code : null;
}

/* The digest of a code, which is all that leaves the phone. */
export async function digestOf(code) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
