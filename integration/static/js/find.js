/* Shows, as somebody types, only the lines of a list that hold every word; without a script the form is sent. */
const plain = (text) =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "");

const words = (typed) =>
  plain(typed)
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => (/^[\d+()-]+$/.test(word) ? word.replace(/\D/g, "").replace(/^0/, "") : word));

for (const form of document.querySelectorAll("[data-find]")) {
  const lines = [...document.querySelectorAll(`${form.dataset.find} > li`)];
  const input = form.querySelector("input[type=search]");
  input.addEventListener("input", () => {
    const wanted = words(input.value);
    for (const line of lines) {
      const held = plain(line.dataset.words);
      line.hidden = !wanted.every((word) => held.includes(word));
    }
  });
}
