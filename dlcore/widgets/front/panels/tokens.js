// A strip of tokens with rows of values under it. HTML: it can be selected and read aloud.
// With an `event` a click on a token, or typing one of the `symbols` on it, changes it.

import { el, setText } from "../dom.js";
import { clamp, number } from "../format.js";

class Tokens {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: spec.sel ? [].concat(spec.sel) : [] });
    this.sel = this.sels[0];
    if (this.sel) lab.selections.speak(this.sel, t => `“${this.texts[t] ?? ""}”`);
    this.rows = spec.rows || [];
    this.node = el("div", { class: "dl-tokens", role: "group", "aria-label": spec.title });
    this.node.addEventListener("keydown", event => this.onKey(event));
    caption.body.append(this.node);
    if (this.sel && (spec.symbols || !spec.event)) caption.key.append(this.keys());
    this.resize();
  }

  get texts() {
    return this.lab.array(this.spec.data)?.value || [];
  }

  resize() {
    const n = this.texts.length;
    this.node.style.setProperty("--n", n);
    this.heads = Array.from({ length: n }, (_, t) => this.makeHead(t));
    this.cells = this.rows.map(row => Array.from({ length: n }, () => (row.bars ? el("i", { class: "dl-barcell" }, el("b")) : el("i"))));
    this.ends = this.rows.map(() => el("span", { class: "dl-rowname dl-num" }));
    const lines = this.rows.flatMap((row, r) => [el("span", { class: "dl-rowname", text: row.label }), ...this.cells[r], this.ends[r]]);
    this.node.replaceChildren(el("span"), ...this.heads, el("span"), ...lines);
  }

  /** The numbers of a row: of a (rows, n) array, those of the row that is chosen. */
  valuesOf({ data }) {
    const array = this.lab.array(data);
    if (!array || array.shape.length < 2) return array?.data || [];
    const [count, n] = array.shape, k = this.rowIn(count);
    return array.data.subarray(k * n, (k + 1) * n);
  }

  /** What is chosen, of so many rows; without a choice the last. */
  rowIn(count) {
    return Math.min(this.lab.selections.get(this.sel) ?? count - 1, count - 1);
  }

  /** [lo, hi] of a row's colours, or of the heights of its bars. */
  rangeOf({ lo, hi, most }) {
    const ends = most && this.lab.array(most)?.data;
    const v = ends ? ends[this.rowIn(ends.length)] : hi;
    return [lo ?? -v, v];
  }

  makeHead(t) {
    const { selections } = this.lab;
    const on = this.sel && {
      pointerenter: () => selections.point(this.sel, t),
      pointerleave: () => selections.point(this.sel, null),
      click: () => this.spec.event ? this.change(t) : selections.pin(this.sel, selections.pinned[this.sel] === t ? null : t),
    };
    return el("button", { class: "dl-token", type: "button", tabindex: t ? -1 : 0, on: on || {} });
  }

  change(index, what = {}) {
    this.lab.sendEvent(this.spec.event, { index, ...what });
  }

  /** For a finger, where tokens are narrow (style.js shows it there): one to the left, one to the right, what may stand there. */
  keys() {
    const key = (text, name, click) => el("button", { class: "dl-tab", type: "button", text, "aria-label": name, on: { click } });
    const here = () => this.lab.selections.get(this.sel) ?? 0;
    const symbols = [...(this.spec.symbols || [])];
    return el("span", { class: "dl-keys", role: "group", "aria-label": "one of them" },
      key("‹", "to the left", () => this.pin(here() - 1)), key("›", "to the right", () => this.pin(here() + 1)),
      ...symbols.map(symbol => key(symbol, `${symbol} here`, () => this.change(here(), { symbol }))));
  }

  pin(t) {
    const there = clamp(t, 0, this.heads.length - 1);
    this.lab.selections.pin(this.sel, there);
    return there;
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typed = this.heads.indexOf(event.target);
    if (this.spec.symbols?.includes(event.key) && event.key.length === 1 && typed >= 0) {
      event.preventDefault();
      event.stopPropagation();
      return this.change(typed, { symbol: event.key });
    }
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way || !this.sel) return;
    event.preventDefault();
    event.stopPropagation();
    this.heads[this.pin((this.lab.selections.get(this.sel) ?? 0) + way)].focus();
  }

  draw() {
    const { texts } = this;
    if (texts.length !== this.heads.length) this.resize();
    const chosen = this.lab.selections.get(this.sel);
    this.heads.forEach((head, t) => {
      setText(head, texts[t]);
      head.setAttribute("aria-label", `position ${t}, ${texts[t]}${this.spec.event ? ": change it" : ""}`);
      head.classList.toggle("dl-on", t === chosen);
      if (this.sel && !this.spec.event) head.setAttribute("aria-pressed", String(this.lab.selections.pinned[this.sel] === t));
    });
    this.rows.forEach((row, r) => this.drawRow(row, this.cells[r], this.ends[r]));
  }

  drawRow(row, cells, end) {
    const values = this.valuesOf(row);
    const [lo, hi] = this.rangeOf(row);
    const draw = row.bars ? this.drawBar : this.drawCell;
    cells.forEach((cell, t) => draw.call(this, cell, row, Number.isFinite(values[t]) ? values[t] : null, lo, hi));
    if (row.most) setText(end, `${lo < 0 ? "±" : ""}${number(hi, 2)}`);
  }

  drawCell(cell, { color }, v, lo, hi) {
    cell.style.background = v === null ? "none" : this.lab.theme.css(color || "seq", (v - lo) / (hi - lo));
  }

  /** A bar that stands on zero, or hangs from it. */
  drawBar(cell, { color, below }, v, lo, hi) {
    const bar = cell.firstChild, share = x => 100 * clamp((x - lo) / (hi - lo), 0, 1);
    const zero = share(0), top = share(v ?? 0);
    bar.style.bottom = `${Math.min(zero, top)}%`;
    bar.style.height = `${Math.abs(top - zero)}%`;
    bar.style.background = this.lab.theme.color(v < 0 ? below : color);
    cell.style.setProperty("--zero", `${zero}%`);
  }

  describe() {
    const rows = this.rows.map(row => {
      const [lo, hi] = this.rangeOf(row);
      const high = [...this.valuesOf(row)].map((v, t) => (v > (lo + hi) / 2 ? t : -1)).filter(t => t >= 0);
      return `${row.label} is high at ${high.join(", ") || "no position"}`;
    });
    return [`${this.spec.title}: ${this.texts.join(" ")}.`, ...(rows.length ? [`${rows.join("; ")}.`] : [])].join(" ");
  }

  numbers() {
    const t = this.lab.selections.get(this.sel);
    if (t == null || !this.rows.length) return null;
    if (this.rows.some(row => this.lab.array(row.data)?.shape.length > 1)) return this.allNumbers();
    return {
      columns: ["row", `at ${t}`],
      rows: this.rows.map(row => [row.label, number(this.valuesOf(row)[t] ?? NaN, 3)]),
    };
  }

  /** Of every token, where what is chosen is what all the others are seen from. */
  allNumbers() {
    const values = this.rows.map(row => this.valuesOf(row));
    return {
      columns: ["token", ...this.rows.map(row => row.label)],
      rows: this.texts.map((text, t) => [text, ...values.map(row => number(row[t] ?? NaN, 3))]),
    };
  }

  destroy() {
    this.node.remove();
  }
}

export const tokens = (caption, spec, lab) => new Tokens(caption, spec, lab);
