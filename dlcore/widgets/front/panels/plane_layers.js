// The layers of a plane, one painter each: painter(c, layer, {lab, frame, points, raster}).

import { addMark, drawArray, traceContour } from "../raster.js";
import { boxes, picture } from "./plane_boxes.js";

const SHADES = 8;

/** Which array a field shows: that of the selected unit while one is chosen. */
function fieldSource(layer, lab) {
  const chosen = layer.sel && layer.sel_data ? lab.selections.get(layer.sel) : null;
  const array = lab.array(chosen == null ? layer.data : layer.sel_data);
  if (chosen == null || !array || chosen >= array.shape[0]) {
    return { array: lab.array(layer.data), offset: 0, lo: layer.lo, hi: layer.hi, levels: layer.levels || [] };
  }
  const [h, w] = array.shape.slice(-2);
  const { sel_lo: lo = -1, sel_hi: hi = 1 } = layer;
  return { array, offset: chosen * h * w, lo, hi, levels: layer.levels ? [(lo + hi) / 2] : [] };
}

/** An (h, w) array as colours; its outermost samples lie on the edges of the extent. */
function field(c, layer, { lab, frame, raster }) {
  const { array, offset, lo, hi, levels } = fieldSource(layer, lab);
  if (!array) return;
  const [h, w] = array.shape.slice(-2);
  const stepX = frame.width / (w - 1);
  const stepY = frame.height / (h - 1);
  const place = [frame.left - stepX / 2, frame.top - stepY / 2, frame.width + stepX, frame.height + stepY];
  drawArray(c, raster, lab.theme.maps[layer.map || "field"], array.data, { offset, w, h, lo, hi, flipY: true }, place, true);
  c.strokeStyle = lab.theme.ink;
  c.lineWidth = layer.map ? 0.75 : 1.25;
  c.globalAlpha = layer.map ? 0.35 : 0.75;
  const bottom = frame.top + frame.height;
  for (const level of levels) {
    traceContour(c, array.data, { w, h, offset, level }, (i, j) => [frame.left + i * stepX, bottom - j * stepY]);
    c.stroke();
  }
  c.globalAlpha = 1;
}

/** Iso-lines alone, without colours. */
function contour(c, layer, { lab, frame }) {
  const array = lab.array(layer.data);
  if (!array) return;
  const [h, w] = array.shape.slice(-2);
  const bottom = frame.top + frame.height;
  c.strokeStyle = lab.theme.color(layer.color || "ink2");
  c.lineWidth = 1;
  for (const level of layer.levels || [0]) {
    traceContour(c, array.data, { w, h, level }, (i, j) => [
      frame.left + (i / (w - 1)) * frame.width, bottom - (j / (h - 1)) * frame.height]);
    c.stroke();
  }
}

/** The four corners of a cell of an (h, w, 2) mesh, in pixels; null when one is not finite. */
function cellCorners(data, w, i, j, frame) {
  const at = k => [frame.px(data[2 * k]), frame.py(data[2 * k + 1])];
  const corners = [j * w + i, j * w + i + 1, (j + 1) * w + i + 1, (j + 1) * w + i].map(at);
  return corners.every(([x, y]) => Number.isFinite(x + y)) ? corners : null;
}

function cellArea([p, q, r, s]) {
  return Math.abs((r[0] - p[0]) * (s[1] - q[1]) - (s[0] - q[0]) * (r[1] - p[1])) / 2;
}

function traceCell(path, corners) {
  corners.forEach(([x, y], k) => (k ? path.lineTo(x, y) : path.moveTo(x, y)));
  path.closePath();
}

/** Squeezed cells are dark, stretched ones pale. A few fills and one stroke, not one of each a cell. */
function mesh(c, layer, { lab, frame }) {
  const array = lab.array(layer.data);
  if (!array) return;
  const [h, w] = array.shape;
  const usual = (frame.width * frame.height) / (w * h * 6);
  const shades = Array.from({ length: SHADES }, () => new Path2D());
  const outline = new Path2D();
  for (let j = 0; j < h - 1; j++) {
    for (let i = 0; i < w - 1; i++) {
      const corners = cellCorners(array.data, w, i, j, frame);
      if (!corners) continue;
      const density = 0.16 * Math.sqrt(usual / (cellArea(corners) + 0.1)) + 0.015;
      traceCell(shades[Math.min(SHADES - 1, Math.floor((density / 0.34) * SHADES))], corners);
      traceCell(outline, corners);
    }
  }
  c.fillStyle = c.strokeStyle = lab.theme.color(layer.color);
  shades.forEach((path, k) => {
    c.globalAlpha = (0.34 * (k + 0.6)) / SHADES;
    c.fill(path);
  });
  c.globalAlpha = 0.3;
  c.lineWidth = 0.5;
  c.stroke(outline);
  c.globalAlpha = 1;
}

/** An (n, 2) array as one line; it breaks where a value is not finite. The last place is marked. */
function path(c, layer, { lab, frame, points }) {
  const data = points(layer);
  if (!data || !data.length) return;
  c.strokeStyle = c.fillStyle = lab.theme.color(layer.color);
  c.lineWidth = layer.width || 1.5;
  c.setLineDash(layer.dash ? [4, 3] : []);
  c.beginPath();
  let pen = false;
  for (let k = 0; k < data.length; k += 2) {
    const ok = Number.isFinite(data[k] + data[k + 1]);
    if (ok && pen) c.lineTo(frame.px(data[k]), frame.py(data[k + 1]));
    else if (ok) c.moveTo(frame.px(data[k]), frame.py(data[k + 1]));
    pen = ok;
  }
  c.stroke();
  c.setLineDash([]);
  if (!pen || layer.head === false) return;
  c.beginPath();
  addMark(c, layer.marker || "circle", frame.px(data[data.length - 2]), frame.py(data[data.length - 1]), layer.marker ? 4.5 : 3.2);
  if (layer.marker) {
    c.strokeStyle = lab.theme.paper;
    c.stroke();
  }
  c.fill();
}

/** Heights of row `k` of an (n,) or (rows, n) array, as a line over `places`. */
function traceCurve(c, data, places, k, frame) {
  const n = places.length;
  for (let i = 0; i < n; i++) {
    const x = frame.px(places[i]), y = frame.py(data[k * n + i]);
    if (i) c.lineTo(x, y);
    else c.moveTo(x, y);
  }
}

/** Rows as lines of one colour; of "div", blue above 0 and vermillion below. */
function strokeRows(c, array, places, rows, color, { lab, frame }) {
  const zero = frame.py(0), bottom = frame.top + frame.height;
  const halves = color !== "div" ? [[color, frame.top, bottom]] : [["a", frame.top, zero], ["b", zero, bottom]];
  for (const [name, top, end] of halves) {
    c.save();
    c.beginPath();
    c.rect(frame.left, top, frame.width, end - top);
    c.clip();
    c.strokeStyle = lab.theme.color(name);
    c.beginPath();
    for (const k of rows) traceCurve(c, array.data, places, k, frame);
    c.stroke();
    c.restore();
  }
}

/** The place in a layer of what its selection has chosen, or -1. */
export function chosenIn(layer, lab, count) {
  const at = layer.sel ? (lab.selections.get(layer.sel) ?? -1) - (layer.first || 0) : -1;
  return at < count ? at : -1;
}

/** Heights over common places: one curve, or a family of which one may be chosen and stands out. */
function curves(c, layer, what) {
  const array = what.lab.array(layer.data), places = what.lab.array(layer.x)?.data;
  if (!array || !places) return;
  const count = array.data.length / places.length;
  const chosen = chosenIn(layer, what.lab, count);
  const others = layer.only ? [] : Array.from({ length: count }, (_, k) => k).filter(k => k !== chosen);
  c.lineWidth = layer.width || (count > 1 ? 1.15 : 1.5);
  c.setLineDash(layer.dash ? [4, 3] : []);
  c.globalAlpha = chosen >= 0 ? 0.25 : 1;
  strokeRows(c, array, places, others, layer.color, what);
  c.globalAlpha = 1;
  if (chosen >= 0) {
    c.lineWidth += layer.only ? 0 : 1.35;
    strokeRows(c, array, places, [chosen], layer.color, what);
  }
  c.setLineDash([]);
}

/** The marks of one class as one path. */
function traceMarks(c, data, kind, radius, frame, belongs) {
  c.beginPath();
  for (let i = 0; i < data.length / 2; i++) {
    const x = data[2 * i], y = data[2 * i + 1];
    if (belongs(i) && Number.isFinite(x + y)) addMark(c, kind, frame.px(x), frame.py(y), radius);
  }
}

/** The chosen mark again, larger. */
function chosenMark(c, layer, data, { lab, frame }) {
  const chosen = chosenIn(layer, lab, data.length / 2);
  if (chosen < 0) return;
  traceMarks(c, data, layer.marker || "circle", 2 * (layer.size || 2.6), frame, i => i === chosen);
  c.strokeStyle = lab.theme.paper;
  c.lineWidth = 1.4;
  c.stroke();
  c.fillStyle = lab.theme.ink;
  c.fill();
}

/** An (n, 2) array as marks with a halo of paper; hollow ones are rings. */
function points(c, layer, what) {
  const { lab, frame } = what;
  const data = what.points(layer);
  if (!data) return;
  const classes = lab.array(layer.color);
  const colours = classes ? layer.colors : [layer.color];
  colours.forEach((colour, group) => {
    const kind = (layer.markers || [layer.marker || "circle"])[group] || "circle";
    const hollow = kind.startsWith("ring");
    traceMarks(c, data, kind, layer.size || 2.6, frame, i => !classes || Math.round(classes.data[i]) === group);
    c.globalAlpha = layer.alpha || 1;
    c.strokeStyle = lab.theme.paper;
    c.lineWidth = hollow ? 2.8 : 1.4;
    c.stroke();
    c.fillStyle = c.strokeStyle = lab.theme.color(colour);
    c.lineWidth = 1.3;
    if (hollow) c.stroke();
    else c.fill();
    c.globalAlpha = 1;
  });
  chosenMark(c, layer, data, what);
}

/** One arrow from (x, y) along the unit vector (ux, uy), `length` pixels long, added to the path. */
function traceArrow(c, x, y, ux, uy, length) {
  const toX = x + ux * length, toY = y + uy * length;
  const barb = Math.min(3.2, length * 0.4);
  c.moveTo(x, y);
  c.lineTo(toX, toY);
  c.moveTo(toX - barb * (ux - uy * 0.6), toY - barb * (uy + ux * 0.6));
  c.lineTo(toX, toY);
  c.lineTo(toX - barb * (ux + uy * 0.6), toY - barb * (uy - ux * 0.6));
}

/** Vectors as arrows whose length saturates, so that a large one does not cover the plane. */
function arrows(c, layer, { lab, frame }) {
  const from = lab.array(layer.data);
  const vectors = lab.array(layer.vectors);
  if (!from || !vectors) return;
  c.strokeStyle = lab.theme.color(layer.color);
  c.lineWidth = layer.width || 1.15;
  c.globalAlpha = 0.9;
  c.beginPath();
  const pixels = frame.width / (frame.x1 - frame.x0);
  for (let k = 0; k < from.data.length; k += 2 * (layer.every || 1)) {
    const vx = vectors.data[k], vy = vectors.data[k + 1];
    const size = Math.hypot(vx, vy);
    if (!(size > 1e-6) || !Number.isFinite(size + from.data[k] + from.data[k + 1])) continue;
    if (layer.exact) {
      const dx = vx * pixels, dy = (-vy * frame.height) / (frame.y1 - frame.y0), long = Math.hypot(dx, dy);
      if (long > 1) traceArrow(c, frame.px(from.data[k]), frame.py(from.data[k + 1]), dx / long, dy / long, long);
      continue;
    }
    const length = ((layer.scale || 0.3) * size) / (size + 0.8) * 2 * pixels;
    traceArrow(c, frame.px(from.data[k]), frame.py(from.data[k + 1]), vx / size, -vy / size, length);
  }
  c.stroke();
  c.globalAlpha = 1;
}

export const PAINTERS = { field, contour, mesh, path, curves, points, arrows, picture, boxes };
