// Choosing a part of a layer of a plane: by pointing at it, clicking, or with the arrow keys.

import { clamp } from "../format.js";
import { ARROWS } from "../surface.js";

const POINT_REACH = 12; // px from a point that still count as on it

/** A subclass has `count`, how many parts there are, and `near(at)`, the number of the one at a place, or null. */
export class Picker {
  /** @param layer with `sel`, whose value first + k stands for part k */
  constructor({ surface, frame, lab, layer }) {
    Object.assign(this, { surface, frame, lab, layer, first: layer.first || 0 });
    surface.choosing(layer.sel, at => this.valueAt(at));
    surface.canvas.addEventListener("keydown", event => this.onKey(event));
  }

  get data() {
    return this.lab.array(this.layer.data)?.data ?? new Float32Array(0);
  }

  valueAt(at) {
    const k = this.frame.contains(at) ? this.near(at) : null;
    return k == null ? null : k + this.first;
  }

  onKey(event) {
    const way = ARROWS[event.key];
    if (!way || !this.count || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { selections } = this.lab;
    const now = selections.get(this.layer.sel);
    const next = now == null ? this.first : now + way[0] + way[1];
    selections.pin(this.layer.sel, clamp(next, this.first, this.first + this.count - 1));
  }
}

export class PointPicker extends Picker {
  get count() {
    return this.data.length / 2;
  }

  near([px, py]) {
    const { data, frame } = this;
    let best = null, least = POINT_REACH;
    for (let k = 0; k < this.count; k++) {
      const distance = Math.hypot(frame.px(data[2 * k]) - px, frame.py(data[2 * k + 1]) - py);
      if (distance < least) [best, least] = [k, distance];
    }
    return best;
  }
}
