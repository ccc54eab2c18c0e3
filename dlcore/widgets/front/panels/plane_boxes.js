// Layers of a plane that shows a picture: its pixels, and boxes on it.

import { el } from "../dom.js";
import { plural } from "../format.js";
import { drawArray, haloText } from "../raster.js";

const DASHES = { dashed: [5, 3], dotted: [1.5, 2.5] };

/** An (h, w) array as pixels that fill the extent, row 0 at the top. */
export function picture(c, layer, { lab, frame, raster }) {
  const array = lab.array(layer.data);
  if (!array) return;
  const [h, w] = array.shape.slice(-2);
  const { lo = 0, hi = 1, color } = layer;
  drawArray(c, raster, lab.theme.maps[color], array.data, { w, h, lo, hi }, [frame.left, frame.top, frame.width, frame.height]);
}

/** The style of box `k` of a layer, or undefined where it is not drawn. */
function styleOf(layer, lab, k) {
  return layer.styles[Math.round(lab.array(layer.kinds)?.data[k] ?? 0)];
}

const sound = corners => corners.every(Number.isFinite);

/** An (n, 4) array as boxes, each in the style that its kind says; a halo of paper parts all but hairlines from the picture. */
export function boxes(c, layer, { lab, frame }) {
  const data = lab.array(layer.data)?.data ?? [];
  const tags = lab.array(layer.tags)?.value ?? [];
  const drawn = Array.from({ length: data.length / 4 }, (_, k) => [k, styleOf(layer, lab, k), [...data.subarray(4 * k, 4 * k + 4)]]);
  for (const [k, style, corners] of drawn) {
    if (!style || !sound(corners)) continue;
    const [x0, y0, x1, y1] = corners;
    strokeBox(c, style, [frame.px(x0), frame.py(y0), frame.px(x1) - frame.px(x0), frame.py(y1) - frame.py(y0)], lab.theme);
    if (tags[k]) drawTag(c, tags[k], style, [frame.px(x0), frame.py(y0), frame.py(y1)], frame, lab.theme);
  }
}

function strokeBox(c, style, rect, theme) {
  const { width = 1.5 } = style;
  c.setLineDash(DASHES[style.dash] || []);
  for (const [colour, line] of [[theme.paper, width > 1 ? width + 2 : 0], [theme.color(style.color), width]]) {
    if (!line) continue;
    c.strokeStyle = colour;
    c.lineWidth = line;
    c.strokeRect(...rect);
  }
  c.setLineDash([]);
}

/** Above the box, or below it where there is no room. */
function drawTag(c, text, style, [x, top, bottom], frame, theme) {
  const above = top - 7 > frame.top + 5;
  const left = Math.max(frame.left + 2, Math.min(x, frame.left + frame.width - c.measureText(text).width - 2));
  c.textAlign = "left";
  haloText(c, text, left, above ? top - 7 : bottom + 8, theme.text(style.color), theme.paper);
}

export function boxChips(layer, chipColour) {
  return layer.styles.filter(style => style.label).map(style => {
    const chip = el("span", { class: "dl-chip", text: style.label });
    chip.style.setProperty("--chip", chipColour(style.color));
    Object.assign(chip.dataset, { mark: "box", line: style.dash || "solid" });
    return chip;
  });
}

/** "3 boxes kept, 1 box suppressed" */
export function describeBoxes(layer, lab) {
  const n = (lab.array(layer.data)?.data.length ?? 0) / 4;
  const counts = new Map();
  for (let k = 0; k < n; k++) {
    const label = styleOf(layer, lab, k)?.label;
    if (label) counts.set(label, (counts.get(label) || 0) + 1);
  }
  const parts = [...counts].map(([label, count]) => `${plural(count, "box", "boxes")} ${label}`);
  return parts.join(", ") || `no boxes of ${layer.data}`;
}
