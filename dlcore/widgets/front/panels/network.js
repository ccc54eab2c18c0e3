// Layers of tiles joined by edges. Width and colour of an edge say its value; the reader chooses which value that is.

import { el, setText } from "../dom.js";
import { clamp, fixed, number } from "../format.js";
import { haloText, Raster } from "../raster.js";
import { ARROWS, Surface } from "../surface.js";
import { allEdges, firstNodes, placeNodes } from "./network_layout.js";

const SCALE_FALL = 0.985; // a frame: the scale of the edges falls slowly, or widths would flicker
const DASH = [6, 2.5]; // negative edges
const EDGE_SHADES = 6; // edges of like strength are stroked together
const ALONG = [0.5, 0.36, 0.64, 0.27, 0.73, 0.43, 0.57, 0.2, 0.8]; // places on an edge where its number may stand
const NUMBERED = 48; // with `numbers`, so many edges at most carry them all the time

class Network {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sizes: spec.sizes, scales: {}, raster: new Raster() });
    this.first = firstNodes(spec.sizes);
    this.edges = allEdges(spec.sizes);
    this.view = spec.views[0];
    this.sels = spec.sel ? [spec.sel] : [];
    this.surface = new Surface(caption.body, lab, {
      aspect: spec.aspect, height: spec.height, interactive: Boolean(spec.sel), label: `${spec.title}${spec.sel ? "; arrow keys choose a node" : ""}`,
    });
    this.fillKey(caption.key);
    if (spec.sel) this.listen();
    lab.selections.speak(spec.sel, k => this.nameOf(k));
  }

  // ---- names

  layerOf(k) {
    return this.first.findLastIndex(f => f <= k);
  }

  nameOf(k) {
    const l = this.layerOf(k);
    const i = k - this.first[l];
    const { inputs, outputs } = this.spec;
    if (l === 0) return `input ${inputs?.[i] ?? i + 1}`;
    if (l === this.sizes.length - 1) return `output ${outputs?.[i] ?? i + 1}`;
    return `layer ${l}, unit ${i + 1}`;
  }

  // ---- the choice between views

  fillKey(key) {
    this.scaleText = el("span", { class: "dl-num dl-scale" });
    this.tabs = this.spec.views.map(view => el("button", {
      class: "dl-tab", type: "button", text: view.label, "aria-pressed": String(view === this.view), on: { click: () => this.choose(view) },
    }));
    key.append(this.scaleText, ...(this.tabs.length > 1 ? this.tabs : []));
  }

  choose(view) {
    this.view = view;
    this.tabs.forEach((tab, k) => tab.setAttribute("aria-pressed", String(this.spec.views[k] === view)));
    this.lab.invalidateSurface(this.surface);
  }

  // ---- drawing

  draw() {
    const c = this.surface.begin();
    const edges = this.lab.array(this.view.data);
    if (!edges) return;
    this.chosen = this.spec.sel ? this.lab.selections.get(this.spec.sel) : null;
    this.place(c);
    const scale = this.scaleOf(edges.data);
    this.drawEdges(c, edges.data, scale);
    this.drawNodes(c);
    this.drawNumbers(c, edges.data);
    this.drawNames(c);
    setText(this.scaleText, `|${this.view.key.replace(/^\||\|$/g, "")}| ≤ ${scale < 0.01 ? number(scale, 1) : fixed(scale, scale < 1 ? 2 : 1)}`);
  }

  place(c) {
    const { width, height } = this.surface;
    if (this.placed?.width === width && this.placed.height === height) return;
    const widest = names => Math.max(0, ...(names || []).map(t => c.measureText(t).width));
    const gutter = { left: widest(this.spec.inputs) + 7, right: widest(this.spec.outputs) + 8 };
    this.placed = { width, height, ...placeNodes(this.sizes, width, height, gutter) };
    const [first, second] = this.placed.columns;
    const gap = second - first - this.placed.boxes[0].size;
    this.thickest = clamp(gap / 12, 1.6, 3.5); // crowded edges are thinner
    this.numberPlaces = null;
  }

  /** The largest size among the edges; it rises at once and falls slowly. */
  scaleOf(data) {
    let most = 1e-12;
    for (const v of data) if (Math.abs(v) > most && Number.isFinite(v)) most = Math.abs(v);
    const frame = this.lab.shown;
    const last = this.scales[this.view.label] || { value: 0 };
    const value = last.frame === frame ? last.value : Math.max(most, last.value * SCALE_FALL);
    this.scales[this.view.label] = { value: Math.max(value, most), frame };
    return this.scales[this.view.label].value;
  }

  drawEdges(c, data, scale) {
    for (const lit of [false, true]) {
      if (lit && this.chosen == null) break;
      for (const group of this.groups(data, scale, lit)) this.strokeGroup(c, group, lit);
    }
    c.setLineDash([]);
    c.globalAlpha = 1;
  }

  /** Edges of one sign and about one strength, in one path: a stroke each costs ten times as much. */
  groups(data, scale, lit) {
    const groups = new Map();
    const signed = this.view.color !== "grad";
    this.edges.forEach(([from, to], k) => {
      const v = data[k];
      const touches = this.chosen != null && (from === this.chosen || to === this.chosen);
      if (!Number.isFinite(v) || touches !== lit) return;
      const shade = Math.round(Math.min(1, Math.abs(v) / scale) * EDGE_SHADES);
      const key = `${shade}${signed && v < 0 ? "-" : "+"}`;
      if (!groups.has(key)) groups.set(key, { share: shade / EDGE_SHADES, negative: signed && v < 0, list: [] });
      groups.get(key).list.push([from, to]);
    });
    return [...groups.values()].sort((p, q) => p.share - q.share);
  }

  strokeGroup(c, { share, negative, list }, lit) {
    const dimmed = this.chosen != null && !lit;
    c.strokeStyle = this.lab.theme.color(this.view.color === "grad" ? "g" : negative ? "b" : "a");
    c.globalAlpha = dimmed ? 0.1 : 0.25 + 0.75 * Math.sqrt(share);
    c.lineWidth = 0.5 + this.thickest * share;
    c.setLineDash(negative ? DASH : []);
    c.beginPath();
    for (const [from, to] of list) this.traceEdge(c, from, to);
    c.stroke();
  }

  traceEdge(c, from, to) {
    const p = this.placed.boxes[from], q = this.placed.boxes[to];
    const x0 = p.x + p.size, y0 = p.y + p.size / 2, y1 = q.y + q.size / 2;
    const bend = (q.x - x0) * 0.45;
    c.moveTo(x0, y0);
    c.bezierCurveTo(x0 + bend, y0, q.x - bend, y1, q.x, y1);
  }

  drawNodes(c) {
    const { theme } = this.lab;
    const tiles = this.spec.tiles && this.lab.array(this.spec.tiles);
    if (tiles) this.fillAtlas(tiles);
    this.placed.boxes.forEach(({ x, y, size }, k) => {
      c.fillStyle = theme.paper;
      c.fillRect(x - 2, y - 2, size + 4, size + 4);
      if (tiles && k < tiles.shape[0]) this.drawTile(c, tiles, k, x, y, size);
      const chosen = k === this.chosen;
      c.strokeStyle = chosen ? theme.ink : theme.rule;
      c.lineWidth = chosen ? 2 : 1;
      c.strokeRect(x - 0.5, y - 0.5, size + 1, size + 1);
    });
    if (!tiles && this.spec.values) this.drawValues(c);
  }

  /** All tiles one above the other in one image, made once a frame and not at every redraw. */
  fillAtlas(tiles) {
    if (this.atlasOf === tiles && this.atlasTheme === this.lab.theme) return;
    const [n, h, w] = tiles.shape;
    this.raster.resize(w, n * h);
    for (let k = 0; k < n; k++) {
      this.raster.put(this.lab.theme.maps.div, tiles.data, { offset: k * w * h, w, h, lo: -1, hi: 1, flipY: true, row: k * h });
    }
    this.raster.commit();
    this.atlasOf = tiles;
    this.atlasTheme = this.lab.theme;
  }

  drawTile(c, tiles, k, x, y, size) {
    const [, h, w] = tiles.shape;
    c.imageSmoothingEnabled = true;
    c.drawImage(this.raster.canvas, 0, k * h, w, h, x, y, size, size);
  }

  drawValues(c) {
    const values = this.lab.array(this.spec.values);
    c.textAlign = "center";
    c.fillStyle = this.lab.theme.ink;
    this.placed.boxes.forEach(({ x, y, size }, k) => {
      if (k < values.data.length && Number.isFinite(values.data[k])) c.fillText(fixed(values.data[k], 2), x + size / 2, y + size / 2);
    });
  }

  /** Numbers on the edges of a small net; in a larger one, on those of the chosen node. */
  drawNumbers(c, data) {
    if (!this.spec.numbers) return;
    const { theme } = this.lab;
    c.textAlign = "center";
    c.font = this.surface.font(600, 10);
    this.numberPlaces ??= this.placeNumbers();
    this.edges.forEach(([from, to], k) => {
      const mine = from === this.chosen || to === this.chosen;
      const show = this.chosen == null ? this.edges.length <= NUMBERED : mine;
      if (!show || !Number.isFinite(data[k])) return;
      const [x, y] = this.numberPlaces[k];
      haloText(c, fixed(data[k], 2), x, y, theme.ink, theme.paper);
    });
    c.font = this.surface.font();
  }

  /** A place on each edge for its number: the one, of a few along the edge, that is farthest from the numbers before. */
  placeNumbers() {
    const taken = [];
    const room = ([x, y]) => Math.min(1e3, ...taken.map(([u, v]) => Math.max(Math.abs(x - u) / 30, Math.abs(y - v) / 11)));
    return this.edges.map(([from, to]) => {
      const places = ALONG.map(t => this.pointOnEdge(from, to, t));
      const free = places.find(place => room(place) >= 1);
      const best = free || places.reduce((p, q) => (room(q) > room(p) ? q : p));
      taken.push(best);
      return best;
    });
  }

  /** A point of the edge's Bezier curve. */
  pointOnEdge(from, to, t) {
    const p = this.placed.boxes[from], q = this.placed.boxes[to];
    const x0 = p.x + p.size, x1 = q.x, y0 = p.y + p.size / 2, y1 = q.y + q.size / 2;
    const s = 1 - t, bend = 0.45 * (x1 - x0);
    return [
      s * s * s * x0 + 3 * s * s * t * (x0 + bend) + 3 * s * t * t * (x1 - bend) + t * t * t * x1,
      (s * s * s + 3 * s * s * t) * y0 + (3 * s * t * t + t * t * t) * y1,
    ];
  }

  drawNames(c) {
    const { inputs = [], outputs = [] } = this.spec;
    const { boxes, columns, foot } = this.placed;
    c.fillStyle = this.lab.theme.ink2;
    c.textAlign = "right";
    inputs.forEach((text, k) => c.fillText(text, boxes[k].x - 5, boxes[k].y + boxes[k].size / 2));
    c.textAlign = "left";
    outputs.forEach((text, k) => {
      const { x, y, size } = boxes[this.first[this.first.length - 1] + k];
      c.fillText(text, x + size + 6, y + size / 2);
    });
    c.textAlign = "center";
    columns.forEach((x, l) => {
      const hidden = l > 0 && l < columns.length - 1;
      if (hidden) c.fillText(columns.length > 5 ? String(l) : `layer ${l}`, x, foot + 10);
    });
  }

  // ---- choosing a node

  listen() {
    this.surface.choosing(this.spec.sel, place => this.nodeAt(place));
    this.surface.canvas.addEventListener("keydown", event => this.onKey(event));
  }

  nodeAt([x, y]) {
    if (!this.placed) return null;
    const k = this.placed.boxes.findIndex(b => x > b.x - 4 && x < b.x + b.size + 4 && y > b.y - 3 && y < b.y + b.size + 3);
    return k < 0 ? null : k;
  }

  onKey(event) {
    const way = ARROWS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.lab.selections.pin(this.spec.sel, this.neighbour(this.lab.selections.get(this.spec.sel), way));
  }

  /** The node one up, down, or at about the same height in the next layer. */
  neighbour(k, [dx, dy]) {
    if (k == null) return 0;
    const l = this.layerOf(k);
    const i = k - this.first[l];
    const to = Math.max(0, Math.min(this.sizes.length - 1, l + dx));
    const row = dx ? Math.round(((i + 0.5) / this.sizes[l]) * this.sizes[to] - 0.5) : i + dy;
    return this.first[to] + Math.max(0, Math.min(this.sizes[to] - 1, row));
  }

  // ---- words

  describe() {
    const data = this.lab.array(this.view.data)?.data;
    if (!data?.length) return "";
    let best = 0;
    data.forEach((v, k) => { if (Math.abs(v) > Math.abs(data[best]) || !Number.isFinite(data[best])) best = k; });
    const [from, to] = this.edges[best];
    return `Network ${this.sizes.join("–")}: the largest of the ${this.view.label} is ${number(data[best], 3)}, from ${this.nameOf(from)} to ${this.nameOf(to)}.`;
  }

  /** Every edge of the chosen node; without one, a line for each layer. */
  numbers() {
    const data = this.lab.array(this.view.data)?.data;
    if (!data) return null;
    const k = this.spec.sel ? this.lab.selections.get(this.spec.sel) : null;
    return k == null ? this.layerNumbers(data) : this.nodeNumbers(data, k);
  }

  nodeNumbers(data, k) {
    const rows = [];
    const bias = this.spec.biases && this.lab.array(this.spec.biases)?.data[k - this.sizes[0]];
    if (bias != null) rows.push(["bias", this.nameOf(k), bias]);
    this.edges.forEach(([from, to], e) => {
      if (from === k || to === k) rows.push([this.nameOf(from), this.nameOf(to), data[e]]);
    });
    return { columns: ["from", "to", this.view.key], rows };
  }

  layerNumbers(data) {
    const rows = [];
    let at = 0;
    for (let l = 1; l < this.sizes.length; l++) {
      const count = this.sizes[l] * this.sizes[l - 1];
      const part = [...data.slice(at, at + count)];
      rows.push([`layer ${l}`, Math.min(...part), Math.max(...part), Math.sqrt(part.reduce((s, v) => s + v * v, 0))]);
      at += count;
    }
    return { columns: [this.view.label, "least", "greatest", "norm"], rows };
  }

  destroy() {
    this.surface.destroy();
  }
}

export const network = (caption, spec, lab) => new Network(caption, spec, lab);
