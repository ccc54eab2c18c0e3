// What panels made of cells share: which cell is chosen, lines between cells, numbers in them, outlines around some.
// A grid is {h, w, left, top, cw, ch}: rows, columns, its corner and the size of a cell in px.

import { number } from "../format.js";
import { luminance } from "../theme.js";

const SEPARATED = 7; // px: cells that are larger stand apart

/** A number in few characters, such as 1.25 or −0.013: so many decimals, but of a small one always a digit. */
export function compact(v, decimals = 3) {
  if (!Number.isFinite(v)) return "?";
  if (Math.abs(v) < 1e-9) return "0";
  if (Math.abs(v) >= 99.5) return number(v, 2);
  const rounded = Number(v.toFixed(decimals));
  return rounded ? number(rounded, 4) : number(v, 1);
}

/**
 * The chosen cell of a grid: two selections [column, row] name it, or one that counts cells, here from `first` on.
 * With `tell`, choosing (a click, an arrow key) sends event select, once Python is there; if it is "pointing", so does
 * whatever chooses another cell or none.
 */
export class CellChoice {
  constructor(lab, { sel, first = 0, tell, name }) {
    Object.assign(this, { lab, first, tell, slot: `${name}:select` });
    this.names = [].concat(sel || []);
    this.told = [null, null];
  }

  /** [column, row] in a grid of that shape; null for what is not chosen. */
  at([h, w]) {
    const { selections } = this.lab;
    const within = (name, k) => (selections.get(name) < [w, h][k] ? selections.get(name) : null);
    if (this.names.length !== 1) return this.names.length ? this.names.map(within) : [null, null];
    const k = (selections.get(this.names[0]) ?? -1) - this.first;
    return k >= 0 && k < h * w ? [k % w, Math.floor(k / w)] : [null, null];
  }

  /** "point" at a cell or "pin" it; [null, null] is none. */
  choose(how, [x, y], w) {
    const values = this.names.length === 1 ? [x == null ? null : this.first + y * w + x] : [x, y];
    this.names.forEach((name, k) => this.lab.selections[how](name, values[k]));
    if (this.tell === true && how === "pin" && x != null && this.lab.isLive) this.send(values);
  }

  /** Is this the pinned cell, of which a second click lets go? */
  isLetGo(cell) {
    return this.follows && this.isPinned(cell);
  }

  get follows() {
    return this.tell === "pointing";
  }

  /** Tell Python what is chosen by now, null where nothing is. Pointing alone wakes nobody, nor does it leave the past. */
  follow(now) {
    const { lab, told } = this;
    if (!this.follows || (now[0] === told[0] && now[1] === told[1])) return;
    if (!this.isPinned(now) && (!lab.isLive || lab.isScrubbed())) return;
    this.told = now;
    this.send(now);
  }

  isPinned(cell) {
    return this.names.every((name, k) => cell[k] != null && this.lab.selections.pinned[name] === cell[k]);
  }

  send(values) {
    this.lab.sendEvent("select", Object.fromEntries(this.names.map((name, k) => [name, values[k]])), this.slot);
  }
}

export function drawSeparators(c, { h, w, left, top, cw, ch }, colour) {
  if (Math.min(cw, ch) <= SEPARATED) return;
  c.strokeStyle = colour;
  c.lineWidth = 1;
  c.beginPath();
  for (let i = 1; i < h; i++) {
    c.moveTo(left, Math.round(top + i * ch));
    c.lineTo(left + w * cw, Math.round(top + i * ch));
  }
  for (let j = 1; j < w; j++) {
    c.moveTo(Math.round(left + j * cw), top);
    c.lineTo(Math.round(left + j * cw), top + h * ch);
  }
  c.stroke();
}

/** Ink or paper, whichever can be read on a share 0..1 of a map. */
export function inkOn(theme, map, share) {
  const level = Math.max(0, Math.min(255, Math.round(255 * share)));
  const key = `ink on ${map} ${level}`;
  if (!theme.cache.has(key)) {
    const ground = luminance(theme.css(map, level / 255)) + 0.05;
    const contrast = colour => { const own = luminance(colour) + 0.05; return Math.max(own / ground, ground / own); };
    theme.cache.set(key, contrast(theme.ink) >= contrast(theme.paper) ? theme.ink : theme.paper);
  }
  return theme.cache.get(key);
}

/**
 * Every number in its cell, rounded to what the colours' range can tell, or to a digit less, if all of them find room.
 * @returns have they?
 */
export function drawNumbers(c, data, { h, w, left, top, cw, ch }, { theme, map, lo, hi, font }) {
  const decimals = Math.max(0, 2 - Math.max(0, Math.floor(Math.log10(hi))) - Math.min(0, Math.ceil(Math.log10(hi))));
  const rounded = to => Array.from({ length: h * w }, (_, k) => number(Number(data[k].toFixed(to)), 4));
  c.font = font;
  const fits = texts => texts.every(text => c.measureText(text).width <= cw - 4);
  const fewer = decimals > 0 && 10 ** (1 - decimals) <= hi / 10 ? [decimals - 1] : []; // that still tell something
  const texts = ch < 13 ? null : [decimals, ...fewer].map(rounded).find(fits);
  if (texts) drawTexts(c, texts, data, { w, left, top, cw, ch }, { theme, map, lo, hi });
  return Boolean(texts);
}

/** Numbers beside those that the colours show, but not 0. */
export function drawCounts(c, counts, data, grid, { font, ...ground }) {
  c.font = font;
  drawTexts(c, Array.from(counts, v => (v ? number(v, 3) : "")), data, grid, ground);
}

function drawTexts(c, texts, data, { w, left, top, cw, ch }, { theme, map, lo, hi }) {
  c.textAlign = "center";
  texts.forEach((text, k) => {
    c.fillStyle = inkOn(theme, map, (data[k] - lo) / (hi - lo));
    c.fillText(text, left + ((k % w) + 0.5) * cw, top + (Math.floor(k / w) + 0.5) * ch + 0.5);
  });
}

/** Lines around cells: `cells` are numbers row by row; neighbours share one outline, drawn inside them, with a halo. */
export function outlineCells(c, cells, { h, w, left, top, cw, ch }, colour, paper, width = 2.5) {
  const inside = new Set(cells);
  const has = (i, j) => i >= 0 && j >= 0 && i < h && j < w && inside.has(i * w + j);
  const d = width / 2;
  c.beginPath();
  for (const k of inside) {
    const i = Math.floor(k / w), j = k % w;
    if (k < 0 || i >= h) continue;
    const x = left + j * cw, y = top + i * ch;
    const side = (out, x0, y0, x1, y1) => { if (out) { c.moveTo(x0, y0); c.lineTo(x1, y1); } };
    side(!has(i - 1, j), x + (has(i, j - 1) ? 0 : d), y + d, x + cw - (has(i, j + 1) ? 0 : d), y + d);
    side(!has(i + 1, j), x + (has(i, j - 1) ? 0 : d), y + ch - d, x + cw - (has(i, j + 1) ? 0 : d), y + ch - d);
    side(!has(i, j - 1), x + d, y + (has(i - 1, j) ? 0 : d), x + d, y + ch - (has(i + 1, j) ? 0 : d));
    side(!has(i, j + 1), x + cw - d, y + (has(i - 1, j) ? 0 : d), x + cw - d, y + ch - (has(i + 1, j) ? 0 : d));
  }
  c.lineCap = "square";
  for (const [stroke, thick] of [[paper, width + 1.5], [colour, width]]) {
    c.strokeStyle = stroke;
    c.lineWidth = thick;
    c.stroke();
  }
  c.lineCap = "butt";
}

/**
 * What hangs on the chosen cell of any panel with the same selection, outlined here.
 * `covers`: [{data, first, color}]; row k of the array `data` (n, ...) are cells of this grid, for the value first + k.
 */
export function drawCovers(c, lab, { sel, covers }, grid) {
  const chosen = lab.selections.get(sel);
  for (const { data, first = 0, color } of chosen == null ? [] : covers || []) {
    const cells = rowOf(lab.array(data), chosen - first);
    if (cells) outlineCells(c, cells, grid, lab.theme.color(color), lab.theme.paper);
  }
}

/** A dot in every cell where the array `name` is not 0, below the number if there is one. */
export function drawDots(c, lab, name, { w, left, top, cw, ch }, low) {
  const { theme } = lab;
  const r = Math.min(4, 0.16 * Math.min(cw, ch));
  c.fillStyle = theme.ink;
  c.strokeStyle = theme.paper;
  c.lineWidth = 1.5;
  lab.array(name).data.forEach((v, k) => {
    if (!v) return;
    c.beginPath();
    c.arc(left + ((k % w) + 0.5) * cw, top + (Math.floor(k / w) + (low ? 0.82 : 0.5)) * ch, r, 0, 2 * Math.PI);
    c.stroke();
    c.fill();
  });
}

/** Row k of an (n, ...) array, or null where there is none. */
export function rowOf(array, k) {
  if (!array || k < 0 || k >= array.shape[0]) return null;
  const size = array.data.length / array.shape[0];
  return array.data.subarray(k * size, (k + 1) * size);
}

/** The ends of a panel's colours: lo and hi, or as far to either side of 0 as the array `most` says. */
export function rangeOf(lab, { lo, hi, most }) {
  const end = most && lab.array(most)?.data[0];
  return end ? [-end, end] : [lo, hi];
}
