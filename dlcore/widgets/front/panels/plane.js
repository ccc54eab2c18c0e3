// A rectangle of R²: field, contour, mesh, path, points and arrows, in the order declared.

import { el } from "../dom.js";
import { number, plural } from "../format.js";
import { Raster } from "../raster.js";
import { Surface } from "../surface.js";
import { PlaneFrame } from "./frame_of_plane.js";
import { boxChips, describeBoxes } from "./plane_boxes.js";
import { CurvePicker } from "./plane_curves.js";
import { chosenIn, PAINTERS } from "./plane_layers.js";
import { PointPicker } from "./plane_picker.js";
import { PointHandles } from "./plane_points.js";

const PICKERS = { curves: CurvePicker, points: PointPicker };

const keyOf = layer => `${layer.layer}:${layer.data}`;

function labelOf(spec) {
  const hints = [];
  if (spec.drag) hints.push("arrow keys move the chosen point, n and p choose another");
  if (spec.add) hints.push("a adds one");
  if (spec.remove) hints.push("Delete removes it");
  if (spec.choose) hints.push(`arrow keys choose a ${spec.layers.some(l => l.layer === "curves") ? "curve" : "point"}`);
  return [spec.title, ...hints].join("; ");
}

/** The CSS variable of a colour: "grad" -> --g, "g2/3" -> --g2. */
const chipColour = name => `var(--${name === "grad" ? "g" : String(name).replace(/\/.*/, "")})`;

/** A button for each layer with a label, to switch it off and on. */
function toggleChip(layer, shown, toggle) {
  const press = () => chip.setAttribute("aria-pressed", String(toggle()));
  const chip = el("button", { class: "dl-chip", type: "button", text: layer.label, "aria-pressed": String(shown), on: { click: press } });
  chip.style.setProperty("--chip", layer.colors || !layer.color ? "var(--ink2)" : chipColour(layer.color));
  chip.dataset.mark = layer.layer === "points" ? layer.marker || "circle" : layer.marker || layer.layer;
  if (layer.dash) chip.dataset.dash = "";
  return chip;
}

function classChips(layer) {
  return (layer.labels || []).map((text, k) => {
    const chip = el("span", { class: "dl-chip", text });
    chip.style.setProperty("--chip", chipColour(layer.colors[k]));
    chip.dataset.mark = layer.markers[k];
    return chip;
  });
}

/** Share of a field's samples above its middle. */
function shareAbove(array, level) {
  let n = 0;
  for (const v of array.data) if (v > level) n++;
  return n / array.data.length;
}

class Plane {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab });
    this.switched = lab.switched[spec.name] ??= new Map(); // layer -> shown, as the reader has chosen
    this.hidden = new Set(spec.layers.filter(l => !(this.switched.get(keyOf(l)) ?? !l.off)).map(keyOf));
    this.surface = new Surface(caption.body, lab, {
      aspect: spec.aspect || 1, height: spec.height, label: labelOf(spec), interactive: Boolean(spec.drag || spec.add || spec.choose),
    });
    this.frame = new PlaneFrame(spec.extent, spec.axes);
    this.rasters = spec.layers.map(() => new Raster());
    this.sels = spec.layers.map(l => l.sel).filter(Boolean);
    this.handles = this.makeHandles();
    this.makePicker();
    this.fillKey(caption.key);
  }

  makeHandles() {
    const { spec, surface, frame, lab } = this;
    if (!spec.drag && !spec.add) return null;
    const layer = spec.layers.find(l => l.data === spec.drag) || spec.layers.find(l => l.layer === "points");
    return new PointHandles({ surface, frame, lab, layer, spec });
  }

  makePicker() {
    const { spec, surface, frame, lab } = this;
    const layer = spec.choose && spec.layers.find(l => l.layer in PICKERS && l.sel === spec.choose);
    if (layer) new PICKERS[layer.layer]({ surface, frame, lab, layer });
  }

  fillKey(key) {
    for (const layer of this.spec.layers) {
      if (this.spec.toggles && layer.label) key.append(toggleChip(layer, !this.hidden.has(keyOf(layer)), () => this.toggle(keyOf(layer))));
      else if (layer.layer === "boxes") key.append(...boxChips(layer, chipColour));
      else key.append(...classChips(layer));
    }
    if (!this.spec.clear) return;
    key.append(el("button", { class: "dl-tab", type: "button", text: "Clear points", on: { click: () => this.lab.sendEvent("clear", {}) } }));
  }

  /** Switch a layer; it stays so when the panels are built anew. @returns is it shown now? */
  toggle(key) {
    const shown = this.hidden.delete(key);
    if (!shown) this.hidden.add(key);
    this.switched.set(key, shown);
    this.lab.invalidateSurface(this.surface);
    return shown;
  }

  positions = layer => (this.handles?.layer === layer ? this.handles.positions() : this.lab.array(layer.data)?.data);

  draw() {
    const c = this.surface.begin();
    const { frame, lab } = this;
    frame.fit(this.surface);
    c.save();
    frame.clip(c);
    this.spec.layers.forEach((layer, k) => {
      const what = { lab, frame, points: this.positions, raster: this.rasters[k] };
      if (!this.hidden.has(keyOf(layer))) PAINTERS[layer.layer](c, layer, what);
    });
    this.handles?.draw(c);
    c.restore();
    frame.drawAxes(c, lab.theme);
  }

  /** While one unit is chosen the plane shows that unit alone, and says so. */
  title() {
    const field = this.spec.layers.find(l => l.sel && l.sel_data);
    const name = field && this.lab.selections.nameOf(field.sel);
    return name ? `${name} alone` : this.lab.selections.fill(this.spec.title);
  }

  describe() {
    const parts = [];
    for (const layer of this.spec.layers) {
      const array = this.lab.array(layer.data);
      if (!array || this.hidden.has(keyOf(layer))) continue;
      if (layer.layer === "field") parts.push(this.describeField(layer, array));
      else if (layer.layer === "points") parts.push(this.describePoints(layer, array));
      else if (layer.layer === "curves") parts.push(this.describeCurves(layer, array));
      else if (layer.layer === "boxes") parts.push(describeBoxes(layer, this.lab));
    }
    return `${this.title()}: ${parts.join("; ")}.`;
  }

  describeField(layer, array) {
    const level = (layer.levels || [(layer.lo + layer.hi) / 2])[0];
    const side = layer.key ? `on the side of ${layer.key[1]}` : `above ${number(level, 2)}`;
    return `${Math.round(100 * shareAbove(array, level))} % of the plane lies ${side}`;
  }

  /** A curve from its left end to its right one, and how far it goes; of a family, the chosen one. */
  describeCurves(layer, array) {
    const n = this.lab.array(layer.x).data.length, count = array.data.length / n;
    const chosen = chosenIn(layer, this.lab, count);
    if (count > 1 && chosen < 0) return plural(count, "curve");
    const heights = array.data.subarray(n * Math.max(0, chosen), n * Math.max(0, chosen) + n);
    const name = chosen < 0 ? layer.label || layer.data : this.lab.selections.nameOf(layer.sel);
    const [left, right, least, greatest] = [heights[0], heights[n - 1], Math.min(...heights), Math.max(...heights)];
    return `${name} ${number(left)} at the left, ${number(right)} at the right, from ${number(least)} to ${number(greatest)}`;
  }

  describePoints(layer, array) {
    const classes = this.lab.array(layer.color);
    const total = plural(array.data.length / 2, layer.label ? `${layer.label} point` : "point");
    if (!classes || !layer.labels) return total;
    const counts = layer.labels.map((text, g) => `${classes.data.filter(v => Math.round(v) === g).length} of ${text}`);
    return `${total}: ${counts.join(", ")}`;
  }

  forget() {
    this.handles?.forget();
  }

  destroy() {
    this.surface.destroy();
  }
}

export const plane = (caption, spec, lab) => new Plane(caption, spec, lab);
