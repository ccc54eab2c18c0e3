// A grid of numbers to draw in (`paint`, softly with a `brush`) or to change cell by cell (`numbers`). Shown at once, confirmed by the next frame.
// With `sel` the cell under the pointer, or the keys, is chosen for other panels; `margin` rows of zeros stand around it.

import { el, setText } from "../dom.js";
import { clamp, number } from "../format.js";
import { drawArray, Raster } from "../raster.js";
import { ARROWS, Surface } from "../surface.js";
import { CellChoice, drawCovers, drawDots, drawNumbers, drawSeparators, outlineCells, rangeOf } from "./cells.js";

const DIGIT = /^[0-9.]$/; // begins to type a number

class Editable {
  constructor(caption, spec, lab) {
    this.choice = new CellChoice(lab, spec);
    Object.assign(this, { spec, lab, sels: this.choice.names, raster: new Raster(), own: null, at: [0, 0], drawing: false });
    this.margin = spec.margin || 0;
    const [h, w] = this.shape;
    this.step = spec.step || (spec.paint ? spec.paint : (spec.hi - spec.lo) / 8);
    this.signed = Boolean(spec.numbers) && spec.lo < 0; // then a minus begins a number
    const [up, down] = this.signed ? ["Page Up", "Page Down"] : ["plus", "minus"];
    const typing = this.signed ? "Enter, a digit or a minus types it" : spec.numbers ? "Enter or a digit types it" : "Enter sets it";
    this.surface = new Surface(caption.body, lab, {
      aspect: spec.aspect || (w + 2 * this.margin) / (h + 2 * this.margin), interactive: true,
      label: `${spec.title}; arrow keys move, ${up} and ${down} change the value, ${typing}`,
    });
    this.stage = caption.body;
    this.scaleText = el("span", { class: "dl-num" });
    if (spec.most) caption.key.append(this.scaleText);
    if (spec.brush) this.addTools(caption.key);
    this.slot = `${spec.name}:${spec.event}`;
    this.listen();
  }

  /** undefined between the set-up of a new run and its first frame */
  get array() {
    return this.lab.array(this.spec.data);
  }

  get shape() {
    return this.array.shape;
  }

  get data() {
    return this.own || this.array.data;
  }

  // ---- drawing

  draw() {
    const c = this.surface.begin();
    if (!this.array) return;
    const { spec, lab, margin } = this;
    const [h, w] = this.shape;
    const { width, height } = this.surface;
    const cw = width / (w + 2 * margin), ch = height / (h + 2 * margin);
    this.grid = { h, w, left: margin * cw, top: margin * ch, cw, ch };
    this.whole = { h: h + 2 * margin, w: w + 2 * margin, left: 0, top: 0, cw, ch };
    const [lo, hi] = rangeOf(lab, spec);
    const { color = "seq" } = spec;
    drawArray(c, this.raster, lab.theme.maps[color], this.data, { w, h, lo, hi }, [margin * cw, margin * ch, w * cw, h * ch]);
    if (margin) this.drawMargin(c);
    const line = spec.brush ? lab.theme.hair : lab.theme.paper; // on paper, paper would not be seen
    drawSeparators(c, this.whole, line);
    if (spec.brush) this.drawFrame(c, line);
    if (spec.numbers) drawNumbers(c, this.data, this.grid, { theme: lab.theme, map: color, lo, hi, font: this.surface.font(600, 12) });
    if (spec.dots) drawDots(c, lab, spec.dots, this.grid, spec.numbers);
    drawCovers(c, lab, spec, this.whole);
    this.drawMarks(c);
    const [x, y] = this.choice.at(this.shape);
    if (x != null) outlineCells(c, [y * w + x], this.grid, lab.theme.ink, lab.theme.paper, 2);
    if (this.focused) outlineCells(c, [this.at[1] * w + this.at[0]], this.grid, lab.theme.color("a"), lab.theme.paper, 2);
    if (spec.most) setText(this.scaleText, `±${number(hi, 1)}`);
  }

  drawFrame(c, colour) {
    c.strokeStyle = colour;
    c.lineWidth = 1;
    c.strokeRect(0.5, 0.5, this.surface.width - 1, this.surface.height - 1);
  }

  /** The zeros around: cells that cannot be changed. */
  drawMargin(c) {
    const { margin } = this;
    const { h, w, cw, ch } = this.whole;
    c.fillStyle = this.lab.theme.values.fill;
    c.beginPath();
    c.rect(0, 0, w * cw, h * ch);
    c.rect(margin * cw, margin * ch, (w - 2 * margin) * cw, (h - 2 * margin) * ch);
    c.fill("evenodd");
    if (cw < 12) return;
    c.fillStyle = this.lab.theme.ink2;
    c.font = this.surface.font(400, 10);
    c.textAlign = "center";
    const outside = (k, n) => k < margin || k >= n - margin;
    for (let i = 0; i < h; i++) {
      for (let j = 0; j < w; j++) if (outside(i, h) || outside(j, w)) c.fillText("0", (j + 0.5) * cw, (i + 0.5) * ch + 0.5);
    }
  }

  /** A rectangle [row, column, height, width] of cells. */
  drawMarks(c) {
    const marks = this.spec.marks && this.lab.array(this.spec.marks);
    if (!marks) return;
    const [row, column, height, width] = marks.data;
    const { left, top, cw, ch } = this.grid;
    c.strokeStyle = this.lab.theme.color("g");
    c.lineWidth = 2.5;
    c.strokeRect(left + column * cw + 1.25, top + row * ch + 1.25, width * cw - 2.5, height * ch - 2.5);
  }

  // ---- drawing with a brush

  /** Draw, erase, clear. */
  addTools(key) {
    const tool = (text, on, click) => el("button", { class: "dl-tab", type: "button", text, "aria-pressed": on, on: { click } });
    const choose = erases => {
      this.erases = erases;
      draw.setAttribute("aria-pressed", String(!erases));
      erase.setAttribute("aria-pressed", String(erases));
    };
    const draw = tool("draw", "true", () => choose(false)), erase = tool("erase", "false", () => choose(true));
    key.append(draw, erase);
    if (this.spec.clear) key.append(tool("clear", null, () => this.clear()));
  }

  clear() {
    this.own = null;
    this.lab.sendEvent(this.spec.clear, {}, this.slot);
  }

  /** A soft line from where the pointer was: each cell gets as much ink as the line covers of it, about. */
  stroke(event) {
    if (!this.array) return;
    const to = this.pointAt(event);
    const from = this.pen || to;
    const { lo, paint, brush } = this.spec;
    const [h, w] = this.shape;
    this.pen = to;
    this.own ??= Float32Array.from(this.data);
    for (let k = 0; k < h * w; k++) {
      const share = clamp(brush + 0.5 - distanceToLine([(k % w) + 0.5, Math.floor(k / w) + 0.5], from, to), 0, 1);
      const ink = lo + share * (paint - lo);
      this.own[k] = this.erases ? Math.min(this.own[k], paint - ink + lo) : Math.max(this.own[k], ink);
    }
    this.send();
  }

  // ---- editing

  put([x, y], value) {
    if (!this.array) return;
    const now = clamp(value, this.spec.lo, this.spec.hi);
    if (now === this.valueAt([x, y])) return;
    this.own ??= Float32Array.from(this.data);
    this.own[y * this.shape[1] + x] = now;
    this.send();
  }

  send() {
    this.lab.sendEvent(this.spec.event, { values: Array.from(this.own) }, this.slot);
    this.redraw();
  }

  valueAt([x, y]) {
    return this.data[y * this.shape[1] + x];
  }

  redraw() {
    this.lab.invalidateSurface(this.surface);
  }

  /** Where an event is, in cells. */
  pointAt(event) {
    const { left, top, cw, ch } = this.grid;
    const [x, y] = this.surface.at(event);
    return [(x - left) / cw, (y - top) / ch];
  }

  /** The cell under the pointer, or null beside the grid. */
  cellAt(event) {
    if (!this.grid || !this.array) return null;
    const { h, w } = this.grid;
    const cell = this.pointAt(event).map(Math.floor);
    return cell[0] >= 0 && cell[0] < w && cell[1] >= 0 && cell[1] < h ? cell : null;
  }

  listen() {
    const { canvas } = this.surface;
    if (this.spec.paint) canvas.style.touchAction = "none"; // the whole grid is drawn in
    if (this.spec.paint) canvas.addEventListener("pointerdown", event => this.onDown(event));
    else canvas.addEventListener("click", event => this.onClick(event)); // a finger that scrolls does not click
    canvas.addEventListener("pointermove", event => this.onMove(event));
    canvas.addEventListener("pointerleave", () => this.point(null));
    for (const type of ["pointerup", "pointercancel"]) canvas.addEventListener(type, () => { this.drawing = false; });
    canvas.addEventListener("focus", () => this.setFocused(canvas.matches(":focus-visible")));
    canvas.addEventListener("blur", () => this.setFocused(false));
    canvas.addEventListener("keydown", event => this.onKey(event));
  }

  setFocused(focused) {
    this.focused = focused;
    this.redraw();
  }

  point(cell) {
    if (this.array) this.choice.choose("point", cell ?? [null, null], this.shape[1]);
  }

  pin() {
    this.choice.choose("pin", this.at, this.shape[1]);
  }

  onDown(event) {
    const cell = this.cellAt(event);
    if (!cell) return;
    this.at = cell;
    this.drawing = true;
    this.surface.canvas.setPointerCapture(event.pointerId);
    this.pen = null;
    this.ink = this.toggled();
    if (this.spec.brush) this.stroke(event);
    else this.put(cell, this.ink);
  }

  onClick(event) {
    const cell = this.cellAt(event);
    if (!cell) return;
    this.at = cell;
    this.pin();
    this.type(cell);
  }

  onMove(event) {
    const cell = this.cellAt(event);
    this.point(cell);
    if (!this.drawing) return;
    if (this.spec.brush) this.stroke(event);
    else if (cell) this.putUpTo(cell);
    this.at = cell ?? this.at;
  }

  /** All cells from the last one; a quick hand leaves no gaps. */
  putUpTo(cell) {
    const [x, y] = this.at;
    const steps = Math.max(Math.abs(cell[0] - x), Math.abs(cell[1] - y));
    for (let k = 1; k <= steps; k++) {
      this.put([x + Math.round((k / steps) * (cell[0] - x)), y + Math.round((k / steps) * (cell[1] - y))], this.ink);
    }
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.array || !this.grid) return;
    const way = ARROWS[event.key];
    const change = { "+": this.step, "=": this.step, PageUp: this.step, "-": -this.step, PageDown: -this.step }[event.key];
    const typed = this.spec.numbers && (event.key === "Enter" || DIGIT.test(event.key));
    if (this.signed && event.key === "-") return this.typeFrom(event);
    if (!way && change === undefined && !typed && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (way) this.move(way);
    else if (typed) this.type(this.at, event.key === "Enter" ? null : event.key);
    else this.put(this.at, change === undefined ? this.toggled() : this.valueAt(this.at) + change);
    this.redraw();
  }

  /** The key itself is what is typed first: the box has the focus by then. */
  typeFrom(event) {
    event.stopPropagation();
    this.type(this.at, "");
  }

  move(way) {
    const [h, w] = this.shape;
    this.at = [clamp(this.at[0] + way[0], 0, w - 1), clamp(this.at[1] + way[1], 0, h - 1)];
    this.pin();
  }

  toggled() {
    const on = this.spec.paint ?? this.spec.hi;
    return this.valueAt(this.at) > (on + this.spec.lo) / 2 ? this.spec.lo : on;
  }

  // ---- typing a number

  /** An input over a cell; Enter and leaving it take the number, Escape does not. */
  type([x, y], text = null) {
    this.closeInput?.();
    const { left, top, cw, ch } = this.grid;
    const input = el("input", {
      type: "number", class: "dl-cellinput dl-num", step: "any", min: this.spec.lo, max: this.spec.hi,
      "aria-label": `${this.spec.title}, row ${y}, column ${x}`,
      style: `left:${left + x * cw}px;top:${top + y * ch}px;width:${cw}px;height:${ch}px`,
    });
    const shown = Number(this.valueAt([x, y]).toPrecision(4));
    input.value = text ?? shown;
    const close = taken => {
      this.closeInput = null;
      const value = input.valueAsNumber;
      input.remove();
      if (taken && Number.isFinite(value) && value !== shown) this.put([x, y], value);
    };
    this.closeInput = () => close(true);
    input.addEventListener("blur", () => this.closeInput?.());
    input.addEventListener("keydown", event => {
      event.stopPropagation();
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      close(event.key === "Enter");
      this.surface.canvas.focus();
    });
    this.stage.append(input);
    input.focus();
    if (text === null) input.select();
  }

  forget() {
    if (!this.drawing && !this.lab.isEventBusy(this.slot)) this.own = null;
  }

  // ---- in words

  describe() {
    if (!this.array) return "";
    const [h, w] = this.shape;
    const sum = this.data.reduce((s, v) => s + v, 0);
    const around = this.margin ? `, with ${this.margin} of zeros around` : "";
    return `${this.spec.title}: ${h} by ${w}${around}, sum ${number(sum, 3)}.`;
  }

  /** The rows of a small grid. */
  numbers() {
    if (!this.array || this.shape[1] > 8) return null;
    const [h, w] = this.shape;
    const rows = Array.from({ length: h }, (_, i) => [String(i), ...this.data.slice(i * w, (i + 1) * w)]);
    return { columns: ["row", ...Array.from({ length: w }, (_, j) => String(j))], rows };
  }

  destroy() {
    this.closeInput = null;
    this.surface.destroy();
  }
}

/** From a point to a line between two others. */
function distanceToLine([x, y], [x0, y0], [x1, y1]) {
  const dx = x1 - x0, dy = y1 - y0;
  const along = clamp(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1), 0, 1);
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}

export const editable = (caption, spec, lab) => new Editable(caption, spec, lab);
