/* Typing a sheet in: Enter leads on to the next number, and from the last one to the button. */

const form = document.querySelector("[data-enter-leads-on]");

form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT" || event.isComposing) return;
  event.preventDefault();
  const fields = [...form.querySelectorAll("input:not([type=hidden]), button")];
  const next = fields[fields.indexOf(event.target) + 1];
  next?.focus();
  next?.select?.();
});
