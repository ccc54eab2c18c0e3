// A (rows, columns) array as cells. `sel: [column, row]` lets the reader choose one, for all panels that share the names.

import { clamp, number } from "../format.js";
import { drawArray, Raster } from "../raster.js";
import { ARROWS, AXIS_GUTTER, Surface } from "../surface.js";

const SEPARATED = 7; // px: cells that are larger stand apart

class Heatmap {
  constructor(caption, spec, lab) {
    const [column = null, row = null] = spec.sel || [];
    Object.assign(this, { spec, lab, column, row, sels: spec.sel || [], raster: new Raster() });
    const rows = lab.array(spec.data)?.shape[0] || 8;
    this.surface = new Surface(caption.body, lab, {
      height: spec.row_height ? spec.row_height * rows + 1 : null,
      aspect: spec.aspect || (spec.square ? 1 : 2),
      interactive: Boolean(spec.sel),
      label: `${spec.title}${spec.sel ? "; arrow keys choose a cell" : ""}`,
    });
    this.gutter = { left: spec.square ? 0 : AXIS_GUTTER.left, right: spec.axis ? AXIS_GUTTER.right : 0 };
    if (spec.sel) this.listen();
  }

  get array() {
    const array = this.lab.array(this.spec.data);
    if (array?.shape.length !== 1) return array;
    return { ...array, shape: [1, array.shape[0]] };
  }

  draw() {
    const c = this.surface.begin();
    const { array } = this;
    if (!array) return;
    const [h, w] = array.shape;
    const width = this.surface.width - this.gutter.left - this.gutter.right;
    this.grid = { h, w, left: this.gutter.left, width, cell: width / w, line: this.surface.height / h };
    const { color = "seq", lo, hi } = this.spec;
    drawArray(c, this.raster, this.lab.theme.maps[color], array.data, { w, h, lo, hi }, [this.gutter.left, 0, width, this.surface.height]);
    this.drawSeparators(c);
    if (!this.spec.square) this.drawRowNumbers(c);
    this.drawChosen(c, array);
  }

  drawSeparators(c) {
    const { h, w, left, width, cell, line } = this.grid;
    if (Math.min(cell, line) <= SEPARATED) return;
    c.strokeStyle = this.lab.theme.paper;
    c.lineWidth = 1;
    c.beginPath();
    for (let i = 1; i < h; i++) {
      c.moveTo(left, Math.round(i * line));
      c.lineTo(left + width, Math.round(i * line));
    }
    for (let j = 1; j < w; j++) {
      c.moveTo(Math.round(left + j * cell), 0);
      c.lineTo(Math.round(left + j * cell), this.surface.height);
    }
    c.stroke();
  }

  drawRowNumbers(c) {
    const { h, left, line } = this.grid;
    const chosen = this.lab.selections.get(this.row);
    c.textAlign = "right";
    c.font = this.surface.font(400, 9);
    for (let i = 0; i < h; i++) {
      if (i !== 0 && i !== h - 1 && i !== chosen) continue;
      c.fillStyle = i === chosen ? this.lab.theme.ink : this.lab.theme.ink2;
      c.fillText(i + 1, left - 4, (i + 0.5) * line + 0.5);
    }
  }

  drawChosen(c, array) {
    const { h, w, left, width, cell, line } = this.grid;
    const u = this.lab.selections.get(this.row);
    const t = this.lab.selections.get(this.column);
    const hasRow = u != null && u < h, hasColumn = t != null && t < w;
    c.strokeStyle = this.lab.theme.ink;
    c.lineWidth = 1;
    if (hasRow && !this.spec.square) c.strokeRect(left + 0.5, Math.round(u * line) + 0.5, width - 1, Math.round(line) - 1);
    if (hasColumn && !this.spec.square) c.strokeRect(Math.round(left + t * cell) + 0.5, 0.5, Math.round(cell) - 1, this.surface.height - 1);
    if (!hasRow || !hasColumn) return;
    c.lineWidth = 2;
    c.strokeRect(left + t * cell + 1, u * line + 1, cell - 2, line - 2);
    if (!this.spec.axis) return;
    c.textAlign = "left";
    c.font = this.surface.font(600);
    c.fillStyle = this.lab.theme.ink;
    c.fillText(number(array.data[u * w + t], 2), left + width + 5, clamp((u + 0.5) * line, 6, this.surface.height - 6));
  }

  listen() {
    const { canvas } = this.surface;
    canvas.addEventListener("pointermove", event => this.choose("point", this.cellAt(event)));
    canvas.addEventListener("pointerleave", () => this.choose("point", [null, null]));
    canvas.addEventListener("click", event => this.choose("pin", this.cellAt(event)));
    canvas.addEventListener("keydown", event => this.onKey(event));
  }

  cellAt(event) {
    if (!this.grid) return [null, null];
    const [x, y] = this.surface.at(event);
    const { h, w, left, cell, line } = this.grid;
    return [clamp(Math.floor((x - left) / cell), 0, w - 1), clamp(Math.floor(y / line), 0, h - 1)];
  }

  choose(how, [x, y]) {
    const { selections } = this.lab;
    const before = [selections.get(this.column), selections.get(this.row)];
    selections[how](this.column, x);
    selections[how](this.row, y);
    if (!this.spec.tell || x == null || (how === "point" && before[0] === x && before[1] === y)) return;
    this.lab.sendEvent("select", { [this.column]: x, [this.row]: y }, `${this.spec.name}:select`);
  }

  onKey(event) {
    const way = ARROWS[event.key];
    if (!way || !this.grid || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { selections } = this.lab;
    this.choose("pin", [
      clamp((selections.get(this.column) ?? 0) + way[0], 0, this.grid.w - 1),
      clamp((selections.get(this.row) ?? 0) + way[1], 0, this.grid.h - 1),
    ]);
  }

  describe() {
    const { array } = this;
    if (!array) return "";
    const finite = [...array.data].filter(Number.isFinite);
    const mean = finite.reduce((s, v) => s + v, 0) / (finite.length || 1);
    const u = this.lab.selections.get(this.row), t = this.lab.selections.get(this.column);
    const chosen = u != null && t != null ? `; the chosen cell is ${number(array.data[u * array.shape[1] + t], 3)}` : "";
    return `${this.spec.title}: ${array.shape.join(" by ")} cells, mean ${number(mean, 2)}${chosen}.`;
  }

  destroy() {
    this.surface.destroy();
  }
}

export const heatmap = (caption, spec, lab) => new Heatmap(caption, spec, lab);
