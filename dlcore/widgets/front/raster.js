// Arrays as pixels, iso-lines and the few marks that panels share.

/** A scratch canvas that holds an (h, w) array through a colour map; what is not finite stays transparent. */
export class Raster {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d");
  }

  resize(w, h) {
    if (this.image && this.canvas.width === w && this.canvas.height === h) return;
    this.canvas.width = w;
    this.canvas.height = h;
    this.image = this.context.createImageData(w, h);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Fill from `data[offset..]`; row 0 at the top unless `flipY`. Several images can be stacked with `row`. */
  put(map, data, { offset = 0, w, h, lo, hi, flipY = false, row = 0 }) {
    const scale = 255 / (hi - lo);
    for (let r = 0; r < h; r++) {
      const from = offset + (flipY ? h - 1 - r : r) * w;
      const to = (row + r) * w;
      for (let q = 0; q < w; q++) {
        const v = (data[from + q] - lo) * scale;
        this.pixels[to + q] = v >= 255 ? map[255] : v >= 0 ? map[(v + 0.5) | 0] : v < 0 ? map[0] : 0;
      }
    }
  }

  /** (h, w, 3) colours with values lo..hi. */
  putRgb(data, { offset = 0, w, h, lo, hi }) {
    const byte = v => Math.max(0, Math.min(255, ((v - lo) / (hi - lo)) * 255)) | 0;
    for (let k = 0; k < w * h; k++) {
      const at = offset + 3 * k;
      this.pixels[k] = ((255 << 24) | (byte(data[at + 2]) << 16) | (byte(data[at + 1]) << 8) | byte(data[at])) >>> 0;
    }
  }

  commit() {
    this.context.putImageData(this.image, 0, 0);
  }
}

/** Draw an (h, w) array into a rectangle. */
export function drawArray(c, raster, map, data, options, [x, y, width, height], smooth = false) {
  raster.resize(options.w, options.h);
  raster.put(map, data, options);
  raster.commit();
  c.imageSmoothingEnabled = smooth;
  c.imageSmoothingQuality = "low";
  c.drawImage(raster.canvas, x, y, width, height);
}

// Marching squares. Corners a b e f = bottom left, bottom right, top right, top left; sides 0 bottom 1 right 2 top 3 left.
const SEGMENTS = [
  [], [3, 0], [0, 1], [3, 1], [1, 2], [3, 0, 1, 2], [0, 2], [3, 2],
  [3, 2], [0, 2], [0, 1, 3, 2], [1, 2], [3, 1], [0, 1], [3, 0], [],
];

/** Trace the iso-line of an (h, w) grid; `to(i, j)` maps grid indices to pixels. The caller strokes. */
export function traceContour(c, data, { w, h, offset = 0, level }, to) {
  c.beginPath();
  for (let j = 0; j < h - 1; j++) {
    for (let i = 0; i < w - 1; i++) {
      const k = offset + j * w + i;
      const a = data[k], b = data[k + 1], e = data[k + w + 1], f = data[k + w];
      if (!Number.isFinite(a + b + e + f)) continue;
      const which = (a > level) | ((b > level) << 1) | ((e > level) << 2) | ((f > level) << 3);
      if (which === 0 || which === 15) continue;
      const side = [
        () => to(i + (level - a) / (b - a), j),
        () => to(i + 1, j + (level - b) / (e - b)),
        () => to(i + (level - f) / (e - f), j + 1),
        () => to(i, j + (level - a) / (f - a)),
      ];
      const segments = SEGMENTS[which];
      for (let s = 0; s < segments.length; s += 2) {
        c.moveTo(...side[segments[s]]());
        c.lineTo(...side[segments[s + 1]]());
      }
    }
  }
}

/** Add a mark to the path: circle, diamond or square (the "ring" kinds have the same outline). */
export function addMark(c, kind, x, y, r) {
  if (kind.endsWith("diamond")) {
    r *= 1.25;
    c.moveTo(x, y - r);
    c.lineTo(x + r, y);
    c.lineTo(x, y + r);
    c.lineTo(x - r, y);
    c.closePath();
  } else if (kind === "square") {
    c.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
  } else {
    c.moveTo(x + r, y);
    c.arc(x, y, r, 0, 2 * Math.PI);
  }
}

/** Text with a halo of paper, to be read over lines. */
export function haloText(c, text, x, y, colour, paper) {
  c.strokeStyle = paper;
  c.lineWidth = 3.5;
  c.strokeText(text, x, y);
  c.fillStyle = colour;
  c.fillText(text, x, y);
}
