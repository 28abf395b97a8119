/* Parts of a page that change by themselves: [data-refresh] is fetched anew every so many seconds, if it changed; 0: no more.
   Whoever is typing or has opened something in it is not disturbed. Also: buttons that copy a field. */

const part = document.querySelector("[data-refresh]");
let held = null;

function offerCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = button.dataset.done;
    });
  }
}

function isInUse() {
  return part.contains(document.activeElement) || part.querySelector("details[open]") !== null;
}

async function refresh() {
  if (document.hidden || isInUse()) return;
  const response = await fetch(location.href, { headers: held ? { "If-None-Match": held } : {}, cache: "no-store" });
  if (response.status !== 200 || response.redirected) return;
  held = response.headers.get("ETag");
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-refresh]");
  if (!fresh || isInUse()) return;
  part.replaceChildren(...fresh.childNodes);
  if (fresh.dataset.refresh === "0") clearInterval(clock);
  offerCopying();
}

offerCopying();
const clock = part && setInterval(() => refresh().catch(() => {}), 1000 * Number(part.dataset.refresh));
