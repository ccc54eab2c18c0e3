// A (rows, bins) array as a ridge of histograms on one axis; without lo and hi, that of the numbers of the bins.

import { linearTicks, number } from "../format.js";
import { haloText } from "../raster.js";
import { Surface } from "../surface.js";

const BOTTOM = 18;
const TOP = 4;
const RIDGE_FALL = 0.95; // a frame: the height of a ridge falls slowly

class Histogram {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: [], tops: [] });
    this.surface = new Surface(caption.body, lab, { aspect: spec.aspect, height: spec.height, label: spec.title });
  }

  draw() {
    const c = this.surface.begin();
    const array = this.lab.array(this.spec.data);
    if (!array) return;
    const [rows, bins] = array.shape;
    [this.lo, this.hi] = [this.spec.lo ?? 0.5, this.spec.hi ?? bins + 0.5];
    this.place(c, rows);
    for (let r = 0; r < rows; r++) this.drawRow(c, array.data.subarray(r * bins, (r + 1) * bins), r);
    this.drawAxis(c);
    this.drawnFrame = this.lab.shown;
  }

  place(c, rows) {
    c.font = this.surface.font(600);
    const widest = Math.max(...this.spec.rows.map(text => c.measureText(text).width));
    const height = (this.surface.height - BOTTOM - TOP) / rows;
    this.plot = { left: widest + 8, width: this.surface.width - widest - 16, height };
  }

  /** The tallest bin of a row: rises at once, falls slowly. */
  topOf(row, r) {
    let most = this.spec.level?.y ?? 1e-9;
    for (const v of row) if (v > most && Number.isFinite(v)) most = v;
    const fall = this.drawnFrame === this.lab.shown ? 1 : RIDGE_FALL;
    this.tops[r] = Math.max(most, (this.tops[r] || 0) * fall);
    return this.tops[r];
  }

  drawRow(c, row, r) {
    const { left, width, height } = this.plot;
    const { theme } = this.lab;
    const base = TOP + (r + 1) * height;
    const scale = (height * 0.86) / this.topOf(row, r);
    c.beginPath();
    c.moveTo(left, base);
    row.forEach((v, i) => {
      const y = base - (Number.isFinite(v) ? v : 0) * scale;
      c.lineTo(left + (i / row.length) * width, y);
      c.lineTo(left + ((i + 1) / row.length) * width, y);
    });
    c.lineTo(left + width, base);
    c.fillStyle = c.strokeStyle = theme.color(this.spec.colors[r]);
    c.globalAlpha = 0.22;
    c.fill();
    c.globalAlpha = 1;
    c.lineWidth = 1.25;
    c.stroke();
    if (this.spec.level) this.drawLevel(c, base - this.spec.level.y * scale);
    c.fillStyle = theme.text(this.spec.colors[r]);
    c.fillText(this.spec.rows[r], 0, base - Math.min(7, height / 2));
  }

  drawLevel(c, y) {
    const { left, width } = this.plot;
    c.strokeStyle = this.lab.theme.ink2;
    c.lineWidth = 1;
    c.setLineDash([1.5, 3]);
    c.beginPath();
    c.moveTo(left, y);
    c.lineTo(left + width, y);
    c.stroke();
    c.setLineDash([]);
    c.font = this.surface.font();
    c.textAlign = "right";
    haloText(c, this.spec.level.label, left + width, y, this.lab.theme.ink2, this.lab.theme.paper);
    c.textAlign = "left";
  }

  drawAxis(c) {
    const { lo, hi, plot: { left, width } } = this;
    c.font = this.surface.font();
    c.fillStyle = this.lab.theme.ink2;
    c.textAlign = "center";
    for (const [v, text] of linearTicks(lo, hi, 5)) c.fillText(text, left + ((v - lo) / (hi - lo)) * width, this.surface.height - 7);
  }

  /** Middle of the fullest bin of a row, or null when the row is empty. */
  mode(r) {
    const array = this.lab.array(this.spec.data);
    const bins = array.shape[1];
    const row = array.data.subarray(r * bins, (r + 1) * bins);
    let best = 0;
    row.forEach((v, i) => { if (v > row[best]) best = i; });
    return row[best] > 0 ? this.lo + ((best + 0.5) / bins) * (this.hi - this.lo) : null;
  }

  /** Without an axis of their own, bins are things that can be named one by one. */
  get isNumbered() {
    return this.spec.lo == null;
  }

  describe() {
    const array = this.lab.array(this.spec.data);
    if (!array) return "";
    if (this.isNumbered) return `${this.spec.title}: ${this.spec.rows.map((name, r) => `${name} ${this.heights(r).join(", ")}`).join("; ")}.`;
    const parts = this.spec.rows.map((name, r) => `${name} ${this.mode(r) == null ? "empty" : number(this.mode(r), 2)}`);
    return `${this.spec.title}: most are at ${parts.join(", ")}.`;
  }

  /** "1: 0.98" for every bin of a row. */
  heights(r) {
    const { data, shape: [, bins] } = this.lab.array(this.spec.data);
    return [...data.subarray(r * bins, (r + 1) * bins)].map((v, i) => `${i + 1}: ${number(v, 2)}`);
  }

  numbers() {
    if (!this.lab.array(this.spec.data) || this.isNumbered) return null;
    return { columns: ["row", "fullest bin"], rows: this.spec.rows.map((name, r) => [name, this.mode(r) ?? "empty"]) };
  }

  destroy() {
    this.surface.destroy();
  }
}

export const histogram = (caption, spec, lab) => new Histogram(caption, spec, lab);
