// Lines over the steps so far (the lab keeps the history), or along an axis of the frame. Labels stand at the line's end.

import { el, setText } from "../dom.js";
import { clamp, fixed, linearTicks, logTicks, number, running, spread } from "../format.js";
import { AXIS_GUTTER, GUTTER, Surface } from "../surface.js";

const SMALLEST = 1e-12; // below it a logarithm says nothing
const RAW = 0.28; // opacity of the raw values under a smoothed line
const PER_PIXEL = 1.5; // vertices of a line
const LABEL_ROW = 12; // px of a label

class Lines {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab });
    this.overSteps = spec.over === "step" || spec.over == null;
    this.sels = spec.sel ? [].concat(spec.sel) : [];
    this.surface = new Surface(caption.body, lab, {
      aspect: spec.aspect, height: spec.height, interactive: true,
      label: `${spec.title}; left and right arrow keys move ${this.overSteps ? "through the steps" : "along the axis"}`,
    });
    this.gutter = { ...GUTTER, ...(spec.axis ? AXIS_GUTTER : {}) };
    this.makeKey(caption.key);
    this.listen();
  }

  // ---- data

  /** {n, x(i), y(i)} of one series, or null. */
  dataOf(line) {
    if (this.overSteps) return this.lab.series(line.data, line.index || 0);
    const array = this.lab.array(line.data);
    if (!array) return null;
    const n = array.shape[array.shape.length - 1];
    const row = array.shape.length > 1 ? line.index ?? this.lab.selections.get(this.sels[1]) ?? 0 : 0;
    if (row >= array.data.length / n) return null;
    const places = this.spec.x && this.lab.array(this.spec.x)?.data;
    return { n, x: places ? i => places[i] : i => i, y: i => array.data[row * n + i] };
  }

  /** The place that is looked at: a step, or a place on the axis. */
  get cursor() {
    return this.overSteps ? this.lab.cursor : this.lab.selections.get(this.sels[0]);
  }

  /** Index of the cursor in a series; of the last one when nothing is looked at. */
  indexIn(data) {
    const at = this.cursor;
    if (at == null) return data.n - 1;
    if (!this.overSteps) return Math.min(data.n - 1, at);
    let lo = 0, hi = data.n - 1;
    while (lo < hi) {
      const middle = (lo + hi) >> 1;
      if (data.x(middle) < at) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  // ---- scales

  height = v => (this.spec.log ? Math.log10(Math.max(v, SMALLEST)) : v);

  /** Is it a value? With `gaps`, what is below `lo` is none. */
  isThere = v => Number.isFinite(v) && (!this.spec.gaps || v >= this.spec.lo);

  /** Can it be drawn? On a logarithmic axis zero and less cannot. */
  hasPlace = v => this.isThere(v) && (!this.spec.log || v > 0);

  measure(all) {
    const { spec } = this;
    let lo = Infinity, hi = -Infinity;
    this.from = spec.x ? Infinity : 0;
    this.to = spec.x ? -Infinity : 1;
    for (const data of all) {
      if (!data || !data.n) continue;
      if (spec.x) this.from = Math.min(this.from, data.x(0));
      this.to = Math.max(this.to, data.x(data.n - 1));
      for (let i = 0; i < data.n; i++) {
        const v = data.y(i);
        if (!this.hasPlace(v)) continue;
        const h = this.height(v);
        if (h < lo) lo = h;
        if (h > hi) hi = h;
      }
    }
    this.setRange(lo, hi);
    if (!(this.to > this.from)) this.to = this.from + 1;
  }

  setRange(lo, hi) {
    const { spec } = this;
    if (!(lo <= hi)) [lo, hi] = [0, 1];
    if (spec.floor != null) [lo, hi] = [Math.max(lo, this.height(spec.floor)), Math.max(hi, this.height(spec.floor))];
    const least = spec.log ? 0.5 : Math.max(1e-3, Math.abs(hi) * 1e-3);
    if (hi - lo < least) [lo, hi] = [lo - least / 2, hi + least / 2];
    const pad = (hi - lo) * 0.06;
    this.lo = spec.lo != null ? this.height(spec.lo) : lo - pad;
    this.hi = spec.hi != null ? this.height(spec.hi) : hi + pad;
    if (!(this.hi > this.lo)) this.hi = this.lo + least;
  }

  /** The plot between the gutters; they grow where labels need it. */
  fit(c) {
    const { surface, gutter } = this;
    this.ticks = (this.spec.log ? logTicks : linearTicks)(this.lo, this.hi, 3).map(([h, text]) => [h, this.tickText(text, h)]);
    const widest = Math.max(0, ...this.ticks.map(([, text]) => c.measureText(text).width));
    if (!this.spec.axis) {
      gutter.left = Math.max(gutter.left, widest + 6);
      c.font = surface.font(600);
      gutter.right = Math.max(gutter.right, ...this.spec.series.map(line => c.measureText(line.label).width + 8));
      c.font = surface.font();
    }
    this.plot = { left: gutter.left, top: gutter.top, width: surface.width - gutter.left - gutter.right, height: surface.height - gutter.top - gutter.bottom };
  }

  px = x => {
    const share = this.spec.axis ? (x + 0.5) / (this.to + 1) : (x - this.from) / (this.to - this.from);
    return this.plot.left + share * this.plot.width;
  };

  pyHeight = h => this.plot.top + (1 - (h - this.lo) / (this.hi - this.lo)) * this.plot.height;
  py = v => this.pyHeight(this.height(v));

  // ---- drawing

  draw() {
    const c = this.surface.begin();
    const all = this.spec.series.map(line => this.dataOf(line));
    this.measure(all);
    this.fit(c);
    this.drawGrid(c);
    this.drawPlaces(c);
    const ends = this.drawReferences(c);
    c.save();
    c.beginPath();
    c.rect(this.plot.left - 3, this.plot.top - 2, this.plot.width + 6, this.plot.height + 4);
    c.clip();
    all.forEach((data, k) => { if (data?.n) ends.push(this.drawLine(c, data, this.spec.series[k])); });
    c.restore();
    this.drawCursor(c, all, ends);
    this.drawEnds(c, ends.filter(end => Number.isFinite(end.y)));
    this.showKey(all);
  }

  tickText(text, v) {
    if (!this.spec.percent) return text;
    return `${number(100 * (this.spec.log ? 10 ** v : v), 3)} %`;
  }

  drawGrid(c) {
    const { theme } = this.lab;
    const { left, width } = this.plot;
    c.lineWidth = 1;
    c.textAlign = this.spec.mirror ? "left" : "right";
    c.fillStyle = theme.ink2;
    c.strokeStyle = theme.hair;
    c.beginPath();
    for (const [h, text] of this.ticks) {
      const y = Math.round(this.pyHeight(h)) + 0.5;
      c.moveTo(left, y);
      c.lineTo(left + width, y);
      if (this.spec.mirror) c.fillText(text, left + width + 4, y);
      else c.fillText(text, left - (this.spec.axis ? 3 : 5), y);
    }
    c.stroke();
  }

  drawPlaces(c) {
    const { left, width } = this.plot;
    const y = this.surface.height - 7;
    c.textAlign = "center";
    c.fillStyle = this.lab.theme.ink2;
    const tokens = this.spec.tokens && (this.lab.array(this.spec.tokens)?.value || this.spec.tokens);
    if (Array.isArray(tokens)) return this.drawTokens(c, tokens, y);
    const last = left + width - (this.overSteps ? 8 : -8);
    for (const [v, text] of linearTicks(this.from, this.to, 3)) {
      const whole = !this.overSteps || Number.isInteger(v);
      if (whole && this.px(v) <= last) c.fillText(text, this.px(v), y);
    }
    c.textAlign = "left";
    const unit = this.overSteps ? "step" : this.spec.unit || "";
    c.fillText(unit, left + width + 5, y);
  }

  /** From the left, each that touches none before it; the chosen one in any case. */
  drawTokens(c, tokens, y) {
    const reach = i => c.measureText(tokens[i]).width / 2 + 1.5, at = this.cursor;
    const chosen = at != null && tokens[at] ? [this.px(at) - reach(at), this.px(at) + reach(at)] : [Infinity, -Infinity];
    let end = -Infinity;
    tokens.forEach((token, i) => {
      const from = this.px(i) - reach(i), to = this.px(i) + reach(i);
      if (i !== at && (from < end || (to > chosen[0] && from < chosen[1]))) return;
      c.fillText(token, this.px(i), y);
      if (token) end = to;
    });
  }

  drawReferences(c) {
    const ends = [];
    const { left, width } = this.plot;
    c.strokeStyle = this.lab.theme.ink2;
    c.setLineDash([1, 3]);
    for (const { y: v, label } of this.spec.refs || []) {
      const y = Math.round(this.py(v)) + 0.5;
      c.beginPath();
      c.moveTo(left, y);
      c.lineTo(left + width, y);
      c.stroke();
      if (label) ends.push({ y, text: label, color: "ink2", weight: 400 });
    }
    c.setLineDash([]);
    return ends;
  }

  /** @returns where the line ends, for its label */
  drawLine(c, data, line) {
    c.strokeStyle = this.lab.theme.color(line.color);
    c.lineWidth = line.width || 1.5;
    c.setLineDash(line.dash ? [4, 3] : []);
    if (line.smooth) c.globalAlpha = RAW;
    this.strokeRaw(c, data);
    c.globalAlpha = 1;
    const end = line.smooth ? this.strokeSmooth(c, data, line.smooth) : this.lastHeight(data);
    c.setLineDash([]);
    return { y: clamp(this.pyHeight(end), this.plot.top, this.plot.top + this.plot.height), line, text: line.label, color: line.color, weight: 600 };
  }

  /** Where the line ends, for one who reads along it. */
  lastHeight(data) {
    for (let k = 0; k < data.n; k++) {
      const v = data.y(this.spec.mirror ? k : data.n - 1 - k);
      if (this.hasPlace(v)) return this.height(v);
    }
    return NaN;
  }

  /** The line breaks where a value is not finite, or has no logarithm. */
  strokeRaw(c, data) {
    const every = Math.max(1, data.n / (this.plot.width * PER_PIXEL));
    c.beginPath();
    let pen = false;
    const visit = i => {
      const v = data.y(i);
      const ok = this.hasPlace(v);
      if (ok && pen) c.lineTo(this.px(data.x(i)), this.py(v));
      else if (ok) c.moveTo(this.px(data.x(i)), this.py(v));
      pen = ok;
    };
    for (let at = 0; at < data.n - 1; at += every) visit(Math.floor(at));
    visit(data.n - 1);
    c.stroke();
    if (data.n === 1 && pen) this.dot(c, this.px(data.x(0)), this.py(data.y(0)), 2);
  }

  dot(c, x, y, radius) {
    c.beginPath();
    c.arc(x, y, radius, 0, 2 * Math.PI);
    c.fillStyle = c.strokeStyle;
    c.fill();
  }

  /** Moving mean of what is drawn, corrected for its start as Adam's moments are. @returns its last height */
  strokeSmooth(c, data, beta) {
    let mean = 0, weight = 1, h = NaN;
    c.beginPath();
    for (let i = 0; i < data.n; i++) {
      if (!this.hasPlace(data.y(i))) continue;
      mean += (1 - beta) * (this.height(data.y(i)) - mean);
      weight *= beta;
      h = mean / (1 - weight);
      c.lineTo(this.px(data.x(i)), this.pyHeight(h));
    }
    c.stroke();
    return h;
  }

  drawCursor(c, all, ends) {
    const at = this.cursor;
    const { theme } = this.lab;
    if (at == null) return;
    const place = this.spec.x && all[0] ? all[0].x(this.indexIn(all[0])) : at;
    if (place < this.from || place > this.to) return;
    const x = Math.round(this.px(place)) + 0.5;
    c.strokeStyle = theme.ink2;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(x, this.plot.top);
    c.lineTo(x, this.plot.top + this.plot.height);
    c.stroke();
    all.forEach((data, k) => { if (data?.n) this.drawCursorPoint(c, x, data, this.spec.series[k], ends); });
  }

  drawCursorPoint(c, x, data, line, ends) {
    const v = data.y(this.indexIn(data));
    if (!this.hasPlace(v)) return;
    const y = clamp(this.py(v), this.plot.top, this.plot.top + this.plot.height);
    c.fillStyle = this.lab.theme.color(line.color);
    c.strokeStyle = this.lab.theme.paper;
    c.beginPath();
    c.arc(x, y, 3, 0, 2 * Math.PI);
    c.fill();
    c.stroke();
    if (this.values || this.spec.mirror) return; // mirrored, the other end of the line says its name
    const end = ends.find(e => e.line === line);
    if (end) end.value = v;
  }

  drawEnds(c, ends) {
    const { left, width, top, height } = this.plot;
    const labels = this.labelsOf(c, ends);
    const gap = Math.min(LABEL_ROW, (height - 4) / Math.max(1, labels.length - 1));
    c.textAlign = this.spec.mirror ? "right" : "left";
    for (const label of spread(labels, gap, top + 4, top + height - 4)) {
      c.font = this.surface.font(label.weight);
      c.fillStyle = this.lab.theme.text(label.color);
      c.fillText(label.text, this.spec.mirror ? left - 5 : left + width + 5, label.y);
    }
  }

  /** A line's name, with its value at the cursor beside it, or below it; without it where all of them have no room. */
  labelsOf(c, ends) {
    const room = this.surface.width - this.plot.left - this.plot.width - 5;
    c.font = this.surface.font(600);
    const fits = text => c.measureText(text).width <= room;
    const texts = ends.map(({ text, value }) => {
      if (value === undefined) return [text];
      const said = this.valuesOf(value).find(fits) ?? this.valuesOf(value).at(-1);
      return fits(`${text} ${said}`) ? [`${text} ${said}`] : [text, said];
    });
    const all = texts.flat().length * LABEL_ROW <= this.plot.height + LABEL_ROW / 2;
    return ends.flatMap((end, k) => (all ? texts[k] : texts[k].slice(0, 1)).map(text => ({ ...end, text })));
  }

  /** A value in two digits, or in one where that is too long. */
  valuesOf(v) {
    return this.spec.percent ? [`${Math.round(100 * v)} %`] : [number(v, 2), number(Number(v.toPrecision(1)), 2)];
  }

  // ---- the numbers in the caption, where there are one or two lines

  makeKey(key) {
    const { series, span = 12 } = this.spec;
    const few = this.overSteps && series.length <= 2 && span >= 4 && series.every(line => line.label.length > 2);
    if (!few) return;
    this.values = this.spec.series.map(() => el("span", { class: "dl-num dl-value" }));
    key.append(...this.values);
  }

  valueText(v) {
    return this.spec.percent ? `${fixed(100 * v, 1)} %` : running(v);
  }

  showKey(all) {
    this.values?.forEach((node, k) => {
      const data = all[k];
      const { label } = this.spec.series[k];
      setText(node, data?.n ? `${this.values.length > 1 ? label + " " : ""}${this.valueText(data.y(this.indexIn(data)))}` : "");
    });
  }

  // ---- moving along

  listen() {
    const { canvas } = this.surface;
    canvas.style.touchAction = "pan-y";
    canvas.addEventListener("pointerdown", event => this.goTo(this.placeAt(event)));
    canvas.addEventListener("pointermove", event => {
      if (!this.overSteps) this.lab.selections.point(this.sels[0], Math.round(this.placeAt(event)));
      else if (event.buttons) this.goTo(this.placeAt(event));
    });
    canvas.addEventListener("pointerleave", () => { if (!this.overSteps) this.lab.selections.point(this.sels[0], null); });
    canvas.addEventListener("keydown", event => this.onKey(event));
  }

  /** A step, or the index of a place on the axis. */
  placeAt(event) {
    if (!this.plot) return 0;
    const share = clamp((this.surface.at(event)[0] - this.plot.left) / this.plot.width, 0, 1);
    if (this.overSteps) return share * this.to;
    const n = Math.max(1, ...this.spec.series.map(line => this.dataOf(line)?.n || 0));
    return this.spec.axis ? clamp(share * n - 0.5, 0, n - 1) : share * (n - 1);
  }

  goTo(place) {
    if (this.overSteps) this.lab.seek(place);
    else this.lab.selections.pin(this.sels[0], Math.round(place));
  }

  onKey(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.overSteps) return this.lab.scrubTo(this.lab.position() + way);
    const n = Math.max(1, ...this.spec.series.map(line => this.dataOf(line)?.n || 0));
    const at = this.lab.selections.get(this.sels[0]) ?? (this.spec.mirror ? n : 0);
    this.lab.selections.pin(this.sels[0], clamp(at + way, 0, n - 1));
  }

  // ---- words

  describe() {
    const parts = this.spec.series.map(line => {
      const data = this.dataOf(line), v = data?.n ? data.y(this.indexIn(data)) : NaN;
      return data?.n && (this.isThere(v) || !this.spec.gaps) ? `${line.label} ${this.valueText(v)}` : `${line.label}: nothing yet`;
    });
    return `${this.lab.selections.fill(this.spec.title)}: ${parts.join(", ")}.`;
  }

  numbers() {
    const rows = this.spec.series.map(line => {
      const data = this.dataOf(line);
      if (!data?.n) return [line.label, "", "", ""];
      const values = Array.from({ length: data.n }, (_, i) => data.y(i)).filter(this.isThere);
      return [line.label, data.y(this.indexIn(data)), Math.min(...values), Math.max(...values)];
    });
    return { columns: ["line", "here", "least", "greatest"], rows };
  }

  destroy() {
    this.surface.destroy();
  }
}

export const lines = (caption, spec, lab) => new Lines(caption, spec, lab);
