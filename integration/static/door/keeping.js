/* Keeping the scanner on the phone, once the first card can be read: nothing of it hurries the door. */

const SOON = 4000;

export function keepForOffline({ glue, wasm }, reader) {
  if (!("serviceWorker" in navigator)) {
    return;
  }
  const arrive = () => arriveFromCache(glue, wasm, reader);
  arrive();
  navigator.serviceWorker.addEventListener("message", ({ data }) => data === "thorough" && arrive());
  reader.then((mine) => (mine.onFailure = arrive)).catch(() => null);
  const wait = navigator.serviceWorker.controller ? 0 : SOON;
  setTimeout(() => register().catch(() => null), wait);
}

async function register() {
  await navigator.serviceWorker.register("/door/sw.js", { scope: "/door/" });
  const { active, periodicSync } = await navigator.serviceWorker.ready;
  active.postMessage("thorough");
  await periodicSync?.register("wipe", { minInterval: 6 * 3600 * 1000 });
}

/* The thorough decoder is used once all of it lies on the phone; before that the small one reads. */
async function arriveFromCache(glue, wasm, reader) {
  try {
    const kept = await caches.match(wasm);
    const mine = await reader;
    if (kept && mine.tier === "small") {
      await mine.arrive({ glue, wasm: await kept.arrayBuffer() });
      document.documentElement.dataset.reader = mine.tier;
    }
  } catch {
    /* The small decoder goes on. */
  }
}
