// The coordinates of a plane: what of R² is shown, and where on the canvas. With y0 > y1 they run downwards, as in a picture.

import { linearTicks } from "../format.js";

const MARGIN = { left: 22, bottom: 17, right: 1, top: 1 };
const TICKS = 4;

export class PlaneFrame {
  constructor([x0, x1, y0, y1], axes = ["", ""]) {
    Object.assign(this, { x0, x1, y0, y1, axes, left: MARGIN.left, top: MARGIN.top, width: 1, height: 1 });
  }

  /** The left margin takes what the labels of the axis need. */
  fit(surface) {
    const texts = [this.axes[1], ...this.ticksUp().map(([, text]) => text)];
    this.left = Math.max(MARGIN.left, 6 + Math.max(...texts.map(t => surface.context.measureText(t).width)));
    this.width = surface.width - this.left - MARGIN.right;
    this.height = surface.height - MARGIN.bottom - MARGIN.top;
  }

  /** None where the axis has no name: there, heights only keep things apart. */
  ticksUp() {
    if (!this.axes[1]) return [];
    return linearTicks(Math.min(this.y0, this.y1), Math.max(this.y0, this.y1), TICKS);
  }

  px = x => this.left + ((x - this.x0) / (this.x1 - this.x0)) * this.width;
  py = y => this.top + ((this.y1 - y) / (this.y1 - this.y0)) * this.height;

  /** Canvas pixels -> coordinates, kept inside the plane. */
  inverse([px, py]) {
    const u = Math.min(1, Math.max(0, (px - this.left) / this.width));
    const v = Math.min(1, Math.max(0, (py - this.top) / this.height));
    return [this.x0 + u * (this.x1 - this.x0), this.y1 - v * (this.y1 - this.y0)];
  }

  contains([px, py]) {
    return px >= this.left && px <= this.left + this.width && py >= this.top && py <= this.top + this.height;
  }

  /** What leaves the extent must not run over the axes. */
  clip(c) {
    c.beginPath();
    c.rect(this.left, this.top, this.width, this.height);
    c.clip();
  }

  drawAxes(c, theme) {
    const right = this.left + this.width;
    const bottom = this.top + this.height;
    c.strokeStyle = theme.rule;
    c.lineWidth = 1;
    c.strokeRect(this.left + 0.5, this.top + 0.5, this.width - 1, this.height - 1);
    c.fillStyle = theme.ink2;
    c.textAlign = "right";
    c.fillText(this.axes[0], right, bottom + 10);
    c.fillText(this.axes[1], this.left - 5, this.top + 6);
    const end = right - c.measureText(this.axes[0]).width - 12;
    c.textAlign = "center";
    for (const [v, text] of linearTicks(this.x0, this.x1, TICKS)) if (this.px(v) < end) c.fillText(text, this.px(v), bottom + 10);
    c.textAlign = "right";
    for (const [v, text] of this.ticksUp()) {
      if (this.py(v) > this.top + 16 && this.py(v) < bottom - 2) c.fillText(text, this.left - 5, this.py(v));
    }
  }
}
