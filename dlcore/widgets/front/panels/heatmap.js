// A (rows, columns) array as cells. `sel: [column, row]` lets the reader choose one, for all panels that share the names.

import { clamp, number } from "../format.js";
import { drawArray, Raster } from "../raster.js";
import { ARROWS, AXIS_GUTTER, Surface } from "../surface.js";

const SEPARATED = 7; // px: cells that are larger stand apart
const NAME_GUTTER = 32; // px for the names of rows and of columns

class Heatmap {
  constructor(caption, spec, lab) {
    const [column = null, row = null] = spec.sel || [];
    Object.assign(this, { spec, lab, column, row, sels: spec.sel || [], raster: new Raster(), told: [null, null] });
    const rows = lab.array(spec.data)?.shape[0] || 8;
    this.surface = new Surface(caption.body, lab, {
      height: spec.row_height ? spec.row_height * rows + 1 : null,
      aspect: spec.aspect || (spec.square ? 1 : 2),
      interactive: Boolean(spec.sel),
      label: `${spec.title}${spec.sel ? "; arrow keys choose a cell" : ""}`,
    });
    this.gutter = { left: spec.square ? 0 : AXIS_GUTTER.left, right: spec.axis ? AXIS_GUTTER.right : 0, top: 0 };
    if (spec.names) Object.assign(this.gutter, { left: NAME_GUTTER, top: NAME_GUTTER });
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
    const { left, right, top } = this.gutter;
    const width = this.surface.width - left - right, height = this.surface.height - top;
    this.grid = { h, w, left, top, width, height, cell: width / w, line: height / h };
    const { color = "seq", lo, hi } = this.spec;
    drawArray(c, this.raster, this.lab.theme.maps[color], array.data, { w, h, lo, hi }, [left, top, width, height]);
    this.drawSeparators(c);
    if (this.spec.names) this.drawNames(c);
    else if (!this.spec.square) this.drawRowNumbers(c);
    if (this.spec.counts) this.drawCounts(c, array);
    this.drawChosen(c, array);
    if (this.spec.tell) this.tell();
  }

  drawNames(c) {
    const { left, top, cell, line, width, height } = this.grid;
    const { theme, selections } = this.lab;
    const [rows, columns] = this.spec.names;
    const at = [selections.get(this.column), selections.get(this.row)];
    const write = (text, x, y, on) => {
      c.font = this.surface.font(on ? 600 : 400);
      c.fillStyle = on ? theme.ink : theme.ink2;
      c.fillText(text, x, y);
    };
    c.textAlign = "center";
    columns.forEach((text, j) => write(text, left + (j + 0.5) * cell, top - 8, j === at[0]));
    rows.forEach((text, i) => write(text, left - 9, top + (i + 0.5) * line + 0.5, i === at[1]));
    const [across, down] = this.spec.axes || ["", ""];
    write(across, left + width / 2, 8);
    c.save();
    c.translate(8, top + height / 2);
    c.rotate(-Math.PI / 2);
    write(down, 0, 0);
    c.restore();
  }

  /** Numbers in the cells, but not 0. */
  drawCounts(c, array) {
    const { w, left, top, cell, line } = this.grid;
    const { data } = this.lab.array(this.spec.counts);
    const { theme } = this.lab;
    const most = Math.max(Math.abs(this.spec.lo), Math.abs(this.spec.hi));
    c.textAlign = "center";
    c.font = this.surface.font(400, Math.min(11, Math.floor(cell / 2)));
    data.forEach((v, k) => {
      if (!v) return;
      c.fillStyle = !theme.dark && Math.abs(array.data[k]) > 0.6 * most ? "#fff" : theme.dark && Math.abs(array.data[k]) > 0.6 * most ? theme.paper : theme.ink;
      c.fillText(number(v, 3), left + ((k % w) + 0.5) * cell, top + (Math.floor(k / w) + 0.5) * line + 0.5);
    });
  }

  drawSeparators(c) {
    const { h, w, left, top, width, height, cell, line } = this.grid;
    if (Math.min(cell, line) <= SEPARATED) return;
    c.strokeStyle = this.lab.theme.paper;
    c.lineWidth = 1;
    c.beginPath();
    for (let i = 1; i < h; i++) {
      c.moveTo(left, top + Math.round(i * line));
      c.lineTo(left + width, top + Math.round(i * line));
    }
    for (let j = 1; j < w; j++) {
      c.moveTo(Math.round(left + j * cell), top);
      c.lineTo(Math.round(left + j * cell), top + height);
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
    const { h, w, left, top, width, cell, line } = this.grid;
    const u = this.lab.selections.get(this.row);
    const t = this.lab.selections.get(this.column);
    const hasRow = u != null && u < h, hasColumn = t != null && t < w;
    c.strokeStyle = this.lab.theme.ink;
    c.lineWidth = 1;
    if (hasRow && !this.spec.square) c.strokeRect(left + 0.5, Math.round(u * line) + 0.5, width - 1, Math.round(line) - 1);
    if (hasColumn && !this.spec.square) c.strokeRect(Math.round(left + t * cell) + 0.5, 0.5, Math.round(cell) - 1, this.surface.height - 1);
    if (!hasRow || !hasColumn) return;
    c.lineWidth = 2;
    c.strokeRect(left + t * cell + 1, top + u * line + 1, cell - 2, line - 2);
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
    canvas.addEventListener("click", event => this.pinOrLetGo(this.cellAt(event)));
    canvas.addEventListener("keydown", event => this.onKey(event));
  }

  cellAt(event) {
    if (!this.grid) return [null, null];
    const [x, y] = this.surface.at(event);
    const { h, w, left, top, cell, line } = this.grid;
    if (this.spec.names && (x < left || y < top)) return [null, null];
    return [clamp(Math.floor((x - left) / cell), 0, w - 1), clamp(Math.floor((y - top) / line), 0, h - 1)];
  }

  choose(how, [x, y]) {
    this.lab.selections[how](this.column, x);
    this.lab.selections[how](this.row, y);
  }

  /** Tell Python which cell is chosen now, null where none is. Pointing alone wakes nobody, nor does it leave the past. */
  tell() {
    const { lab, told } = this;
    const { pinned } = lab.selections;
    const now = [lab.selections.get(this.column), lab.selections.get(this.row)];
    const pins = now[0] != null && now[0] === pinned[this.column] && now[1] === pinned[this.row];
    if ((now[0] === told[0] && now[1] === told[1]) || (!pins && (!lab.isLive || lab.isScrubbed()))) return;
    this.told = now;
    lab.sendEvent("select", { [this.column]: now[0], [this.row]: now[1] }, `${this.spec.name}:select`);
  }

  /** A click on the pinned cell lets go of it. */
  pinOrLetGo([x, y]) {
    const { pinned } = this.lab.selections;
    const same = pinned[this.column] === x && pinned[this.row] === y;
    this.choose("pin", this.spec.tell && same ? [null, null] : [x, y]);
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
