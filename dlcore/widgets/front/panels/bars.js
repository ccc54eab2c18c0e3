// Named numbers as horizontal bars: HTML, so they are text for everyone.

import { el, icon, setText } from "../dom.js";
import { clamp, fixed, number } from "../format.js";

const MANY = 12; // compact bars that stand closer together

function cssColour(name, theme) {
  return theme.color(name || "a");
}

class Bars {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: spec.sel ? [spec.sel] : [] });
    this.items = spec.items || (spec.labels || []).map((label, index) => ({ ...spec, label, index }));
    this.rows = this.items.map(item => this.makeRow(item));
    const many = this.items.length > MANY ? " dl-many" : "";
    this.box = el("dl", { class: spec.compact ? `dl-bars dl-compact${many}` : "dl-bars" }, ...this.rows.flatMap(r => [r.name, r.line]));
    if (spec.height) this.box.style.height = `${spec.height}px`;
    caption.body.append(this.box);
  }

  makeRow(item) {
    const value = el("b", { class: "dl-num" });
    const fill = el("i");
    const name = el("dt", {}, el("span", { text: item.label }));
    if (this.spec.mark) name.append(icon("good"), el("span", { class: "dl-hidden", text: " (right)" }));
    const line = el("dd", {}, el("span", { class: "dl-bar" }, fill), value);
    return { name, line, value, fill };
  }

  valueOf(item) {
    const array = this.lab.array(item.data);
    return array?.data[this.rowIn(array, 2) * array.shape[array.shape.length - 1] + (item.index || 0)] ?? NaN;
  }

  /** Of an array of so many dimensions, whose first is the selection: the row that is chosen, or the last. */
  rowIn(array, dimensions) {
    if (!this.spec.sel || array.shape.length < dimensions) return 0;
    return Math.min(this.lab.selections.get(this.spec.sel) ?? Infinity, array.shape[0] - 1);
  }

  textOf(item) {
    const v = this.valueOf(item);
    if (!Number.isFinite(v)) return "not finite";
    if (item.percent) return `${Math.round(100 * v)} %`;
    return (item.digits == null ? number(v, 3) : fixed(v, item.digits)) + (item.of ? ` of ${item.of}` : "");
  }

  /** Number of the item that is the right one, or -1. */
  get marked() {
    const array = this.spec.mark && this.lab.array(this.spec.mark);
    return array ? array.data[this.rowIn(array, 1)] ?? -1 : -1;
  }

  draw() {
    const { marked } = this;
    this.items.forEach((item, k) => {
      this.rows[k].name.classList.toggle("dl-marked", k === marked);
      const { value, fill } = this.rows[k];
      const v = this.valueOf(item);
      setText(value, this.textOf(item));
      fill.style.background = cssColour(item.color, this.lab.theme);
      fill.style.transform = `scaleX(${Number.isFinite(v) ? clamp(v / (item.max || 1), 0, 1) : 0})`;
    });
  }

  describe() {
    const right = this.items[this.marked] ? `; ${this.items[this.marked].label} is right` : "";
    return `${this.spec.title}: ${this.items.map(item => `${item.label} ${this.textOf(item)}`).join(", ")}${right}.`;
  }

  destroy() {
    this.box.remove();
  }
}

export const bars = (caption, spec, lab) => new Bars(caption, spec, lab);
