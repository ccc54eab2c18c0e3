// What the chosen cell is made of: a grid of products left · right, their sums by rows, and the whole as one line.
// `sums` say it for several ranges of one selection; row k of `places` are the cells of `left` that go into cell k, in the
// order of `right` (-1: none). So a convolution and both of its gradients are the same panel. Without `right` the cells of
// `left` stand there as they are, and `texts` says what is made of them; `mark` outlines some.

import { el } from "../dom.js";
import { markedUp, plain } from "../markup.js";
import { drawArray, Raster } from "../raster.js";
import { Surface } from "../surface.js";
import { compact, drawSeparators, inkOn, outlineCells, rowOf } from "./cells.js";

const SUMS_WIDTH = 62; // px, for the sums of the rows
const WIDEST = 132, TALLEST = 80; // px, of a cell
const PALE = 1.7; // the largest product has this part of the map's end, so that ink can be read on it

const factor = (v, decimals) => (v < 0 ? `(${compact(v, decimals)})` : compact(v, decimals));
const joined = numbers => numbers.map((v, k) => (k && v < 0 ? ` − ${compact(-v)}` : (k ? " + " : "") + compact(v))).join("");

class Products {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: [spec.sel], raster: new Raster(), text: "" });
    this.surface = new Surface(caption.body, lab, { height: spec.height || 190, label: spec.title });
    this.line = el("p");
    caption.body.append(el("div", { class: "dl-formula dl-num" }, this.line));
  }

  /** The declaration that the chosen cell belongs to, with its number there; null without a choice. */
  get chosen() {
    const part = this.lab.selections.get(this.spec.sel);
    for (const sum of part == null ? [] : this.spec.sums) {
      const k = part - (sum.first || 0);
      if (k >= 0 && k < (this.lab.array(sum.places)?.shape[0] || 0)) return { sum, k };
    }
    return null;
  }

  /** All there is to say of the chosen cell: its terms row by row, sums of rows, its place and its value. */
  get account() {
    const { sum, k } = this.chosen || {};
    if (!sum || !this.isThere(sum)) return null; // nothing is chosen, or a new run has no frame yet
    const result = this.lab.array(sum.data);
    const places = this.lab.array(sum.places);
    const [h, w] = places.shape.slice(1);
    const left = this.lab.array(sum.left).data, right = this.rightOf(sum, k);
    const terms = [...rowOf(places, k)].map((place, q) => {
      const there = place >= 0;
      const [p, r] = there ? [left[place], right ? right[q] : 1] : [0, 0];
      return { there, left: p, right: r, product: p * r };
    });
    const rows = Array.from({ length: h }, (_, i) => terms.slice(i * w, (i + 1) * w).reduce((s, t) => s + t.product, 0));
    const columns = result.shape[1];
    const more = sum.plus ? [this.lab.array(sum.plus).data[0]] : [];
    return { sum, h, w, terms, rows, more, row: Math.floor(k / columns), column: k % columns, value: result.data[k], k };
  }

  /** Has the frame all that a sum tells of? One of before an activation was chosen has not. */
  isThere({ data, left, right, plus, then, mark, texts }) {
    return [data, left, right, plus, then?.data, mark, texts].every(name => !name || this.lab.array(name));
  }

  /** The factors of cell k: the same for all cells, (h, w), or its own of (n, h, w); null where there are none. */
  rightOf(sum, k) {
    const array = sum.right ? this.lab.array(sum.right) : null;
    return array?.shape.length === 3 ? rowOf(array, k) : array?.data;
  }

  draw() {
    const c = this.surface.begin();
    const account = this.account;
    this.write(account ? this.sentence(account) : "");
    if (!account) return;
    const { h, w, terms, rows, sum, k } = account;
    const cw = Math.min(WIDEST, (this.surface.width - SUMS_WIDTH) / w), ch = Math.min(TALLEST, this.surface.height / h);
    const grid = { h, w, left: 0, top: 0, cw, ch };
    const most = PALE * Math.max(1e-9, ...terms.map(t => Math.abs(t.product)));
    const data = Float32Array.from(terms, t => (t.there ? t.product : NaN));
    const [map, lo] = sum.right ? ["div", -most] : ["seq", 0];
    drawArray(c, this.raster, this.lab.theme.maps[map], data, { w, h, lo, hi: most }, [0, 0, w * cw, h * ch]);
    drawSeparators(c, grid, this.lab.theme.paper);
    const marked = sum.mark ? [...rowOf(this.lab.array(sum.mark), k)].flatMap((v, q) => (v ? [q] : [])) : [];
    if (marked.length) outlineCells(c, marked, grid, this.lab.theme.color("g"), this.lab.theme.paper);
    const inkOf = product => inkOn(this.lab.theme, map, (product - lo) / (most - lo));
    this.drawTerms(c, terms, grid, { hasFactors: Boolean(sum.right), inkOf });
    if (sum.right) this.drawRowSums(c, rows, grid);
  }

  /** Both factors and the product, as far as there is room for all of them. */
  drawTerms(c, terms, { w, cw, ch }, { hasFactors, inkOf }) {
    const fits = texts => texts.every(text => c.measureText(text).width <= cw - 4);
    const factorsWith = decimals => terms.map(t => (t.there ? `${compact(t.left, decimals)}·${factor(t.right, decimals)}` : ""));
    const products = terms.map(t => (t.there ? compact(t.product, hasFactors ? 3 : 4) : ""));
    c.textAlign = "center";
    c.font = this.surface.font(600);
    const one = ch >= 12 && fits(products);
    c.font = this.surface.font(400);
    const factors = hasFactors && ch >= 27 ? [3, 2].map(factorsWith).find(fits) : null, both = Boolean(factors);
    terms.forEach((t, q) => {
      const x = ((q % w) + 0.5) * cw, y = (Math.floor(q / w) + 0.5) * ch;
      if (!t.there) return this.cross(c, x, y);
      c.fillStyle = inkOf(t.product);
      if (both) {
        c.font = this.surface.font(400);
        c.fillText(factors[q], x, y - 6.5);
      }
      c.font = this.surface.font(both ? 600 : 400);
      if (one) c.fillText(products[q], x, y + (both ? 7 : 0.5));
    });
  }

  /** Nothing comes from here. */
  cross(c, x, y) {
    c.strokeStyle = this.lab.theme.rule;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(x - 3, y - 3);
    c.lineTo(x + 3, y + 3);
    c.moveTo(x + 3, y - 3);
    c.lineTo(x - 3, y + 3);
    c.stroke();
  }

  drawRowSums(c, rows, { w, cw, ch }) {
    c.textAlign = "left";
    c.font = this.surface.font(600, 12);
    c.fillStyle = this.lab.theme.ink;
    rows.forEach((sum, i) => c.fillText(`= ${compact(sum)}`, w * cw + 8, (i + 0.5) * ch + 0.5));
  }

  // ---- in words

  write(text) {
    if (text === this.text) return;
    this.text = text;
    this.line.replaceChildren(...markedUp(text));
  }

  /** "z_{2,3} = 0.5 − 0.25 + 1 = 1.25": the sums of the rows, what is added, the value, and what becomes of it. */
  sentence({ sum, row, column, rows, more, value, k }) {
    if (sum.texts) return this.lab.array(sum.texts).value[k];
    const after = sum.then ? `,   ${sum.then.name}_{${row},${column}} = ${sum.then.text} = ${compact(this.lab.array(sum.then.data).data[k])}` : "";
    const label = more.length ? ` (${sum.plus})` : "", parts = [...rows, ...more];
    const total = parts.length > 1 ? `${joined(parts)}${label} = ` : ""; // of one part it would be the value twice
    return `${sum.name}_{${row},${column}} = ${total}${compact(value)}${after}`;
  }

  title() {
    const account = this.account;
    if (!account) return this.spec.title;
    return account.sum.title.replace("{row}", account.row).replace("{column}", account.column);
  }

  /** What a screen reader hears when another cell is chosen. */
  says() {
    const account = this.account;
    return account ? plain(this.sentence(account)) : "";
  }

  describe() {
    return `${this.title()}: ${this.says()}`;
  }

  /** Every term, of a sum that is not too long to be read. */
  numbers() {
    const account = this.account;
    if (!account || account.terms.length > 64) return null;
    const { w, terms, sum } = account;
    const there = terms.map((t, q) => [t, q]).filter(([t]) => t.there);
    const place = q => `${Math.floor(q / w)}, ${q % w}`;
    if (!sum.right) return { columns: ["row, column", "number"], rows: there.map(([t, q]) => [place(q), t.left]) };
    return {
      columns: ["row, column", "factor", "factor", "product"],
      rows: there.map(([t, q]) => [place(q), t.left, t.right, t.product]),
    };
  }

  destroy() {
    this.surface.destroy();
  }
}

export const products = (caption, spec, lab) => new Products(caption, spec, lab);
