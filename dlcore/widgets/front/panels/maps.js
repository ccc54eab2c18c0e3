// The arrays of a convolutional network, side by side: images, kernels and maps as tiles, their values or their gradients.
// Pointing at a tile shows it large, together with the kernels that made it.

import { el } from "../dom.js";
import { clamp, number } from "../format.js";
import { Raster } from "../raster.js";
import { ARROWS, Surface } from "../surface.js";
import { placeTiles } from "./maps_layout.js";

class Maps {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, view: 0, sels: spec.sel ? [spec.sel] : [], rasters: spec.groups.map(() => new Raster()) });
    this.surface = new Surface(caption.body, lab, {
      height: spec.height, aspect: spec.aspect, interactive: Boolean(spec.sel), label: `${spec.title}${spec.sel ? "; arrow keys choose a tile" : ""}`,
    });
    this.fillKey(caption.key);
    this.count();
    if (spec.sel) {
      this.listen();
      lab.selections.speak(spec.sel, k => this.nameOf(k));
    }
  }

  fillKey(key) {
    this.tabs = this.spec.views.map((text, k) => el("button", {
      class: "dl-tab", type: "button", text, "aria-pressed": String(k === this.view), on: { click: () => this.choose(k) },
    }));
    key.append(el("span", { class: "dl-chip", "data-mark": "field", text: "negative to positive" }), ...this.tabs);
  }

  choose(view) {
    this.view = view;
    this.tabs.forEach((tab, k) => tab.setAttribute("aria-pressed", String(k === view)));
    this.lab.invalidateSurface(this.surface);
  }

  // ---- what there is

  arrayOf(g) {
    const group = this.spec.groups[g];
    return this.lab.array(this.view ? group.grad : group.data);
  }

  /** Of each group how many cells, and small tiles in a cell; `first`: number of its first tile that can be chosen. */
  count() {
    let next = 0;
    this.groups = this.spec.groups.map((spec, g) => {
      const { shape } = this.arrayOf(g);
      const first = spec.name ? next : null;
      if (spec.name) next += shape[0];
      return { spec, n: shape[0], m: shape.length > 3 ? shape[1] : 0, digits: spec.digits, first };
    });
    this.total = next;
  }

  /** [group, tile] of the k-th tile that can be chosen. */
  find(k) {
    const g = this.groups.findLastIndex(group => group.first !== null && group.first <= k);
    return [g, k - this.groups[g].first];
  }

  nameOf(k) {
    const [g, i] = this.find(k);
    return this.groups[g].spec.name.replace("{n}", i + 1).replace("{d}", i);
  }

  scaleOf(g) {
    return this.lab.array(this.spec.scales).data[this.view * this.groups.length + g];
  }

  // ---- drawing

  draw() {
    const c = this.surface.begin();
    this.count();
    this.place();
    this.groups.forEach((group, g) => this.fill(g));
    const chosen = this.spec.sel ? this.lab.selections.get(this.spec.sel) : null;
    this.chosen = chosen == null || chosen >= this.total ? null : this.find(chosen);
    this.drawLinks(c);
    this.groups.forEach((group, g) => this.drawGroup(c, group, g));
    this.drawLens(c);
  }

  place() {
    const { width, height } = this.surface;
    const key = [width, height, ...this.groups.flatMap(group => [group.n, group.m])].join(" ");
    if (this.placedFor === key) return;
    const { context } = this.surface;
    context.font = this.surface.font(400, 11);
    const groups = this.groups.map(group => ({ ...group, head: context.measureText(`∂ ${group.spec.label}`).width }));
    this.layout = placeTiles(groups, width, this.spec.height || height);
    this.placedFor = key;
    const css = `${this.layout.height}px`;
    if (this.surface.canvas.style.height !== css) this.surface.canvas.style.height = css;
  }

  /** All tiles of a group one above the other in one image. */
  fill(g) {
    const array = this.arrayOf(g);
    const [h, w] = array.shape.slice(-2);
    const tiles = array.data.length / (h * w);
    const grey = this.groups[g].spec.color === "grey" && !this.view;
    const raster = this.rasters[g];
    raster.resize(w, tiles * h);
    raster.put(this.lab.theme.maps[grey ? "grey" : "div"], array.data, { w, h: tiles * h, lo: grey ? 0 : -1, hi: 1 });
    raster.commit();
    this.groups[g].tile = [w, h];
  }

  drawGroup(c, group, g) {
    const { boxes, label, scale } = this.layout.placed[g];
    const { theme } = this.lab;
    c.textAlign = "left";
    c.font = this.surface.font(400, 11);
    c.fillStyle = this.view ? theme.text("grad") : theme.ink2;
    const size = `≤ ${number(this.scaleOf(g), 2)}`;
    const name = (this.view ? "∂ " : "") + group.spec.label;
    c.fillText(scale ? name : `${name}  ${size}`, ...label);
    if (scale) {
      c.font = this.surface.font(400, 10);
      c.fillText(size, ...scale);
    }
    boxes.forEach((box, k) => this.drawCell(c, g, k, box));
    if (!group.digits) return;
    c.font = this.surface.font(400, 11);
    c.fillStyle = theme.ink2;
    boxes.forEach((box, k) => c.fillText(String(k), box.x + box.w + 5, box.y + box.h / 2 + 0.5));
  }

  drawCell(c, g, k, box) {
    const { theme } = this.lab;
    const each = Math.max(1, this.groups[g].m);
    for (let j = 0; j < each; j++) {
      const x = box.x + (j % box.across) * box.step, y = box.y + Math.floor(j / box.across) * box.step;
      this.drawTile(c, g, k * each + j, x, y, box.size);
    }
    const chosen = this.isChosen(g, k);
    if (!chosen && each > 1) return;
    c.strokeStyle = chosen ? theme.ink : theme.rule;
    c.lineWidth = chosen ? 2 : 1;
    c.strokeRect(box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1);
  }

  drawTile(c, g, index, x, y, size) {
    const [w, h] = this.groups[g].tile;
    c.imageSmoothingEnabled = false;
    c.drawImage(this.rasters[g].canvas, 0, index * h, w, h, x, y, size, size);
  }

  /** Is it the chosen tile, or the kernels that made it? */
  isChosen(g, k) {
    return Boolean(this.chosen) && k === this.chosen[1] && (g === this.chosen[0] || g === this.kernelsOf(this.chosen[0]));
  }

  /** The group of kernels of which a group of maps is made, before or after pooling, or -1. */
  kernelsOf(g) {
    const { n, m } = this.groups[g];
    let k = g - 1;
    while (!m && k > 0 && !this.groups[k].m && this.groups[k].n === n) k--;
    return k > 0 && this.groups[k].m && this.groups[k].n === n ? k : -1;
  }

  /** A line from each kernel to the map it makes; of the chosen map also from all that it is made of. */
  drawLinks(c) {
    if (!this.layout.free) return;
    c.lineWidth = 1;
    c.strokeStyle = this.lab.theme.rule;
    c.beginPath();
    this.groups.forEach((group, g) => {
      if (g > 0 && !group.m && this.groups[g - 1].n === group.n) this.layout.placed[g].boxes.forEach((box, k) => this.link(c, this.layout.placed[g - 1].boxes[k], box));
    });
    c.stroke();
    if (!this.chosen) return;
    const kernels = this.kernelsOf(this.chosen[0]);
    if (kernels < 1) return;
    c.strokeStyle = this.lab.theme.ink2;
    c.beginPath();
    for (const from of this.layout.placed[kernels - 1].boxes) this.link(c, from, this.layout.placed[kernels].boxes[this.chosen[1]]);
    c.stroke();
  }

  link(c, from, to) {
    const x0 = from.x + from.w + 3, x1 = to.x - 3, bend = (x1 - x0) * 0.45;
    const y0 = from.y + from.h / 2, y1 = to.y + to.h / 2;
    c.moveTo(x0, y0);
    c.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
  }

  /** The chosen tile, large, and its kernels. */
  drawLens(c) {
    const { lens } = this.layout;
    if (!lens) return;
    if (!this.chosen || this.chosen[0] === 0) return this.invite(c, lens);
    const [g, k] = this.chosen;
    const { theme } = this.lab;
    c.textAlign = "left";
    c.font = this.surface.font(600, 11);
    c.fillStyle = theme.ink;
    const [name, ...rest] = this.nameOf(this.lab.selections.get(this.spec.sel)).split(" of ");
    c.fillText(name, lens.x, lens.y - 9);
    this.drawTile(c, g, k, lens.x, lens.y, lens.w);
    c.strokeStyle = theme.ink;
    c.lineWidth = 1;
    c.strokeRect(lens.x - 0.5, lens.y - 0.5, lens.w + 1, lens.w + 1);
    c.font = this.surface.font(400, 11);
    c.fillStyle = theme.ink2;
    if (!lens.beside && rest.length) c.fillText(`of ${rest[0]}`, lens.x, lens.y + lens.w + 11);
    this.drawLensKernels(c, g, k, lens);
  }

  invite(c, lens) {
    c.textAlign = "left";
    c.font = this.surface.font(400, 11);
    c.fillStyle = this.lab.theme.ink2;
    ["Point at a map:", "here it stands", "large, with its", "kernels."].forEach((text, k) => c.fillText(text, lens.x, lens.y - 6 + 15 * k));
  }

  drawLensKernels(c, g, k, lens) {
    const kernels = this.kernelsOf(g);
    if (kernels < 0) return;
    const { m } = this.groups[kernels];
    const across = m === 1 ? 2 : Math.ceil(Math.sqrt(m));
    const step = Math.floor((lens.w + 2) / across);
    const x = lens.beside ? lens.x + lens.w + 12 : lens.x, y = lens.beside ? lens.y : lens.y + lens.w + 44;
    c.fillText(m === 1 ? "its kernel" : `its ${m} kernels`, x, y - 9);
    for (let j = 0; j < m; j++) this.drawTile(c, kernels, k * m + j, x + (j % across) * step, y + Math.floor(j / across) * step, step - 2);
  }

  // ---- choosing

  listen() {
    this.surface.choosing(this.spec.sel, place => this.tileAt(place));
    this.surface.canvas.addEventListener("keydown", event => this.onKey(event));
  }

  /** The tile at a place; kernels stand for the map they make. */
  tileAt([x, y]) {
    if (!this.layout) return null;
    const hit = box => x > box.x - 2 && x < box.x + box.w + 2 && y > box.y - 2 && y < box.y + box.h + 2;
    for (let g = 0; g < this.groups.length; g++) {
      const k = this.layout.placed[g].boxes.findIndex(hit);
      if (k < 0) continue;
      const named = this.groups[g].first !== null ? g : this.groups.findIndex((_, other) => this.kernelsOf(other) === g);
      return named < 0 ? null : this.groups[named].first + k;
    }
    return null;
  }

  onKey(event) {
    const way = ARROWS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.lab.selections.pin(this.spec.sel, this.neighbour(this.lab.selections.get(this.spec.sel), way));
  }

  neighbour(k, [dx, dy]) {
    if (k == null) return 0;
    const [g, i] = this.find(k);
    const { n, first } = this.groups[g];
    if (!dx) return first + clamp(i + dy, 0, n - 1);
    let to = g + dx;
    while (this.groups[to] && this.groups[to].first === null) to += dx;
    if (!this.groups[to]) return k;
    return this.groups[to].first + clamp(Math.round(((i + 0.5) / n) * this.groups[to].n - 0.5), 0, this.groups[to].n - 1);
  }

  // ---- words

  describe() {
    const what = this.spec.views[this.view];
    const parts = this.groups.map(({ spec, n, m, tile }, g) => `${spec.label}: ${n}${m > 1 ? ` times ${m}` : ""} of ${(tile || []).join(" by ")}, at most ${number(this.scaleOf(g), 2)} in size`);
    return `${this.spec.title}, ${what}: ${parts.join("; ")}.`;
  }

  /** The numbers of the chosen tile. */
  numbers() {
    if (!this.chosen) return null;
    const [g, i] = this.chosen;
    const [w, h] = this.groups[g].tile;
    const { data } = this.arrayOf(g);
    const scale = this.scaleOf(g) || 1;
    const rows = Array.from({ length: h }, (_, r) => [String(r + 1), ...Array.from(data.slice((i * h + r) * w, (i * h + r + 1) * w), v => v * scale)]);
    return { columns: [this.nameOf(this.lab.selections.get(this.spec.sel)), ...Array.from({ length: w }, (_, q) => String(q + 1))], rows };
  }

  destroy() {
    this.surface.destroy();
  }
}

export const maps = (caption, spec, lab) => new Maps(caption, spec, lab);
