/* Keeps the scanner on the phone: it opens without a network, also after the phone restarts, in the reader's language.

   KEPT comes with the script: {version, languages, shells, files, thorough}. Its version names the cache. */
/* global KEPT */

const CACHE = `door-${KEPT.version}`;
const DATABASE = "delaktig-door";

addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([...KEPT.files, ...Object.values(KEPT.shells)]))
      .then(() => skipWaiting()),
  );
});

addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([clearOld(), wipeRosters(), clients.claim()]));
});

addEventListener("message", (event) => {
  if (event.data === "thorough") {
    event.waitUntil(keepThorough().then(() => event.source?.postMessage("thorough")));
  }
});

addEventListener("periodicsync", (event) => event.waitUntil(wipeRosters()));
addEventListener("sync", (event) => event.waitUntil(wipeRosters()));

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) {
    return;
  }
  if (url.pathname === "/door/scan") {
    event.respondWith(shell(url));
    event.waitUntil(wipeRosters());
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  }
});

/* The page as it was kept; the network only where it was not. */
async function shell(url) {
  const language = await chosenLanguage(url.searchParams.get("lang"));
  const kept = await caches.open(CACHE).then((cache) => cache.match(KEPT.shells[language]));
  return kept ?? fetch(KEPT.shells[language]);
}

async function chosenLanguage(asked) {
  const remembered = await read("kept", "language").catch(() => null);
  const wishes = [asked, remembered, ...navigator.languages.flatMap((each) => [each, each.split("-")[0]])];
  return wishes.find((each) => KEPT.languages.includes(each)) ?? KEPT.languages[0];
}

async function keepThorough() {
  const cache = await caches.open(CACHE);
  for (const address of KEPT.thorough) {
    if (!(await cache.match(address))) {
      await cache.add(address);
    }
  }
}

async function clearOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("door-") && name !== CACHE).map((name) => caches.delete(name)));
}

/* A roster whose window is over goes, whether or not a page is open to see to it. */
async function wipeRosters() {
  const rows = (await read("rosters").catch(() => null)) ?? [];
  const due = rows.filter((row) => Date.now() >= row.wipe_at);
  if (due.length) {
    await within("rosters", "readwrite", (store) => due.map((row) => store.delete(row.door)).at(-1));
  }
}

function read(store, key) {
  return within(store, "readonly", (rows) => (key ? rows.get(key) : rows.getAll()));
}

/* The page makes the database; where there is none yet, there is nothing to read. */
function within(name, mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE);
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(name, mode);
      const request = act(transaction.objectStore(name));
      transaction.oncomplete = () => (database.close(), resolve(request.result));
      transaction.onabort = () => (database.close(), reject(transaction.error));
    };
  });
}
