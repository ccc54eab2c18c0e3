// A grid of numbers to draw in (`paint`) or to change cell by cell (`numbers`). Shown at once, confirmed by the next frame.

import { el } from "../dom.js";
import { clamp, number } from "../format.js";
import { drawArray, Raster } from "../raster.js";
import { ARROWS, Surface } from "../surface.js";

class Editable {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: [], raster: new Raster(), own: null, at: [0, 0], drawing: false });
    const [h, w] = lab.array(spec.data).shape;
    this.step = spec.step || (spec.paint ? spec.paint : (spec.hi - spec.lo) / 8);
    this.surface = new Surface(caption.body, lab, {
      aspect: spec.aspect || w / h, interactive: true, label: `${spec.title}; arrow keys move, plus and minus change the value, Enter sets it`,
    });
    this.slot = `${spec.name}:${spec.event}`;
    if (spec.brush) this.addTools(caption.key);
    this.listen();
  }

  get shape() {
    return this.lab.array(this.spec.data).shape;
  }

  get data() {
    return this.own || this.lab.array(this.spec.data).data;
  }

  // ---- drawing

  draw() {
    const c = this.surface.begin();
    const [h, w] = this.shape;
    const { spec, lab } = this;
    this.cell = [this.surface.width / w, this.surface.height / h];
    drawArray(c, this.raster, lab.theme.maps[spec.color || "seq"], this.data, { w, h, lo: spec.lo, hi: spec.hi }, [0, 0, this.surface.width, this.surface.height]);
    this.drawGrid(c, h, w);
    if (spec.numbers) this.drawNumbers(c, h, w);
    this.drawMarks(c);
    if (this.focused) this.outline(c, this.at[1], this.at[0], 1, 1, lab.theme.ink, 2);
  }

  drawGrid(c, h, w) {
    const [cw, ch] = this.cell;
    c.strokeStyle = this.spec.brush ? this.lab.theme.hair : this.lab.theme.paper; // on paper, paper would not be seen
    c.lineWidth = 1;
    c.beginPath();
    if (this.spec.brush) c.rect(0.5, 0.5, this.surface.width - 1, this.surface.height - 1);
    for (let i = 1; i < h; i++) {
      c.moveTo(0, Math.round(i * ch));
      c.lineTo(this.surface.width, Math.round(i * ch));
    }
    for (let j = 1; j < w; j++) {
      c.moveTo(Math.round(j * cw), 0);
      c.lineTo(Math.round(j * cw), this.surface.height);
    }
    c.stroke();
  }

  drawNumbers(c, h, w) {
    const { theme } = this.lab;
    const [cw, ch] = this.cell;
    c.textAlign = "center";
    c.font = this.surface.font(600, 12);
    for (let k = 0; k < h * w; k++) {
      const strong = Math.abs(this.data[k]) > 0.55 * this.spec.hi;
      c.fillStyle = strong ? (theme.dark ? theme.paper : "#fff") : theme.ink;
      c.fillText(number(Number(this.data[k].toFixed(2)), 2), ((k % w) + 0.5) * cw, (Math.floor(k / w) + 0.5) * ch);
    }
  }

  drawMarks(c) {
    const marks = this.spec.marks && this.lab.array(this.spec.marks);
    if (marks) this.outline(c, ...marks.data.slice(0, 4), this.lab.theme.color("g"), 2.5);
  }

  outline(c, row, column, h, w, colour, width) {
    const [cw, ch] = this.cell;
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.strokeRect(column * cw + width / 2, row * ch + width / 2, w * cw - width, h * ch - width);
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

  /** Where an event is, in cells. */
  pointAt(event) {
    const [h, w] = this.shape;
    const [x, y] = this.surface.at(event);
    return [(x / this.surface.width) * w, (y / this.surface.height) * h];
  }

  /** A soft line from where the pointer was: each cell gets as much ink as the line covers of it, about. */
  stroke(event) {
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
    this.own ??= Float32Array.from(this.data);
    this.own[y * this.shape[1] + x] = clamp(value, this.spec.lo, this.spec.hi);
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

  cellAt(event) {
    const [h, w] = this.shape;
    const [x, y] = this.surface.at(event);
    return [clamp(Math.floor((x / this.surface.width) * w), 0, w - 1), clamp(Math.floor((y / this.surface.height) * h), 0, h - 1)];
  }

  listen() {
    const { canvas } = this.surface;
    canvas.style.touchAction = "none"; // the whole grid is drawn in
    canvas.addEventListener("pointerdown", event => this.onDown(event));
    canvas.addEventListener("pointermove", event => {
      if (!this.drawing || !this.spec.paint) return;
      this.at = this.cellAt(event);
      if (this.spec.brush) this.stroke(event);
      else this.put(this.at, this.ink);
    });
    for (const type of ["pointerup", "pointercancel"]) canvas.addEventListener(type, () => { this.drawing = false; });
    canvas.addEventListener("focus", () => this.setFocused(canvas.matches(":focus-visible")));
    canvas.addEventListener("blur", () => this.setFocused(false));
    canvas.addEventListener("keydown", event => this.onKey(event));
  }

  setFocused(focused) {
    this.focused = focused;
    this.redraw();
  }

  onDown(event) {
    this.at = this.cellAt(event);
    this.drawing = true;
    this.surface.canvas.setPointerCapture(event.pointerId);
    if (this.spec.brush) {
      this.pen = null;
      this.stroke(event);
    } else if (this.spec.paint) {
      this.ink = this.valueAt(this.at) > (this.spec.paint + this.spec.lo) / 2 ? this.spec.lo : this.spec.paint;
      this.put(this.at, this.ink);
    } else this.put(this.at, this.around(this.valueAt(this.at) + (event.shiftKey ? -1 : 1)));
  }

  /** Beyond one end comes the other. */
  around(v) {
    return v > this.spec.hi ? this.spec.lo : v < this.spec.lo ? this.spec.hi : v;
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = ARROWS[event.key];
    const change = { "+": this.step, "=": this.step, "-": -this.step, Enter: null }[event.key];
    if (!way && change === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const [h, w] = this.shape;
    if (way) this.at = [clamp(this.at[0] + way[0], 0, w - 1), clamp(this.at[1] + way[1], 0, h - 1)];
    else this.put(this.at, change === null ? this.toggled() : this.valueAt(this.at) + change);
    this.redraw();
  }

  toggled() {
    const on = this.spec.paint ?? this.spec.hi;
    return this.valueAt(this.at) > (on + this.spec.lo) / 2 ? this.spec.lo : on;
  }

  forget() {
    if (!this.drawing && !this.lab.isEventBusy(this.slot)) this.own = null;
  }

  describe() {
    const [h, w] = this.shape;
    const sum = this.data.reduce((s, v) => s + v, 0);
    return `${this.spec.title}: ${h} by ${w}, sum ${number(sum, 3)}.`;
  }

  /** The rows of a small grid. */
  numbers() {
    const [h, w] = this.shape;
    if (w > 8) return null;
    const rows = Array.from({ length: h }, (_, i) => [String(i + 1), ...this.data.slice(i * w, (i + 1) * w)]);
    return { columns: ["row", ...Array.from({ length: w }, (_, j) => String(j + 1))], rows };
  }

  destroy() {
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
