/* Counting heads: a press shows at once and is sent behind it, in order, again until it has arrived.
   Every press has its own id, so that sending it twice counts one head. */

const form = document.querySelector("[data-tally]");
const RETRY_MS = 3000;
const waiting = [];
const mine = [];
let isSending = false;

function change(category, by) {
  for (const place of [form.querySelector(`[data-heads="${category}"]`), form.querySelector("[data-heads-all]")]) {
    if (place) place.textContent = String(Number(place.textContent) + by);
  }
}

function tell() {
  const place = form.querySelector("[data-tally-waiting]");
  place.textContent = waiting.length > 1 ? form.dataset.waiting.replace("{number}", waiting.length) : "";
}

async function renewToken() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const fresh = page.querySelector("[data-tally] [name=csrf_token]");
  if (fresh) form.elements.csrf_token.value = fresh.value;
}

async function send() {
  if (isSending) return;
  isSending = true;
  while (waiting.length) {
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, ...waiting[0] });
    const sent = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(
      () => null,
    );
    if (sent && sent.status === 204) waiting.shift();
    else {
      tell();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      if (sent && sent.status === 400) await renewToken().catch(() => {});
    }
    tell();
  }
  isSending = false;
}

function press(event) {
  const button = event.submitter;
  if (!button || !crypto.randomUUID) return;
  const undo = form.querySelector("[name=undo]");
  if (button.name === "add") {
    const id = crypto.randomUUID();
    mine.push({ id, category: button.value });
    waiting.push({ add: button.value, scan_id: id });
    change(button.value, 1);
  } else if (mine.length) {
    const last = mine.pop();
    waiting.push({ undo: last.id });
    change(last.category, -1);
  } else return;
  event.preventDefault();
  undo.disabled = mine.length === 0 && !undo.value;
  send();
}

if (form) {
  form.addEventListener("submit", press);
  window.addEventListener("beforeunload", (event) => waiting.length && event.preventDefault());
}
