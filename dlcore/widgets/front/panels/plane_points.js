// Points that the reader moves: by mouse, finger or keys. A click where there is none adds one, a stroke of the mouse
// many, if that is allowed; Delete removes one.

import { clamp } from "../format.js";
import { ARROWS } from "../surface.js";

const REACH = 12; // px from a point that still count as on it
const KEY_STEP = 1 / 60; // of the extent
const STROKE = 18; // px between the points of a stroke

export class PointHandles {
  /** @param layer the points layer that can be dragged @param events {add, remove}: what else is allowed */
  constructor({ surface, frame, lab, layer, spec }) {
    Object.assign(this, { surface, frame, lab, layer, spec });
    this.moved = new Map(); // index -> [x, y]: where the reader has put it, until Python has answered
    this.chosen = -1;
    this.hovered = -1;
    this.dragging = false;
    this.listen();
  }

  get data() {
    return this.lab.array(this.layer.data)?.data ?? new Float32Array(0);
  }

  /** Positions as the reader sees them. */
  positions() {
    if (!this.moved.size) return this.data;
    const data = Float32Array.from(this.data);
    for (const [i, [x, y]] of this.moved) data.set([x, y], 2 * i);
    return data;
  }

  near([px, py]) {
    const data = this.positions();
    let best = -1;
    let least = REACH ** 2;
    for (let i = 0; i < data.length / 2; i++) {
      const d = (this.frame.px(data[2 * i]) - px) ** 2 + (this.frame.py(data[2 * i + 1]) - py) ** 2;
      if (d < least) [best, least] = [i, d];
    }
    return best;
  }

  slot = i => `${this.spec.name}:drag:${i}`;

  put(i, [x, y]) {
    this.moved.set(i, [x, y]);
    this.lab.sendEvent(this.spec.event || "drag", { index: i, x, y }, this.slot(i));
    this.redraw();
  }

  add([x, y]) {
    if (this.spec.add) this.lab.sendEvent("add", { x, y });
  }

  remove() {
    if (!this.spec.remove || this.chosen < 0) return;
    this.lab.sendEvent("remove", { index: this.chosen });
    this.moved.clear();
    this.chosen = this.hovered = -1;
    this.redraw();
  }

  redraw() {
    this.lab.invalidateSurface(this.surface);
  }

  listen() {
    const { canvas } = this.surface;
    canvas.style.touchAction = "pan-y"; // a finger on a point drags it, elsewhere it scrolls the page
    canvas.addEventListener("touchstart", event => this.onTouch(event), { passive: false });
    canvas.addEventListener("pointerdown", event => this.onDown(event));
    canvas.addEventListener("pointermove", event => this.onMove(event));
    canvas.addEventListener("pointerup", () => this.onUp());
    canvas.addEventListener("pointercancel", () => this.onUp());
    canvas.addEventListener("pointerleave", () => {
      this.stroke = null;
      this.hover(-1);
    });
    canvas.addEventListener("click", event => this.onClick(event));
    canvas.addEventListener("dblclick", event => this.onDoubleClick(event));
    canvas.addEventListener("keydown", event => this.onKey(event));
  }

  onTouch(event) {
    if (event.touches.length === 1 && this.near(this.surface.at(event.touches[0])) >= 0) event.preventDefault();
  }

  onDown(event) {
    const i = this.near(this.surface.at(event));
    this.hit = i;
    this.drawn = false;
    this.chosen = i;
    if (i >= 0 && this.spec.drag) {
      this.dragging = true;
      this.surface.canvas.setPointerCapture(event.pointerId);
    }
    if (i < 0 && this.spec.add === "stroke" && event.pointerType === "mouse") this.stroke = { last: this.surface.at(event), fresh: true };
    this.redraw();
  }

  /** A point wherever the mouse has gone far enough; the first one where it began. */
  goOn(at) {
    const { last, fresh } = this.stroke;
    if (Math.hypot(at[0] - last[0], at[1] - last[1]) < STROKE || !this.frame.contains(at)) return;
    if (fresh) this.add(this.frame.inverse(last));
    this.add(this.frame.inverse(at));
    this.stroke = { last: at, fresh: false };
  }

  onMove(event) {
    const at = this.surface.at(event);
    if (this.dragging) this.put(this.chosen, this.frame.inverse(at));
    else if (this.stroke) this.goOn(at);
    else this.hover(this.near(at));
  }

  hover(i) {
    if (i === this.hovered) return;
    this.hovered = i;
    this.surface.canvas.style.cursor = i >= 0 ? "grab" : this.spec.add ? "crosshair" : "default";
    this.redraw();
  }

  onUp() {
    this.dragging = false;
    this.drawn = Boolean(this.stroke && !this.stroke.fresh);
    this.stroke = null;
    this.forget(); // the last answer may have come while the point was still in hand
  }

  onClick(event) {
    const at = this.surface.at(event);
    if (this.drawn) return; // the end of a stroke is no click
    if (this.hit < 0 && this.near(at) < 0 && this.frame.contains(at)) this.add(this.frame.inverse(at));
  }

  onDoubleClick(event) {
    this.chosen = this.near(this.surface.at(event));
    this.remove();
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.keyAction(event.key);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
    this.redraw();
  }

  keyAction(key) {
    const count = this.data.length / 2;
    if (ARROWS[key]) return () => this.nudge(ARROWS[key]);
    if (key === "n" && count) return () => { this.chosen = (this.chosen + 1) % count; };
    if (key === "p" && count) return () => { this.chosen = (Math.max(this.chosen, 0) + count - 1) % count; };
    if (key === "a" && this.spec.add) return () => this.add(this.spot());
    if (key === "Delete" || key === "Backspace") return () => this.remove();
    if (key === "Escape" && this.chosen >= 0) return () => { this.chosen = -1; };
    return null;
  }

  /** The first arrow key chooses a point, the next ones move it. */
  nudge([dx, dy]) {
    const count = this.data.length / 2;
    if (!count) return;
    if (this.chosen < 0 || this.chosen >= count) {
      this.chosen = 0;
      return;
    }
    const { x0, x1, y0, y1 } = this.frame;
    const data = this.positions();
    const x = data[2 * this.chosen] + dx * (x1 - x0) * KEY_STEP;
    const y = data[2 * this.chosen + 1] - dy * (y1 - y0) * KEY_STEP;
    this.put(this.chosen, [clamp(x, x0, x1), clamp(y, Math.min(y0, y1), Math.max(y0, y1))]);
  }

  /** Where a point added by key goes: beside the chosen one, else in the middle. */
  spot() {
    const { x0, x1, y0, y1 } = this.frame;
    const data = this.positions();
    if (this.chosen < 0) return [(x0 + x1) / 2, (y0 + y1) / 2];
    return [Math.min(x1, data[2 * this.chosen] + (x1 - x0) * 0.05), data[2 * this.chosen + 1]];
  }

  /** Python has answered: what it knows now needs no patch of ours. */
  forget() {
    for (const i of [...this.moved.keys()]) {
      const inHand = this.dragging && i === this.chosen;
      if (!inHand && !this.lab.isEventBusy(this.slot(i))) this.moved.delete(i);
    }
    if (this.chosen >= this.data.length / 2) this.chosen = -1;
  }

  draw(c) {
    const data = this.positions();
    for (const i of new Set([this.hovered, this.chosen])) {
      if (i < 0 || i >= data.length / 2) continue;
      c.beginPath();
      c.arc(this.frame.px(data[2 * i]), this.frame.py(data[2 * i + 1]), 7, 0, 2 * Math.PI);
      c.strokeStyle = this.lab.theme.ink;
      c.lineWidth = i === this.chosen ? 2 : 1.25;
      c.stroke();
    }
  }
}
