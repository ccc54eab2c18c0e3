// The figure in words: a sentence that follows the run, the same read aloud politely, and what each panel shows, in
// words and numbers.

import { el, setText } from "./dom.js";
import { makeTable } from "./tools.js";

const PACE = 1500; // ms between two readings aloud while it runs
const GLANCE = 250; // ms between two changes of the sentence: as fast as one can look

export class Twin {
  /** @param panels returns the panels, each with describe() -> text and, where it has some, numbers() -> {columns, rows} */
  constructor(panels) {
    this.panels = panels;
    this.sentence = el("p", { class: "dl-twin", "aria-hidden": "true" }); // for the eye; `spoken` is for the ear
    this.spoken = el("p", { class: "dl-hidden", "aria-live": "polite" });
    this.words = el("div", { class: "dl-words" });
    this.fold = el("details", { class: "dl-fold", on: { toggle: () => this.speak() } }, el("summary", { text: "In words" }), this.words);
    this.text = "";
    this.last = this.glanced = -Infinity;
  }

  /** What to say from now on; the `aside`, of what is chosen, only aloud. `soon`: without waiting for the pace. */
  tell(text, soon, aside = "") {
    this.text = text;
    this.aside = aside;
    const now = performance.now();
    if (soon || now >= this.glanced + GLANCE) this.write(now);
    if (soon || now >= this.last + PACE) this.speak();
    else this.timer ??= setTimeout(() => this.speak(), this.last + PACE - now);
  }

  write(now) {
    this.glanced = now;
    setText(this.sentence, this.text || "");
  }

  speak() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.last = performance.now();
    this.write(this.last);
    setText(this.spoken, [this.text, this.aside].filter(Boolean).join(" "));
    if (this.fold.open) this.words.replaceChildren(...this.panels().map(p => this.part(p)).filter(Boolean));
  }

  part(panel) {
    const text = panel.describe?.();
    const table = panel.numbers?.();
    if (!text && !table) return null;
    return el("div", { class: "dl-word" }, el("p", { text: text || "" }), ...(table ? [makeTable(table)] : []));
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
