// The verdict on an answer, drawn from data as dlcore.exercises draws it as HTML: a sign, words, a message, the evidence.

import { el, prose } from "./cells/dom.js";

export const CHECK = "application/vnd.dlcore.check+json";

const LOOKS = { // a sign, words, and the name that the style sheet knows
  right: ["✓", "passed", "passed"],
  "not yet": ["…", "not yet", "not yet"],
  wrong: ["✗", "not right", "wrong"],
};

/** An element; null if `check` is no verdict, for any code can send one. */
export function verdict(check) {
  const { exercise, verdict, text, details = [] } = check ?? {};
  const sound = [exercise, verdict, text].every(isText) && Object.hasOwn(LOOKS, verdict) && Array.isArray(details);
  if (!sound || !details.every(isText)) return null;
  const [sign, words, state] = LOOKS[verdict];
  const box = el(
    "div",
    { class: "dl-check", "data-state": state, role: "status" },
    el("span", { "aria-hidden": "true" }, sign),
    " ",
    el("code", {}, exercise),
    ": ",
    el("strong", {}, `${words}.`),
    " ",
    ...prose(text),
  );
  if (details.length) box.append(el("pre", { tabindex: 0 }, details.join("\n")));
  return box;
}

function isText(value) {
  return typeof value === "string";
}
