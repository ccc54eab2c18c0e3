// A computation graph: nodes in columns with lines of text in them, edges with lines of text on them. What a stage
// computes is lit. Nodes and edges are numbered in one row, nodes first: a selection is either.

import { el } from "../dom.js";
import { haloText } from "../raster.js";
import { ARROWS, Surface } from "../surface.js";
import { endsOf, endsOnGrid, heightOf, heightOnGrid, placeGraph, placeLabels, placeOnGrid, TALL } from "./graph_layout.js";

const TEXT_LINE = 13; // px of a line of text
const EDGE_REACH = 7; // px from an edge that still count as on it
const NEGATIVE_DASH = [6, 2.5]; // negative edges

class Graph {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: spec.sel ? [spec.sel] : [] });
    this.labels = spec.nodes.flat();
    this.box = { width: spec.box || 76, height: (spec.node_lines.length + 1) * TEXT_LINE + 8 };
    this.surface = new Surface(caption.body, lab, {
      height: this.heightFor(false), interactive: Boolean(spec.sel),
      label: `${spec.title}${spec.sel ? "; arrow keys choose a node or an edge" : ""}`,
    });
    this.fillKey(caption.key);
    if (spec.sel) {
      this.listen();
      lab.selections.speak(spec.sel, k => this.nameOf(k));
    }
  }

  fillKey(key) {
    for (const { label, color } of this.spec.edge_lines) {
      const chip = el("span", { class: "dl-chip", text: label });
      chip.style.setProperty("--chip", color === "grad" ? "var(--g)" : `var(--${color})`);
      key.append(chip);
    }
  }

  nameOf(k) {
    const n = this.labels.length;
    if (k < n) return this.spec.names?.[k] || this.labels[k];
    const [from, to] = this.spec.edges[k - n] || [];
    return from == null ? "" : `${this.spec.edge_word || "weight"} from ${this.nameOf(from)} to ${this.nameOf(to)}`;
  }

  // ---- drawing

  draw() {
    const c = this.surface.begin();
    this.place();
    this.chosen = this.spec.sel ? this.lab.selections.get(this.spec.sel) : null;
    const lit = this.lab.array(this.spec.lit)?.data || [];
    const back = this.spec.back && this.lab.array(this.spec.back)?.data[0] > 0.5;
    this.drawEdges(c, lit, back);
    this.labels.forEach((_, k) => this.drawNode(c, k, lit[k] > 0.5, back));
    this.drawEdgeLines(c);
  }

  place() {
    const { spec, surface, box } = this;
    const { width } = surface;
    const tall = width < TALL;
    const height = this.heightFor(tall);
    if (this.placed?.width === width && this.placed.height === surface.height) return;
    if (surface.height !== height) surface.canvas.style.height = `${height}px`;
    const grid = spec.places;
    const places = grid ? placeOnGrid(grid, width, surface.height, tall, box) : placeGraph(spec.nodes, width, surface.height, tall, box);
    const ends = spec.edges.map(edge => (grid ? endsOnGrid(edge, grid, places, tall, box) : endsOf(edge, places, tall, box)));
    this.placed = { width, height: surface.height, tall, places, ends, labels: placeLabels(ends) };
  }

  heightFor(tall) {
    const { spec, box } = this;
    return spec.places ? heightOnGrid(spec.places, tall, box) : heightOf(spec.nodes, tall, box);
  }

  drawEdges(c, lit, back) {
    const weights = this.lab.array(this.spec.weights)?.data || [];
    const most = Math.max(1e-12, ...weights);
    const scale = Math.max(most, -Math.min(0, ...weights));
    const n = this.labels.length;
    this.placed.ends.forEach((ends, e) => {
      const w = weights[e], on = lit[n + e] > 0.5;
      c.strokeStyle = c.fillStyle = this.edgeColour(w, on && back);
      c.lineWidth = w == null ? 1 : 0.8 + 2.4 * Math.min(1, Math.abs(w) / scale) + (this.chosen === n + e ? 1.5 : 0);
      c.globalAlpha = on || this.chosen === n + e ? 1 : 0.4;
      c.setLineDash(w < 0 ? NEGATIVE_DASH : []);
      c.beginPath();
      c.moveTo(ends[0], ends[1]);
      c.lineTo(ends[2], ends[3]);
      c.stroke();
      c.setLineDash([]);
      if (lit[n + e] > 1.5) this.drawHead(c, ends, back);
      c.globalAlpha = 1;
    });
  }

  edgeColour(w, isBack) {
    const { theme } = this.lab;
    if (isBack) return theme.color("grad");
    return w == null ? theme.ink2 : theme.color(w < 0 ? "b" : "a");
  }

  /** An arrow head where the stage's numbers go: to the right end, or back to the left one. */
  drawHead(c, [x0, y0, x1, y1], back) {
    const angle = Math.atan2(y1 - y0, x1 - x0) + (back ? Math.PI : 0);
    const [x, y] = back ? [x0, y0] : [x1, y1];
    c.beginPath();
    for (const [r, turn] of [[0, 0], [9, 2.7], [9, -2.7]]) c.lineTo(x + r * Math.cos(angle + turn), y + r * Math.sin(angle + turn));
    c.fill();
  }

  drawNode(c, k, on, back) {
    const { theme } = this.lab;
    const { width, height } = this.box;
    const { x, y } = this.placed.places[k];
    const left = Math.round(x - width / 2), top = Math.round(y - height / 2);
    c.fillStyle = on ? theme.values.fill : theme.paper;
    c.fillRect(left, top, width, height);
    c.strokeStyle = k === this.chosen ? theme.ink : on ? (back ? theme.color("grad") : theme.ink2) : theme.rule;
    c.lineWidth = k === this.chosen ? 2 : on ? 1.5 : 1;
    c.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
    c.textAlign = "center";
    c.font = this.surface.font(600);
    c.fillStyle = theme.ink;
    c.fillText(this.labels[k], x, top + 10);
    c.font = this.surface.font();
    this.spec.node_lines.forEach(({ data, color }, i) => {
      c.fillStyle = theme.text(color);
      c.fillText(this.textOf(data, k), x, top + 11 + (i + 1) * TEXT_LINE);
    });
  }

  textOf(data, k) {
    return this.lab.array(data)?.value?.[k] || "";
  }

  drawEdgeLines(c) {
    const { theme } = this.lab;
    c.textAlign = "center";
    c.font = this.surface.font(600);
    this.placed.labels.forEach(([x, y], e) => {
      const texts = this.spec.edge_lines.map(({ data, color }) => [this.textOf(data, e), color]).filter(([text]) => text);
      texts.forEach(([text, color], i) => {
        haloText(c, text, x, y + (i - (texts.length - 1) / 2) * TEXT_LINE, theme.text(color), theme.paper);
      });
    });
    c.font = this.surface.font();
  }

  // ---- choosing a node or an edge

  listen() {
    const { canvas } = this.surface;
    const { selections } = this.lab;
    const { sel } = this.spec;
    canvas.addEventListener("pointermove", event => {
      const k = this.partAt(this.surface.at(event));
      canvas.style.cursor = k == null ? "default" : "pointer";
      selections.point(sel, k);
    });
    canvas.addEventListener("pointerleave", () => selections.point(sel, null));
    canvas.addEventListener("click", event => {
      const k = this.partAt(this.surface.at(event));
      selections.pin(sel, k === selections.pinned[sel] ? null : k);
    });
    canvas.addEventListener("keydown", event => this.onKey(event));
  }

  partAt([x, y]) {
    if (!this.placed) return null;
    const { width, height } = this.box;
    const node = this.placed.places.findIndex(p => Math.abs(p.x - x) <= width / 2 && Math.abs(p.y - y) <= height / 2);
    if (node >= 0) return node;
    const edge = this.edgeAt(x, y);
    return edge < 0 ? null : this.labels.length + edge;
  }

  /** The edge whose numbers, else whose line, is nearest. Edges without numbers cannot be chosen. */
  edgeAt(x, y) {
    const count = this.lab.array(this.spec.weights)?.data.length ?? 0;
    const label = this.placed.labels.findIndex(([u, v], e) => e < count && Math.abs(u - x) < 20 && Math.abs(v - y) < TEXT_LINE);
    if (label >= 0) return label;
    let best = -1, least = EDGE_REACH;
    this.placed.ends.slice(0, count).forEach(([x0, y0, x1, y1], e) => {
      const t = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2);
      const d = Math.hypot(x0 + t * (x1 - x0) - x, y0 + t * (y1 - y0) - y);
      if (t > 0 && t < 1 && d < least) [best, least] = [e, d];
    });
    return best;
  }

  /** Arrow keys go through the nodes and then the edges. */
  onKey(event) {
    const way = ARROWS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const count = this.labels.length + (this.lab.array(this.spec.weights)?.data.length ?? 0);
    const now = this.lab.selections.get(this.spec.sel);
    this.lab.selections.pin(this.spec.sel, now == null ? 0 : (now + way[0] + way[1] + count) % count);
  }

  // ---- words

  describe() {
    const lit = this.lab.array(this.spec.lit)?.data || [];
    const names = [...lit].map((v, k) => (v > 0.5 ? this.nameOf(k) : "")).filter(Boolean);
    return `${this.spec.title}: ${names.length ? `lit are ${names.join(", ")}` : "nothing is lit"}.`;
  }

  numbers() {
    const { node_lines: own, edge_lines: on, edges } = this.spec;
    const count = this.lab.array(this.spec.weights)?.data.length ?? 0;
    const join = (lines, k) => lines.map(({ data, label }) => [label, this.textOf(data, k)]).filter(([, text]) => text)
      .map(([label, text]) => (text.startsWith(label) ? text : `${label} ${text}`)).join(", ");
    const rows = this.labels.map((_, k) => [this.nameOf(k), join(own, k)]);
    edges.slice(0, on.length ? count : 0).forEach((_, e) => rows.push([this.nameOf(this.labels.length + e), join(on, e)]));
    return { columns: ["part", "numbers"], rows };
  }

  destroy() {
    this.surface.destroy();
  }
}

export const graph = (caption, spec, lab) => new Graph(caption, spec, lab);
