// Choosing a curve of a family: by pointing at it, clicking, or with the arrow keys.

import { clamp } from "../format.js";
import { ARROWS } from "../surface.js";

const CURVE_REACH = 14; // px from a curve that still count as on it

export class CurvePicker {
  /** @param layer the family, with `sel` */
  constructor({ surface, frame, lab, layer }) {
    Object.assign(this, { surface, frame, lab, layer, first: layer.first || 0 });
    this.listen();
  }

  get places() {
    return this.lab.array(this.layer.x).data;
  }

  get heights() {
    return this.lab.array(this.layer.data).data;
  }

  get count() {
    return this.heights.length / this.places.length;
  }

  listen() {
    const { surface: { canvas }, layer: { sel }, lab: { selections } } = this;
    canvas.addEventListener("pointermove", event => {
      const k = this.near(this.surface.at(event));
      canvas.style.cursor = k == null ? "default" : "pointer";
      selections.point(sel, k);
    });
    canvas.addEventListener("pointerleave", () => selections.point(sel, null));
    canvas.addEventListener("click", event => {
      const k = this.near(this.surface.at(event));
      selections.pin(sel, k === selections.pinned[sel] ? null : k);
    });
    canvas.addEventListener("keydown", event => this.onKey(event));
  }

  /** The value of the selection that stands for the curve at a place of the canvas, or null. */
  near([px, py]) {
    const { places, heights, frame } = this;
    let best = null, least = CURVE_REACH;
    for (let k = 0; k < this.count; k++) {
      const distance = this.distance(heights.subarray(k * places.length, (k + 1) * places.length), px, py);
      if (distance < least) [best, least] = [k + this.first, distance];
    }
    return frame.contains([px, py]) ? best : null;
  }

  /** From a point to a curve, in pixels: to the nearest of its segments. */
  distance(heights, px, py) {
    const { places, frame } = this;
    let least = Infinity;
    for (let i = 1; i < places.length; i++) {
      const x0 = frame.px(places[i - 1]), x1 = frame.px(places[i]);
      if (x1 < px - CURVE_REACH || x0 > px + CURVE_REACH) continue;
      const y0 = frame.py(heights[i - 1]), dx = x1 - x0, dy = frame.py(heights[i]) - y0;
      const t = clamp(((px - x0) * dx + (py - y0) * dy) / (dx * dx + dy * dy), 0, 1);
      least = Math.min(least, Math.hypot(px - x0 - t * dx, py - y0 - t * dy));
    }
    return least;
  }

  onKey(event) {
    const way = ARROWS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { selections } = this.lab;
    const now = selections.get(this.layer.sel);
    const next = now == null ? this.first : now + way[0] + way[1];
    selections.pin(this.layer.sel, clamp(next, this.first, this.first + this.count - 1));
  }
}
