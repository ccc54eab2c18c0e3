// A formula with its numbers put in: Python sends the text, one line of it a line here; _ and ^ are scripts. With `sel`
// and `sel_data`, a list of texts, the text of what is chosen stands there instead.

import { el } from "../dom.js";
import { markedUp, plain } from "../markup.js";

const FORMULA_LINE = 24; // px

class Formula {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: spec.sel ? [spec.sel] : [], shown: [] });
    this.node = el("div", { class: "dl-formula dl-num" });
    if (spec.lines) this.node.style.setProperty("--lines", `${spec.lines * FORMULA_LINE}px`);
    caption.body.append(this.node);
  }

  /** The text of what is chosen, or null. */
  get chosen() {
    const k = this.spec.sel && this.spec.sel_data ? this.lab.selections.get(this.spec.sel) : null;
    return k == null ? null : this.lab.array(this.spec.sel_data)?.value?.[k] ?? null;
  }

  get lines() {
    const value = this.chosen ?? this.lab.array(this.spec.data || this.spec.name)?.value ?? "";
    return Array.isArray(value) ? value : String(value).split("\n");
  }

  draw() {
    const { lines } = this;
    while (this.node.children.length < lines.length) this.node.append(el("p"));
    while (this.node.children.length > lines.length) this.node.lastChild.remove();
    lines.forEach((text, k) => { if (this.shown[k] !== text) this.node.children[k].replaceChildren(...markedUp(text)); });
    this.shown = lines;
  }

  title() {
    const { selections } = this.lab;
    if (this.chosen == null) return selections.fill(this.spec.title);
    return [this.spec.who, selections.nameOf(this.spec.sel)].filter(Boolean).join(", ");
  }

  describe() {
    return `${this.title()}: ${this.lines.map(plain).join("; ")}`;
  }

  destroy() {
    this.node.remove();
  }
}

export const formula = (caption, spec, lab) => new Formula(caption, spec, lab);
