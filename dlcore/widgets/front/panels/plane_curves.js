// Choosing a curve of a family.

import { clamp } from "../format.js";
import { Picker } from "./plane_picker.js";

const CURVE_REACH = 14; // px from a curve that still count as on it

export class CurvePicker extends Picker {
  get places() {
    return this.lab.array(this.layer.x).data;
  }

  get count() {
    return this.data.length / this.places.length;
  }

  near([px, py]) {
    const { places, data } = this;
    let best = null, least = CURVE_REACH;
    for (let k = 0; k < this.count; k++) {
      const distance = this.distance(data.subarray(k * places.length, (k + 1) * places.length), px, py);
      if (distance < least) [best, least] = [k, distance];
    }
    return best;
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
}
