// A (rows, columns) array as cells. `sel: [column, row]` lets the reader choose one, for all panels that share the names;
// so does one selection that counts the cells, from `first` on. With `views` there are several arrays to look at.

import { el, setText } from "../dom.js";
import { clamp, number } from "../format.js";
import { drawArray, Raster } from "../raster.js";
import { ARROWS, AXIS_GUTTER, Surface } from "../surface.js";
import { CellChoice, compact, drawCounts, drawCovers, drawDots, drawNumbers, drawSeparators, outlineCells, rangeOf } from "./cells.js";

const NAME_GUTTER = 32; // px for the names of rows and of columns
const NUMBER_GUTTER = 20; // px for the numbers of rows

class Heatmap {
  constructor(caption, spec, lab) {
    this.choice = new CellChoice(lab, spec);
    Object.assign(this, { spec, lab, sels: this.choice.names, raster: new Raster() });
    this.views = spec.views || [{ label: "", data: spec.data }];
    this.view = this.views[0];
    const rows = this.array?.shape[0] || 8;
    this.surface = new Surface(caption.body, lab, {
      height: spec.row_height ? spec.row_height * rows + 1 : null,
      aspect: spec.aspect || (spec.square ? 1 : 2),
      interactive: Boolean(spec.sel),
      label: `${spec.title}${spec.sel ? "; arrow keys choose a cell" : ""}`,
    });
    this.gutter = { left: spec.square ? 0 : NUMBER_GUTTER, right: 0, top: 0, ...(spec.axis ? AXIS_GUTTER : {}) };
    if (spec.names) Object.assign(this.gutter, { left: NAME_GUTTER, top: NAME_GUTTER });
    this.fillKey(caption.key);
    if (spec.sel) this.listen();
  }

  get array() {
    const array = this.lab.array(this.view.data);
    if (array?.shape.length !== 1) return array;
    return { ...array, shape: [1, array.shape[0]] };
  }

  /** [column, row] of the chosen cell, each null where there is none. */
  get chosen() {
    return this.array ? this.choice.at(this.array.shape) : [null, null];
  }

  // ---- the choice between views

  fillKey(key) {
    this.scaleText = el("span", { class: "dl-num" });
    this.tabs = this.views.map(view => el("button", {
      class: "dl-tab", type: "button", text: view.label, "aria-pressed": String(view === this.view), on: { click: () => this.show(view) },
    }));
    if (this.spec.most || this.spec.numbers) key.append(this.scaleText);
    if (this.tabs.length > 1) key.append(...this.tabs);
  }

  show(view) {
    this.view = view;
    this.tabs.forEach((tab, k) => tab.setAttribute("aria-pressed", String(this.views[k] === view)));
    this.lab.invalidateSurface(this.surface);
  }

  // ---- drawing

  draw() {
    const c = this.surface.begin();
    const { array } = this;
    if (!array) return;
    const { theme } = this.lab;
    const [h, w] = array.shape;
    const { left, right, top } = this.gutter;
    const width = this.surface.width - left - right, height = this.surface.height - top;
    this.grid = { h, w, left, top, cw: width / w, ch: height / h };
    const { color = "seq" } = this.spec;
    const [lo, hi] = rangeOf(this.lab, { ...this.spec, ...this.view });
    drawArray(c, this.raster, theme.maps[color], array.data, { w, h, lo, hi }, [left, top, width, height]);
    drawSeparators(c, this.grid, theme.paper);
    if (this.spec.names) this.drawNames(c, width, height);
    else if (!this.spec.square) this.drawRowNumbers(c);
    const ground = { theme, map: color, lo, hi };
    const written = !this.spec.numbers || drawNumbers(c, array.data, this.grid, { ...ground, font: this.surface.font() });
    if (this.spec.counts) {
      const font = this.surface.font(400, Math.min(11, Math.floor(this.grid.cw / 2)));
      drawCounts(c, this.lab.array(this.spec.counts).data, array.data, this.grid, { ...ground, font });
    }
    if (this.spec.dots) drawDots(c, this.lab, this.spec.dots, this.grid, this.spec.numbers);
    drawCovers(c, this.lab, this.spec, this.grid);
    this.drawChosen(c, array, width);
    this.choice.follow(this.chosen);
    this.showScale(array, written, hi);
  }

  /** What the colours go up to; or the chosen number, where it has no room in its cell. */
  showScale(array, written, hi) {
    const [x, y] = this.chosen;
    const chosen = !written && x != null && y != null;
    const text = chosen ? `(${y}, ${x}): ${compact(array.data[y * array.shape[1] + x])}` : this.spec.most ? `±${number(hi, 1)}` : "";
    setText(this.scaleText, text);
  }

  drawNames(c, width, height) {
    const { left, top, cw, ch } = this.grid;
    const { theme } = this.lab;
    const [rows, columns] = this.spec.names;
    const [column, row] = this.chosen;
    const write = (text, x, y, on) => {
      c.font = this.surface.font(on ? 600 : 400);
      c.fillStyle = on ? theme.ink : theme.ink2;
      c.fillText(text, x, y);
    };
    c.textAlign = "center";
    columns.forEach((text, j) => write(text, left + (j + 0.5) * cw, top - 8, j === column));
    rows.forEach((text, i) => write(text, Math.min(left - 9, left - 4 - c.measureText(text).width / 2), top + (i + 0.5) * ch + 0.5, i === row));
    const [across, down] = this.spec.axes || ["", ""];
    write(across, left + width / 2, 8);
    c.save();
    c.translate(8, top + height / 2);
    c.rotate(-Math.PI / 2);
    write(down, 0, 0);
    c.restore();
  }

  drawRowNumbers(c) {
    const { h, left, top, ch } = this.grid;
    const chosen = this.chosen[1], names = this.spec.rows;
    c.textAlign = "right";
    c.font = this.surface.font(400, 9);
    for (let i = 0; i < h; i++) {
      if (!names && i !== chosen && (i % (h - 1) || Math.abs(i - (chosen ?? -h)) * ch < 9)) continue;
      c.fillStyle = i === chosen ? this.lab.theme.ink : this.lab.theme.ink2;
      const y = clamp(top + (i + 0.5) * ch + 0.5, 5, this.surface.height - 5);
      c.fillText(names ? names[i] : i + 1, left - 4, y);
    }
  }

  drawChosen(c, array, width) {
    const { h, w, left, top, cw, ch } = this.grid;
    const { ink, paper } = this.lab.theme;
    const [t, u] = this.chosen;
    const hasRow = u != null && u < h, hasColumn = t != null && t < w;
    c.strokeStyle = ink;
    c.lineWidth = 1;
    if (hasRow && !this.spec.square) c.strokeRect(left + 0.5, Math.round(top + u * ch) + 0.5, width - 1, Math.round(ch) - 1);
    if (hasColumn && !this.spec.square) c.strokeRect(Math.round(left + t * cw) + 0.5, top + 0.5, Math.round(cw) - 1, h * ch - 1);
    if (!hasRow || !hasColumn) return;
    outlineCells(c, [u * w + t], this.grid, ink, paper, 2);
    if (!this.spec.axis) return;
    c.textAlign = "left";
    c.font = this.surface.font(600);
    c.fillStyle = ink;
    c.fillText(number(array.data[u * w + t], 2), left + width + 5, clamp(top + (u + 0.5) * ch, 6, this.surface.height - 6));
  }

  // ---- choosing

  listen() {
    const { canvas } = this.surface;
    canvas.addEventListener("pointermove", event => this.choose("point", this.cellAt(event)));
    canvas.addEventListener("pointerleave", () => this.choose("point", [null, null]));
    canvas.addEventListener("click", event => this.click(this.cellAt(event)));
    canvas.addEventListener("keydown", event => this.onKey(event));
  }

  cellAt(event) {
    if (!this.grid) return [null, null];
    const [x, y] = this.surface.at(event);
    const { h, w, left, top, cw, ch } = this.grid;
    if (this.spec.names && (x < left || y < top)) return [null, null];
    return [clamp(Math.floor((x - left) / cw), 0, w - 1), clamp(Math.floor((y - top) / ch), 0, h - 1)];
  }

  choose(how, cell) {
    if (this.grid) this.choice.choose(how, cell, this.grid.w);
  }

  click(cell) {
    this.choose("pin", this.choice.isLetGo(cell) ? [null, null] : cell);
  }

  onKey(event) {
    const way = ARROWS[event.key];
    if (!way || !this.grid || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [x, y] = this.chosen;
    this.choose("pin", [clamp((x ?? 0) + way[0], 0, this.grid.w - 1), clamp((y ?? 0) + way[1], 0, this.grid.h - 1)]);
  }

  // ---- in words

  describe() {
    const { array } = this;
    if (!array) return "";
    const finite = [...array.data].filter(Number.isFinite);
    const mean = finite.reduce((s, v) => s + v, 0) / (finite.length || 1);
    const [t, u] = this.chosen;
    const chosen = u != null && t != null ? `; the chosen cell is ${number(array.data[u * array.shape[1] + t], 3)}` : "";
    const of = this.views.length > 1 ? `, ${this.view.label}` : "";
    return `${this.spec.title}${of}: ${array.shape.join(" by ")} cells, mean ${number(mean, 2)}${chosen}.`;
  }

  /** The rows of a grid that may be asked for cell by cell, if it is not a large one. */
  numbers() {
    const { array } = this;
    if (!this.spec.numbers || !array || array.shape[1] > 12) return null;
    const [h, w] = array.shape;
    const rows = Array.from({ length: h }, (_, i) => [String(i), ...array.data.slice(i * w, (i + 1) * w)]);
    return { columns: ["row", ...Array.from({ length: w }, (_, j) => String(j))], rows };
  }

  destroy() {
    this.surface.destroy();
  }
}

export const heatmap = (caption, spec, lab) => new Heatmap(caption, spec, lab);
