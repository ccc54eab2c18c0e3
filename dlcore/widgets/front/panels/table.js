// Numbers in rows and columns: those at the chosen place, or a whole small array.

import { el, setText } from "../dom.js";
import { number } from "../format.js";

class Table {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: [].concat(spec.sel || []) });
    this.names = spec.columns.map(column => (typeof column === "string" ? column : column.label));
    this.body = el("tbody");
    this.cells = [];
    const corner = spec.rows ? [el("th", { scope: "col", text: spec.corner || "" })] : [];
    const head = el("tr", {}, ...corner, ...this.names.map(text => el("th", { scope: "col", class: "dl-right", text })));
    this.node = el("table", { class: "dl-table", "aria-label": spec.title }, el("thead", {}, head), this.body);
    caption.body.append(this.node);
    this.resize(this.rowCount());
  }

  rowCount() {
    if (this.spec.rows) return this.spec.rows.length;
    return this.spec.data ? this.lab.array(this.spec.data)?.shape[0] || 1 : 1;
  }

  resize(count) {
    this.cells = Array.from({ length: count }, () => this.names.map(() => el("td", { class: "dl-num dl-right" })));
    this.body.replaceChildren(...this.cells.map((row, r) =>
      el("tr", {}, ...(this.spec.rows ? [el("th", { scope: "row", text: this.spec.rows[r] })] : []), ...row)));
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
    return v == null ? "" : typeof v === "number" ? number(v, 3) : String(v);
  }

  draw() {
    this.cells.forEach((row, r) => row.forEach((cell, k) => setText(cell, this.textAt(r, k))));
  }

  describe() {
    const rows = this.cells.map((row, r) => {
      const name = this.spec.rows ? `${this.spec.rows[r]}: ` : "";
      return name + row.map((_, k) => `${this.names[k]} ${this.textAt(r, k)}`).join(", ");
    });
    return `${this.lab.selections.fill(this.spec.title)}: ${rows.join("; ")}.`;
  }

  destroy() {
    this.node.remove();
  }
}

export const table = (caption, spec, lab) => new Table(caption, spec, lab);
