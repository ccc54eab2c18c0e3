// Small images in a grid, with captions: (n, h, w) through a colour map, or (n, h, w, 3) as they are. With `place` and
// `place_data` there are such arrays for each value of a selection, and that of the chosen one is drawn.

import { el, setText } from "../dom.js";
import { clamp } from "../format.js";
import { Raster } from "../raster.js";
import { ARROWS } from "../surface.js";

class Images {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: [spec.sel, spec.place].filter(Boolean), raster: new Raster() });
    this.node = el("div", { class: "dl-images", role: "group", "aria-label": spec.title });
    caption.body.append(this.node);
    if (spec.sel) this.node.addEventListener("keydown", event => this.onKey(event));
    this.resize();
  }

  get array() {
    const { data, place, place_data: ofPlace } = this.spec;
    const k = place ? this.lab.selections.get(place) : null;
    const all = k == null ? null : this.lab.array(ofPlace);
    if (!all || k >= all.shape[0]) return this.lab.array(data);
    const size = all.data.length / all.shape[0];
    return { shape: all.shape.slice(1), data: all.data.subarray(k * size, (k + 1) * size) };
  }

  get captions() {
    const { captions } = this.spec;
    return (typeof captions === "string" ? this.lab.array(captions)?.value : captions) || [];
  }

  title() {
    const { heading, title } = this.spec;
    return (heading && this.lab.array(heading)?.value) || this.lab.selections.fill(title);
  }

  resize() {
    const [n, h, w] = this.array.shape;
    this.count = n;
    this.node.style.setProperty("--columns", this.spec.columns || Math.min(n, 8));
    this.items = Array.from({ length: n }, (_, k) => this.makeItem(k, h, w));
    this.node.replaceChildren(...this.items.map(item => item.box));
  }

  makeItem(k, h, w) {
    const canvas = el("canvas", { width: w, height: h, class: "dl-pixels", role: "img", "aria-label": `image ${k + 1}` });
    const text = el("span", { class: "dl-imagecaption" });
    const box = el(this.spec.sel ? "button" : "div", { class: "dl-image", type: this.spec.sel ? "button" : null }, canvas, text);
    if (this.spec.sel) this.listenTo(box, k);
    return { box, canvas, text, context: canvas.getContext("2d") };
  }

  listenTo(box, k) {
    const { selections } = this.lab;
    const { sel } = this.spec;
    box.addEventListener("pointerenter", () => selections.point(sel, k));
    box.addEventListener("pointerleave", () => selections.point(sel, null));
    box.addEventListener("click", () => {
      const on = Boolean(this.spec.chosen) || selections.pinned[sel] !== k;
      selections.pin(sel, on ? k : null);
      if (on && this.spec.tell) this.lab.sendEvent("select", { [sel]: k }, `${this.spec.name}:select`);
    });
  }

  onKey(event) {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const columns = this.spec.columns || Math.min(this.count, 8);
    const there = this.items.filter(item => !item.box.classList.contains("dl-none")).length;
    const k = clamp((this.lab.selections.get(this.spec.sel) ?? 0) + way[0] + way[1] * columns, 0, Math.max(0, there - 1));
    this.lab.selections.pin(this.spec.sel, k);
    this.items[k].box.focus();
  }

  draw() {
    const { array, captions } = this;
    if (array.shape[0] !== this.count) this.resize();
    const chosen = this.spec.chosen ? this.lab.array(this.spec.chosen)?.data[0] : this.lab.selections.get(this.spec.sel);
    this.items.forEach((item, k) => {
      this.drawImage(item, array, k);
      setText(item.text, captions[k] ?? "");
      if (captions[k]) item.canvas.setAttribute("aria-label", `image ${k + 1}: ${captions[k]}`);
      item.box.classList.toggle("dl-on", k === chosen);
      item.box.classList.toggle("dl-none", captions[k] === ""); // its place stays, so that nothing moves
    });
  }

  drawImage({ canvas, context }, array, k) {
    const [, h, w, channels] = array.shape;
    const { lo = 0, hi = 1, color = "grey" } = this.spec;
    this.raster.resize(w, h);
    if (channels === 3) this.raster.putRgb(array.data, { offset: 3 * k * w * h, w, h, lo, hi });
    else this.raster.put(this.lab.theme.maps[color], array.data, { offset: k * w * h, w, h, lo, hi });
    this.raster.commit();
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.raster.canvas, 0, 0);
  }

  describe() {
    const { captions } = this;
    const [n, h, w] = this.array.shape;
    const said = captions.filter(Boolean);
    return `${this.title()}: ${captions.length ? said.length : n} images of ${h} by ${w} pixels${said.length ? `: ${said.join(", ")}` : ""}.`;
  }

  destroy() {
    this.node.remove();
  }
}

export const images = (caption, spec, lab) => new Images(caption, spec, lab);
