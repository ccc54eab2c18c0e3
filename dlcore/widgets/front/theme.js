// Colours. CSS owns them (style.js), the canvas reads them; maps are mixed in OKLab and kept as 256 packed pixels.

const NAMES = [
  "ink", "ink2", "rule", "hair", "fill", "mid", "a", "b", "g", "g1", "g2", "g3", "s1", "s2", "s3",
  "seq0", "seq1", "seq2",
];
const ALIASES = { blue: "a", vermillion: "b", gradient: "g", grad: "g" };

/** "#rrggbb" or "rgb(r, g, b)" -> [r, g, b] */
function parse(css) {
  const hex = css.trim().match(/^#(..)(..)(..)$/);
  if (hex) return hex.slice(1).map(h => parseInt(h, 16));
  return (css.match(/[\d.]+/g) || [0, 0, 0]).slice(0, 3).map(Number);
}

const toHex = rgb => "#" + rgb.map(v => Math.round(v).toString(16).padStart(2, "0")).join("");
const toLinear = u => (u /= 255) <= 0.04045 ? u / 12.92 : ((u + 0.055) / 1.055) ** 2.4;
const fromLinear = u => 255 * (u <= 0.0031308 ? 12.92 * u : 1.055 * u ** (1 / 2.4) - 0.055);

/** sRGB -> OKLab (Ottosson 2020) */
function toOklab(rgb) {
  const [r, g, b] = rgb.map(toLinear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** OKLab -> sRGB, clipped */
function fromOklab([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map(v => Math.min(255, Math.max(0, fromLinear(Math.max(0, v)))));
}

const between = (p, q, t) => p.map((v, i) => v + (q[i] - v) * t);

/** The colour a share `t` of the way from `from` to `to`. */
export function mix(from, to, t) {
  return toHex(fromOklab(between(toOklab(parse(from)), toOklab(parse(to)), t)));
}

/** 256 packed pixels through the stops, evenly spaced. */
function colourMap(stops) {
  const points = stops.map(c => toOklab(parse(c)));
  const pixels = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (points.length - 1);
    const k = Math.min(points.length - 2, Math.floor(at));
    const [r, g, b] = fromOklab(between(points[k], points[k + 1], at - k)).map(Math.round);
    pixels[i] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  }
  return pixels;
}

/** The first painted background behind a node: one test serves the book, Jupyter, VS Code and Colab. */
export function paperBehind(node) {
  for (let n = node; n; n = n.parentElement) {
    const css = getComputedStyle(n).backgroundColor;
    if (css && css !== "transparent" && !/, 0\)$/.test(css)) return toHex(parse(css));
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#ffffff";
}

export function luminance(css) {
  const [r, g, b] = parse(css).map(toLinear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The ordinal ramp of the layers: layer `i` (from 0) of `n`. */
function layerColour(theme, i, n) {
  if (n < 2) return theme.values.g2;
  const at = (i / (n - 1)) * 2;
  const stops = [theme.values.g1, theme.values.g2, theme.values.g3];
  const k = Math.min(1, Math.floor(at));
  return mix(stops[k], stops[k + 1], at - k);
}

/** Colours by name. Names: those of style.js, "blue", "vermillion", "gradient", and "g2/5" (layer 2 of 5). */
class Theme {
  constructor(paper, values, font) {
    Object.assign(this, { paper, values, font, dark: luminance(paper) < 0.2, cache: new Map() });
    const weak = this.dark ? 0.58 : 0.62; // a backdrop stays pale, so that points stand out on it
    const { a, b, mid, seq0, seq1, seq2 } = values;
    this.maps = {
      div: colourMap([b, mid, a]),
      field: colourMap([mix(b, mid, weak), mid, mix(a, mid, weak)]),
      seq: colourMap([seq0, seq1, seq2]),
      grad: colourMap([mid, mix(mid, values.g, 0.6), values.g1]),
      ground: colourMap([paper, mix(paper, values.ink, 0.3)]), // a backdrop without a sign: heights
      grey: colourMap([paper, values.ink]),
    };
    Object.assign(this, { ink: values.ink, ink2: values.ink2, rule: values.rule, hair: values.hair });
  }

  color(name = "ink") {
    const layer = /^g(\d+)\/(\d+)$/.exec(name);
    if (!layer) return this.values[ALIASES[name] || name] || this.values.ink;
    if (!this.cache.has(name)) this.cache.set(name, layerColour(this, layer[1] - 1, Number(layer[2])));
    return this.cache.get(name);
  }

  /** The same hue, dark (light) enough to be read at 11 px. */
  text(name) {
    const key = "text " + name;
    if (!this.cache.has(key)) this.cache.set(key, mix(this.color(name), this.ink, this.dark ? 0.12 : 0.25));
    return this.cache.get(key);
  }

  /** The colour of a share 0..1 in a map, for CSS. */
  css(map, share) {
    const v = this.maps[map][Math.max(0, Math.min(255, Math.round(share * 255)))];
    return `rgb(${v & 255},${(v >> 8) & 255},${(v >> 16) & 255})`;
  }
}

/** Read the paper behind `root`, mark root light or dark, and return the colours that CSS then gives. */
export function readTheme(root) {
  const paper = paperBehind(root.parentElement);
  root.dataset.theme = luminance(paper) < 0.2 ? "dark" : "light";
  root.style.setProperty("--paper", paper);
  const style = getComputedStyle(root);
  const values = {};
  for (const name of NAMES) values[name] = style.getPropertyValue("--" + name).trim();
  return new Theme(paper, values, style.fontFamily);
}
