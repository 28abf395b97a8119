/* What the door's rules say about one card, as the server counts it: min(places, arrivals not undone) + beyond. */

const NOBODY = { adults: 0, children: 0 };

export function plus(one, other) {
  return { adults: one.adults + other.adults, children: one.children + other.children };
}

export function minus(one, other) {
  return { adults: Math.max(0, one.adults - other.adults), children: Math.max(0, one.children - other.children) };
}

export function total(people) {
  return people.adults + people.children;
}

/* What has arrived on a card: the roster's number and this phone's own scans that the roster does not yet know. */
export function tallyOf(places, arrived, scans) {
  const tally = { places, whole: 0, arrived: { ...(arrived ?? NOBODY) }, beyond: { ...NOBODY } };
  for (const scan of scans) {
    if (scan.adults == null && scan.children == null && !scan.beyond) {
      tally.whole += 1;
    } else {
      tally.arrived = plus(tally.arrived, numbers(scan));
      tally.beyond = plus(tally.beyond, numbers(scan.beyond));
    }
  }
  return tally;
}

/* How many of the household count. Adults fill the places first. */
export function counted({ places, whole, arrived, beyond }) {
  if (!places) {
    return plus({ adults: arrived.adults + (whole > 0 ? 1 : 0), children: arrived.children }, beyond);
  }
  if (whole > 0) {
    return plus(places, beyond);
  }
  const most = total(places);
  const adults = Math.min(arrived.adults, most - Math.min(arrived.children, places.children));
  return plus({ adults, children: Math.min(total(arrived), most) - adults }, beyond);
}

/* What the phone says by itself about a scan of a card, before or without the server's word.

   card: {valid, places, arrived, elsewhere} from the roster; before and after: this phone's scans of the card. */
export function judge(card, before, after, session) {
  if (!card.valid) {
    return before.length ? { message: "counted_before" } : unknown();
  }
  const was = counted(tallyOf(card.places, card.arrived, before));
  const is = counted(tallyOf(card.places, card.arrived, after));
  const answer = { counted: is, added: minus(is, was), places: card.places };
  if (total(is) === total(was)) {
    return { ...answer, message: "already" };
  }
  if (!card.places && session.sign_up === "required") {
    return card.elsewhere
      ? { ...answer, message: "elsewhere", other: { starts_at: card.elsewhere } }
      : { ...answer, message: "no_sign_up" };
  }
  return { ...answer, message: "welcome" };
}

/* Somebody with a code that nobody knows is let in, and counted as one. */
function unknown() {
  const one = { adults: 1, children: 0 };
  return { message: "unknown", counted: one, added: one };
}

function numbers(source) {
  return { adults: source?.adults ?? 0, children: source?.children ?? 0 };
}
