// The state of a figure in the address of the page: #lab=mlp&seed=3&alpha=0.03. Only what differs from the page's own
// settings stands there, and only what the figure's controls accept is taken from it: an address is not to be trusted.

const LONGEST = 2000; // characters
const LARGEST_SEED = 4294967295;

/** Is the figure at `place` the one that this address speaks of? */
export function addressed(hash, place) {
  return parse(hash)?.get("lab") === place;
}

function parse(hash) {
  return hash.startsWith("#lab=") && hash.length <= LONGEST ? new URLSearchParams(hash.slice(1)) : null;
}

/**
 * What an address asks for, as far as it can be had.
 * @returns {{seed: ?number, values: Object}} no seed and no values if it asks for nothing that the figure knows
 */
export function readAddress(hash, place, controls) {
  const asked = { seed: null, values: {} };
  if (!addressed(hash, place)) return asked;
  for (const [name, text] of parse(hash)) {
    if (name === "seed") asked.seed = wholeNumber(text);
    else if (Object.hasOwn(controls, name)) {
      const value = accepted(controls[name], text);
      if (value !== null) asked.values[name] = value;
    }
  }
  return asked;
}

function wholeNumber(text) {
  return /^\d{1,10}$/.test(text) && Number(text) <= LARGEST_SEED ? Number(text) : null;
}

/** The value that a control reads from a text, or null. */
function accepted(control, text) {
  if (control.control === "switch") return { true: true, false: false }[text] ?? null;
  if (control.control === "choice") return control.options.includes(text) ? text : null;
  if (control.control === "text") return text.length <= control.most ? text : null;
  const value = text.trim() === "" ? NaN : Number(text);
  return value >= control.lo && value <= control.hi ? value : null;
}

/**
 * The address of a figure in a state; `before` is what the page itself sets. Of another case all values are told: it brings
 * its own, and one that was put back to what the page sets would be overruled.
 */
export function writeAddress(place, now, before) {
  const asked = new URLSearchParams({ lab: place });
  if (now.seed !== before.seed) asked.set("seed", now.seed);
  const whole = now.values.case !== before.values.case;
  for (const [name, value] of Object.entries(now.values)) {
    if (whole || value !== before.values[name]) asked.set(name, value);
  }
  const url = new URL(location.href);
  url.hash = asked;
  return url.href;
}
