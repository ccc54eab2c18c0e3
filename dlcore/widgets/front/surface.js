// A canvas measured in CSS pixels and drawn in the pixels of the device.

import { el } from "./dom.js";

/** One gutter for everything with axes, so that stacked panels line up. */
export const GUTTER = { left: 34, right: 42, top: 6, bottom: 18 };
/** And one for panels that share a column axis (`axis: "t"`). */
export const AXIS_GUTTER = { left: 48, right: 48 };

const MAX_RATIO = 3;

export class Surface {
  /**
   * @param host where the canvas goes
   * @param lab  who is told that it has to be drawn again
   * @param options {aspect | height, label, interactive}
   */
  constructor(host, lab, { aspect = 1.6, height = null, label, interactive = false }) {
    this.lab = lab;
    this.width = 0;
    this.height = 0;
    this.canvas = el("canvas", {
      class: "dl-canvas",
      tabindex: interactive ? 0 : null,
      role: interactive ? "application" : "img",
      "aria-label": label,
    });
    if (height) this.canvas.style.height = `${height}px`;
    else this.canvas.style.aspectRatio = String(aspect);
    host.append(this.canvas);
    this.context = this.canvas.getContext("2d");
    this.observe();
  }

  observe() {
    this.observer = new ResizeObserver(([entry]) => this.resize(entry));
    try {
      this.observer.observe(this.canvas, { box: "device-pixel-content-box" });
    } catch {
      this.observer.observe(this.canvas); // Safari knows only the CSS box
    }
  }

  resize(entry) {
    const { width, height } = entry.contentRect;
    if (!width || !height) return;
    const ratio = Math.min(devicePixelRatio || 1, MAX_RATIO);
    const box = entry.devicePixelContentBoxSize?.[0];
    // under an emulated or a capped ratio the box counts other pixels than ours
    const exact = box && Math.abs(box.inlineSize - width * ratio) <= 2;
    this.canvas.width = exact ? box.inlineSize : Math.round(width * ratio);
    this.canvas.height = exact ? box.blockSize : Math.round(height * ratio);
    this.width = width;
    this.height = height;
    this.ratio = this.canvas.width / width;
    this.lab.invalidateSurface(this);
  }

  /** A clean sheet with the defaults of every panel. */
  begin() {
    const c = this.context;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.clearRect(0, 0, this.width, this.height);
    c.font = this.font();
    c.textBaseline = "middle";
    c.textAlign = "left";
    c.lineJoin = "round";
    c.lineCap = "butt";
    c.globalAlpha = 1;
    c.setLineDash([]);
    return c;
  }

  font(weight = 400, size = 11) {
    return `${weight} ${size}px ${this.lab.theme.font}`;
  }

  /** Where an event is, in CSS pixels of the canvas. */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** Pointing chooses what `find` has at a place (a number or null) for other panels; a click holds it, or lets go. */
  choosing(sel, find) {
    const { canvas, lab: { selections } } = this;
    canvas.addEventListener("pointermove", event => {
      const k = find(this.at(event));
      canvas.style.cursor = k == null ? "default" : "pointer";
      selections.point(sel, k);
    });
    canvas.addEventListener("pointerleave", () => selections.point(sel, null));
    canvas.addEventListener("click", event => {
      const k = find(this.at(event));
      selections.pin(sel, k === selections.pinned[sel] ? null : k);
    });
  }

  destroy() {
    this.observer.disconnect();
  }
}

/** The arrow keys as [dx, dy] on the screen (y down), or undefined. */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
