// A strip of tokens with rows of values under it. HTML: it can be selected and read aloud.
// With an `event` a click on a token, or typing one of the `symbols` on it, changes it.

import { el, setText } from "../dom.js";
import { clamp, number } from "../format.js";

class Tokens {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: spec.sel ? [].concat(spec.sel) : [] });
    this.sel = this.sels[0];
    this.rows = spec.rows || [];
    this.node = el("div", { class: "dl-tokens", role: "group", "aria-label": spec.title });
    this.node.addEventListener("keydown", event => this.onKey(event));
    caption.body.append(this.node);
    this.resize();
  }

  get texts() {
    return this.lab.array(this.spec.data)?.value || [];
  }

  resize() {
    const n = this.texts.length;
    this.node.style.setProperty("--n", n);
    this.heads = Array.from({ length: n }, (_, t) => this.makeHead(t));
    this.cells = this.rows.map(() => Array.from({ length: n }, () => el("i")));
    const lines = this.rows.flatMap((row, r) => [el("span", { class: "dl-rowname", text: row.label }), ...this.cells[r]]);
    this.node.replaceChildren(el("span"), ...this.heads, ...lines);
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
    const t = clamp((this.lab.selections.get(this.sel) ?? 0) + way, 0, this.heads.length - 1);
    this.lab.selections.pin(this.sel, t);
    this.heads[t].focus();
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
    this.rows.forEach((row, r) => this.drawRow(row, this.cells[r]));
  }

  drawRow({ data, lo, hi, color }, cells) {
    const array = this.lab.array(data);
    cells.forEach((cell, t) => {
      const v = array?.data[t];
      cell.style.background = Number.isFinite(v) ? this.lab.theme.css(color || "seq", (v - lo) / (hi - lo)) : "none";
    });
  }

  describe() {
    const rows = this.rows.map(row => {
      const data = this.lab.array(row.data)?.data || [];
      const high = [...data].map((v, t) => (v > (row.lo + row.hi) / 2 ? t : -1)).filter(t => t >= 0);
      return `${row.label} is high at ${high.join(", ") || "no position"}`;
    });
    return [`${this.spec.title}: ${this.texts.join(" ")}.`, ...(rows.length ? [`${rows.join("; ")}.`] : [])].join(" ");
  }

  numbers() {
    const t = this.lab.selections.get(this.sel);
    if (t == null || !this.rows.length) return null;
    return {
      columns: ["row", `at ${t}`],
      rows: this.rows.map(row => [row.label, number(this.lab.array(row.data)?.data[t] ?? NaN, 3)]),
    };
  }

  destroy() {
    this.node.remove();
  }
}

export const tokens = (caption, spec, lab) => new Tokens(caption, spec, lab);
