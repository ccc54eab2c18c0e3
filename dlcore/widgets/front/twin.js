// The figure in words: a sentence that is read aloud politely, and what each panel shows, in words and numbers.

import { el, setText } from "./dom.js";
import { makeTable } from "./tools.js";

const PACE = 1500; // ms between two updates while it runs

export class Twin {
  /** @param panels returns the panels, each with describe() -> text and, where it has some, numbers() -> {columns, rows} */
  constructor(panels) {
    this.panels = panels;
    this.sentence = el("p", { class: "dl-twin", "aria-live": "polite" });
    this.words = el("div", { class: "dl-words" });
    this.fold = el("details", { class: "dl-fold", on: { toggle: () => this.speak() } }, el("summary", { text: "In words" }), this.words);
    this.text = "";
    this.last = -Infinity;
  }

  /** What to say from now on. `soon`: without waiting for the pace. */
  tell(text, soon) {
    this.text = text;
    const wait = this.last + PACE - performance.now();
    if (soon || wait <= 0) this.speak();
    else this.timer ??= setTimeout(() => this.speak(), wait);
  }

  speak() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.last = performance.now();
    setText(this.sentence, this.text || "");
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
