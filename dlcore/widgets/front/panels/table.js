// Numbers in rows and columns: those at the chosen place, or a whole small array. Where the rows are what is chosen, they
// are as many as there are names, and scroll within a height.

import { el, setText } from "../dom.js";
import { clamp, number } from "../format.js";

class Table {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: [].concat(spec.sel || []) });
    this.names = spec.columns.map(column => (typeof column === "string" ? column : column.label));
    this.choosable = Boolean(spec.rows && spec.sel);
    this.body = el("tbody");
    this.rows = [];
    const corner = spec.rows ? [el("th", { scope: "col", text: spec.corner || "" })] : [];
    const head = el("tr", {}, ...corner, ...this.names.map(text => el("th", { scope: "col", class: "dl-right", text })));
    const table = el("table", { class: "dl-table", "aria-label": spec.title }, el("thead", {}, head), this.body);
    this.node = spec.height ? el("div", { class: "dl-scroll" }, table) : table;
    if (spec.height) this.node.style.height = `${spec.height}px`;
    if (this.choosable) {
      this.body.addEventListener("keydown", event => this.onKey(event));
      lab.selections.speak(this.sels[0], r => this.rowNames[r] ?? "");
    }
    caption.body.append(this.node);
  }

  /** Names of the rows: as declared, or those of the frame. */
  get rowNames() {
    const { rows } = this.spec;
    return Array.isArray(rows) || !rows ? rows : this.lab.array(rows)?.value || [];
  }

  rowCount() {
    if (this.spec.rows) return this.rowNames.length;
    return this.spec.data ? this.lab.array(this.spec.data)?.shape[0] || 1 : 1;
  }

  resize(count) {
    this.rows = Array.from({ length: count }, (_, r) => this.makeRow(r));
    this.body.replaceChildren(...this.rows.map(row => row.node));
  }

  makeRow(r) {
    const name = this.choosable ? this.makeChoice(r) : el("span");
    const cells = this.spec.columns.map(({ most }) => {
      const text = el("span"), bar = most ? el("i") : null;
      return { text, bar, node: el("td", { class: `dl-num dl-right${most ? " dl-effect" : ""}` }, text, ...(bar ? [bar] : [])) };
    });
    const head = this.spec.rows ? [el("th", { scope: "row" }, name)] : [];
    return { name, cells, node: el("tr", {}, ...head, ...cells.map(cell => cell.node)) };
  }

  makeChoice(r) {
    const { selections } = this.lab;
    const on = {
      pointerenter: () => selections.point(this.sels[0], r),
      pointerleave: () => selections.point(this.sels[0], null),
      click: () => selections.pin(this.sels[0], selections.pinned[this.sels[0]] === r ? null : r),
    };
    return el("button", { class: "dl-rowchoice", type: "button", on });
  }

  onKey(event) {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const r = clamp((this.chosen ?? 0) + way, 0, this.rows.length - 1);
    this.lab.selections.pin(this.sels[0], r);
    this.rows[r].name.focus({ preventScroll: true });
  }

  get chosen() {
    return this.choosable ? this.lab.selections.get(this.sels[0]) : null;
  }

  valueAt(r, k) {
    if (this.spec.data) return this.lab.array(this.spec.data)?.data[r * this.names.length + k];
    const array = this.lab.array(this.spec.columns[k].data);
    if (!array?.data) return this.spec.rows && Array.isArray(array?.value) ? array.value[r] : array?.value;
    if (this.spec.rows) return array.data[r];
    const at = this.sels.map(name => this.lab.selections.get(name) ?? 0);
    return array.data[at.length > 1 ? at[1] * array.shape[array.shape.length - 1] + at[0] : at[0] || 0];
  }

  textAt(r, k) {
    const v = this.valueAt(r, k);
    return v == null ? "" : typeof v === "number" ? this.numberAt(v, k) : String(v);
  }

  /** Numbers over bars are compared, so all have two decimals and a sign. */
  numberAt(v, k) {
    if (!this.spec.columns[k].most) return number(v, 3);
    const size = Math.abs(v).toFixed(2);
    return size === "0.00" ? size : (v < 0 ? "−" : "+") + size;
  }

  draw() {
    const names = this.rowNames, { chosen } = this;
    if (this.rows.length !== this.rowCount()) this.resize(this.rowCount());
    this.rows.forEach(({ name, cells, node }, r) => {
      if (names) setText(name, names[r]);
      cells.forEach((cell, k) => {
        setText(cell.text, this.textAt(r, k));
        if (cell.bar) this.drawBar(cell.bar, this.valueAt(r, k), this.lab.array(this.spec.columns[k].most)?.data[0] || 1);
      });
      if (this.choosable) this.mark(name, node, r, chosen);
    });
    if (chosen != null && chosen !== this.last) this.bringIntoSight(this.rows[chosen]?.node);
    this.last = chosen;
  }

  /** From the middle, to the left for a negative number. */
  drawBar(bar, v, most) {
    const width = 50 * clamp(Math.abs(v) / most, 0, 1);
    bar.style.width = `${width}%`;
    bar.style.left = `${v < 0 ? 50 - width : 50}%`;
    bar.style.background = this.lab.theme.color(v < 0 ? "b" : "a");
  }

  mark(name, node, r, chosen) {
    node.classList.toggle("dl-on", r === chosen);
    name.tabIndex = r === (chosen ?? 0) ? 0 : -1;
    name.setAttribute("aria-pressed", String(this.lab.selections.pinned[this.sels[0]] === r));
  }

  /** Within the table: the page stays where it is. */
  bringIntoSight(row) {
    if (!row || !this.spec.height || this.lab.selections.pointed[this.sels[0]] != null) return;
    const { node } = this, head = this.body.offsetTop;
    const top = row.offsetTop - head, bottom = row.offsetTop + row.offsetHeight;
    if (top < node.scrollTop) node.scrollTop = top;
    else if (bottom > node.scrollTop + node.clientHeight) node.scrollTop = bottom - node.clientHeight;
  }

  describe() {
    const names = this.rowNames;
    const rowText = r => {
      const name = names ? `${names[r]}: ` : "";
      return name + this.names.map((label, k) => `${label} ${this.textAt(r, k)}`).join(", ");
    };
    const all = Array.from({ length: this.rowCount() }, (_, r) => r);
    const shown = this.choosable ? all.filter(r => r === this.chosen) : all;
    return `${this.lab.selections.fill(this.spec.title)}: ${shown.map(rowText).join("; ")}.`;
  }

  /** All rows, where only one of them is described. */
  numbers() {
    if (!this.choosable) return null;
    const rows = this.rowNames.map((name, r) => [name, ...this.names.map((_, k) => this.textAt(r, k))]);
    return { columns: [this.spec.corner || "row", ...this.names], rows };
  }

  destroy() {
    this.node.remove();
  }
}

export const table = (caption, spec, lab) => new Table(caption, spec, lab);
