// Numbers as text, ticks on axes, labels that keep apart.

export const clamp = (v, lo, hi) => (v < lo ? lo : v > hi ? hi : v);

const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const minus = text => text.replace(/-/g, "−");

/** 10^e in few characters. */
function powerOfTen(e) {
  if (e >= 0 && e < 4) return String(10 ** e);
  if (e < 0 && e > -3) return String(Number((10 ** e).toFixed(3)));
  return "10" + String(e).replace(/./g, c => SUPERSCRIPT[c]);
}

/** A number with `digits` significant digits, a true minus sign, and a power of ten where that is shorter. */
export function number(v, digits = 3) {
  if (!Number.isFinite(v)) return "not finite";
  if (v === 0) return "0";
  if (Math.abs(v) >= 1e5 || Math.abs(v) < 1e-3) {
    const [mantissa, exponent] = v.toExponential(1).split("e");
    const m = mantissa.replace(/\.0$/, "");
    return minus(`${m}·10`) + String(Number(exponent)).replace(/./g, c => SUPERSCRIPT[c]);
  }
  return minus(String(Number(v.toPrecision(Math.max(digits, Math.abs(v) >= 1000 ? 5 : 0)))));
}

/** Always the same number of decimals, so that a running number does not jump. */
export function fixed(v, decimals = 2) {
  return Number.isFinite(v) ? minus(v.toFixed(decimals)) : "not finite";
}

/** A running positive number such as a loss: three significant digits and no jumping. */
export function running(v) {
  if (!Number.isFinite(v)) return "not finite";
  const size = Math.abs(v);
  if (size !== 0 && (size < 1e-3 || size >= 1e4)) return number(v, 2);
  return fixed(v, size < 10 ? 3 : size < 100 ? 2 : 1);
}

/** 12 345 with thin spaces. */
export const grouped = n => n.toLocaleString("en").replace(/,/g, "\u2009");

/** About `n` ticks of a linear axis: [value, text] pairs. */
export function linearTicks(lo, hi, n) {
  const raw = (hi - lo) / n;
  if (!(raw > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(k => k * power).find(k => k >= raw * 0.999);
  const ticks = [];
  for (let k = Math.ceil(lo / step - 1e-9); k * step <= hi + step * 1e-6; k++) {
    ticks.push([k * step, number(Number((k * step).toPrecision(12)), 3)]);
  }
  return ticks;
}

/** About `n` ticks of a logarithmic axis; `lo` and `hi` are exponents: [exponent, text] pairs. */
export function logTicks(lo, hi, n) {
  const first = Math.ceil(lo - 0.01);
  const last = Math.floor(hi + 0.01);
  const every = Math.max(1, Math.ceil((last - first + 1) / n));
  const decades = [];
  for (let e = first; e <= last; e += every) decades.push([e, powerOfTen(e)]);
  if (decades.length > 1) return decades;
  const fine = [];
  for (let e = Math.floor(lo); e <= hi; e++) {
    for (const m of [1, 2, 5]) {
      const v = e + Math.log10(m);
      if (v >= lo && v <= hi) fine.push([v, number(m * 10 ** e, 2)]);
    }
  }
  return fine.length > n ? fine.filter((_, i) => i % 2 === 0) : fine;
}

/** Move labels apart along y, keeping their order. Changes and returns `items` (objects with y). */
export function spread(items, gap, lo, hi) {
  items.sort((p, q) => p.y - q.y);
  let y = lo - gap;
  for (const item of items) y = item.y = Math.max(item.y, y + gap);
  y = hi + gap;
  for (let k = items.length - 1; k >= 0; k--) y = items[k].y = Math.min(items[k].y, y - gap);
  return items;
}

/** "1 point", "3 points". */
export const plural = (n, one, many = one + "s") => `${grouped(n)} ${n === 1 ? one : many}`;
