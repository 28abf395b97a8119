/* What a code is: a card, a door, or something else altogether; and the digest, which is all that leaves the phone. */

const LETTERS = "BCDFGHJKMNPRSTVWXYZ";
const PASS = /^(?:https?:\/\/[^\s/]{1,200})?\/C\/([A-Z2-7]{26})\/?$/i;
const GARBLED = /[^A-Z2-7]C[^A-Z2-7]([A-Z2-7]{26})[^A-Z2-7]?$/i;
const LONGEST = 300;
const KINDS = [
  [/^WIFI:/i, "wifi"],
  [/^(?:https?:\/\/|www\.)\S+$/i, "address"],
];

/* The pass code in what a QR says, or null when it is no card of ours. */
export function cardCode(text) {
  return text.length > LONGEST ? null : (PASS.exec(text.trim())?.[1].toUpperCase() ?? null);
}

/* What a QR that is no card is instead; one expression a kind, each bounded by the text's own length. */
export function foreignKind(text) {
  const head = text.slice(0, 2 * LONGEST).trim();
  return KINDS.find(([looks]) => looks.test(head))?.[1] ?? "text";
}

/* A typed code as it is digested, or null when its check letter says that it was mistyped. */
export function typedCode(text) {
  const code = text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
  if (isPass(code)) {
    return code;
  }
  const values = [...code].map((letter) => LETTERS.indexOf(letter));
  if (values.length !== 9 || values.includes(-1)) {
    return null;
  }
  return values.reduce((sum, value, place) => sum + (place + 1) * value, 0) % LETTERS.length === 0 ? code : null;
}

/* What a hardware scanner typed: a QR's whole text, perhaps with the signs of another keyboard's layout, or a code. */
export function scannedCode(text) {
  const garbled = text.length > LONGEST ? null : GARBLED.exec(text.trim());
  return cardCode(text) ?? garbled?.[1].toUpperCase() ?? typedCode(text.length > 40 ? "" : text);
}

export function isPass(code) {
  return /^[A-Z2-7]{26}$/.test(code);
}

export async function digestOf(code) {
  return hex(await sha256(new TextEncoder().encode(code)));
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/* crypto.randomUUID is missing in older phones; both make a UUID of version 4 (RFC 9562). */
export function newId() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
