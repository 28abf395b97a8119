/* Hardware scanners type very fast and end with Enter. What a person types, and fields, are left alone. */

const FAST = 60;
const SHORTEST = 9;

export function listenToScanners(onText) {
  let typed = "";
  let last = 0;
  addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) {
        typed = "";
        return;
      }
      const isFast = event.timeStamp - last < FAST;
      last = event.timeStamp;
      if (event.key === "Enter" && isFast && typed.length >= SHORTEST) {
        event.preventDefault();
        event.stopPropagation();
        onText(typed);
        typed = "";
      } else if (event.key.length === 1) {
        typed = isFast ? typed + event.key : event.key;
        if (typed.length > 2) {
          event.preventDefault();
        }
      } else if (event.key !== "Shift") {
        typed = "";
      }
    },
    { capture: true },
  );
}
