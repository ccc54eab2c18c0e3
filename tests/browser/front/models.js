// Fake models: the four methods of an anywidget model, answered in the page or by a Python session behind a bridge.

class Model {
  constructor(state) {
    this.state = { host: "jupyter", lab: "sink", ...state };
    this.handlers = {};
    this.sent = [];
  }

  get(key) { return this.state[key]; }

  on(name, f) { (this.handlers[name] ??= new Set()).add(f); }

  off(name, f) { this.handlers[name]?.delete(f); }

  get listeners() { return Object.values(this.handlers).reduce((n, set) => n + set.size, 0); }

  emit(content, buffers = []) {
    for (const f of [...(this.handlers["msg:custom"] || [])]) f(content, buffers);
  }
}

/** Arrays as anywidget delivers them: headers and DataViews, on addresses that are no multiple of 4. */
function pack(arrays) {
  const headers = [], buffers = [];
  for (const [name, value] of Object.entries(arrays)) {
    if (!value.shape) { headers.push({ name, value }); continue; }
    headers.push({ name, shape: value.shape, dtype: "f4" });
    const bytes = new Uint8Array(value.data.length * 4 + 1);
    bytes.set(new Uint8Array(Float32Array.from(value.data).buffer), 1);
    buffers.push(new DataView(bytes.buffer, 1));
  }
  return [headers, buffers];
}

const array = (shape, f) => {
  const n = shape.reduce((p, q) => p * q, 1);
  return { shape, data: Float32Array.from({ length: n }, (_, k) => f(k)) };
};

const TOKENS = [..."ro(net)lots(aster)a(l"];
const SIZES = [2, 3, 1];
const EDGES = 9;

const slider = (value, lo, hi, label, more) => ({ control: "slider", value, default: value, lo, hi, label, log: false, step: null, unit: "", ...more });

const CONTROLS = {
  alpha: slider(0.03, 1e-4, 10, "learning rate α", { log: true }),
  batch: slider(32, 1, 256, "batch size", { log: true, step: 1 }),
  layers: slider(2, 0, 6, "hidden layers", { step: 1 }),
  units_3: slider(4, 1, 8, "units in layer 3", { step: 1, when: ["layers", 3] }),
  data: { control: "choice", value: "spiral", default: "spiral", options: ["spiral", "moons", "own"], label: "data", restarts: true },
  paint: { control: "choice", value: "class 1", default: "class 1", options: ["class 0", "class 1"], label: "a click adds", when: ["data", "own"] },
  x1: { control: "switch", value: true, default: true, label: "x₁", group: "input features" },
  x2: { control: "switch", value: true, default: true, label: "x₂", group: "input features" },
  length: { control: "number", value: 12, default: 12, lo: 1, hi: 99, step: 1, label: "length" },
  noise: slider(0.05, 0, 0.5, "noise σ", { step: 0.01, more: true }),
  said: { control: "text", value: "not bad", default: "not bad", most: 20, label: "your words" },
};

const PANELS = [
  { kind: "network", name: "net", title: "network", span: 7, aspect: 1.4, sizes: SIZES, tiles: "tiles", sel: "neuron", numbers: true,
    inputs: ["x₁", "x₂"], outputs: ["ŷ"], views: [{ label: "weights", data: "W", color: "div", key: "w" }, { label: "gradients", data: "dW", color: "grad", key: "|∂J/∂w|" }] },
  { kind: "plane", name: "plane", title: "what it answers", span: 5, aspect: 1, extent: [-1, 1, -1, 1], axes: ["x₁", "x₂"], drag: "x", add: true, remove: true, clear: true,
    layers: [
      { layer: "field", data: "p", lo: 0, hi: 1, levels: [0.5], sel: "neuron", sel_data: "tiles", sel_lo: -1, sel_hi: 1, key: ["class 0", "class 1"] },
      { layer: "points", data: "x", color: "y", colors: ["b", "a"], markers: ["diamond", "circle"], labels: ["class 0", "class 1"], static: true }] },
  { kind: "plane", name: "gan", title: "samples", span: 6, aspect: 1, extent: [-2, 2, -2, 2], axes: ["x₁", "x₂"], toggles: true,
    layers: [
      { layer: "contour", data: "p", levels: [0.3, 0.7], color: "ink2", label: "levels" }, { layer: "mesh", data: "mesh", color: "b", label: "grid" },
      { layer: "arrows", data: "x", vectors: "v", color: "grad", scale: 0.3, label: "arrows" }, { layer: "path", data: "trail", color: "s2", label: "path" }] },
  { kind: "lines", name: "loss", title: "loss J", span: 6, aspect: 1.75, log: true, over: "step",
    series: [{ data: "loss", label: "train", color: "ink" }, { data: "loss_test", label: "test", color: "ink", dash: true }], refs: [{ y: 0.5, label: "chance" }] },
  { kind: "lines", name: "norms", title: "gradient norm", span: 4, aspect: 1.75, log: true, over: "step", series: [0, 1].map(k => ({ data: "gnorm", index: k, label: String(k + 1), color: `g${k + 1}/2`, smooth: 0.9 })) },
  { kind: "histogram", name: "hist", title: "log₁₀ |∂J/∂w|", span: 4, aspect: 1.75, data: "hist", lo: -6, hi: 0, rows: ["layer 1", "layer 2"], colors: ["g1/2", "g2/2"] },
  { kind: "bars", name: "bars", title: "how close", span: 4, items: [{ data: "modes", label: "modes covered", max: 8, digits: 0, of: "8", color: "a" }, { data: "share", label: "share", max: 1, percent: true, color: "b" }] },
  { kind: "tokens", name: "text", title: "input x", span: 12, axis: "t", data: "tokens", rows: [{ data: "belief", label: "ŷ", lo: 0, hi: 1 }], sel: "t" },
  { kind: "heatmap", name: "gates", title: "gate f", span: 12, row_height: 9, data: "gates", color: "seq", lo: 0, hi: 1, sel: ["t", "unit"], axis: "t" },
  { kind: "lines", name: "trace", title: "cell {unit} through time", span: 12, height: 110, axis: "t", over: "t", tokens: "tokens", sel: ["t", "unit"], series: [{ data: "gates", label: "f", color: "s2" }], refs: [{ y: 0 }] },
  { kind: "table", name: "cell", title: "cell {unit} at t = {t}", span: 6, sel: ["t", "unit"], columns: [{ data: "gates", label: "f" }] },
  { kind: "formula", name: "sum", title: "its sum", span: 6 },
  { kind: "editable", name: "draw", title: "input", span: 4, data: "canvas", color: "seq", lo: 0, hi: 1, paint: 1, event: "draw", marks: "window" },
  { kind: "editable", name: "kernel", title: "kernel W", span: 4, data: "kernel", color: "div", lo: -2, hi: 2, numbers: true, event: "kernel" },
  { kind: "images", name: "images", title: "samples", span: 4, data: "digits", captions: "names", columns: 4, sel: "digit", lo: 0, hi: 1 },
];

/** A lab with every kind of panel. Its arrays are formulas of the step, its points and grids are what was made of them. */
class Sink extends Model {
  constructor(options = {}) {
    super({ host: options.host || "jupyter", lab: "sink" });
    this.delay = Number(options.delay || 0);
    this.length = Number(options.length || Infinity); // of a recording, in ticks
    this.recorded = this.state.host === "page";
    this.values = Object.fromEntries(Object.entries(CONTROLS).map(([k, c]) => [k, c.value]));
    this.seed = 0;
    this.answering = true;
    this.restart();
  }

  restart() {
    this.step = 0;
    this.points = [[-0.5, -0.5], [-0.2, 0.4], [0.3, -0.3], [0.6, 0.5]];
    this.canvas = array([6, 6], k => (k % 7 === 0 ? 1 : 0));
    this.kernel = array([3, 3], k => [1, 0, -1, 2, 0, -2, 1, 0, -1][k]);
  }

  send(message) {
    this.sent.push(message);
    if (!this.answering) return;
    if (this.delay) setTimeout(() => this.answer(message), this.delay);
    else queueMicrotask(() => this.answer(message));
  }

  answer(message) {
    const act = { open: this.restartAnswer, reset: this.restartAnswer, seed: this.restartAnswer, tick: this.tick, set: this.set,
      event: this.event, audit: this.audit, code: this.code, live: this.live }[message.cmd];
    if (!act) throw new Error(`no such command: ${message.cmd}`);
    act.call(this, message);
  }

  reply(message, content, arrays) {
    const [headers, buffers] = arrays ? pack(arrays) : [undefined, []];
    this.emit({ ...content, ...(arrays ? { arrays: headers } : {}), re: message.id }, buffers);
  }

  restartAnswer(message) {
    if (message.cmd === "seed") this.seed = message.value;
    this.restart();
    this.sendSetup(message);
    this.sendFrame(message, 0);
  }

  tick(message) {
    const before = this.step;
    this.step = Math.min(this.length, this.step + Math.min(8, message.steps));
    this.sendFrame(message, this.step - before);
  }

  set(message) {
    if (message.value === this.refuse) return this.reply(message, { type: "refused", message: `refused ${message.value}`, values: this.values });
    this.values[message.name] = message.value;
    if (CONTROLS[message.name].restarts) return this.restartAnswer(message);
    this.sendFrame(message, 0);
  }

  event(message) {
    const { name, what } = message;
    if (name === "drag") this.points[what.index] = [what.x, what.y];
    if (name === "add") this.points.push([what.x, what.y]);
    if (name === "remove") this.points.splice(what.index, 1);
    if (name === "clear") this.points = [];
    if (name === "draw") this.canvas.data = Float32Array.from(what.values);
    if (name === "kernel") this.kernel.data = Float32Array.from(what.values);
    this.reply(message, { type: "static" }, this.statics());
    this.sendFrame(message, 0);
  }

  live() {
    this.emit({ type: "host", state: "loading", progress: 0.4, note: "loading Python: 3 of 8 MB" });
  }

  becomeLive() {
    this.restart();
    this.emit({ type: "host", state: "live" });
    this.sendSetup({});
    this.sendFrame({}, 0);
  }

  audit(message) {
    this.reply(message, { type: "audit", columns: ["parameter", "analytic", "numeric", "relative error"], rows: [["0.W", 0.123, 0.1231, 2e-7]], text: "The gradients agree." });
  }

  code(message) {
    this.reply(message, { type: "code", dlcore: "import dlcore\n# the program", torch: "import torch\n# the program" });
  }

  statics() {
    const n = this.points.length;
    return { x: array([n, 2], k => this.points[k >> 1][k % 2]), y: array([n], k => k % 2) };
  }

  frame() {
    const t = this.step / 40;
    const wave = (shape, f = 1) => array(shape, k => Math.sin(t + k * f));
    return {
      p: array([16, 16], k => 1 / (1 + Math.exp(-4 * Math.sin(t + (k % 16) / 5) + (k >> 4) / 8))),
      tiles: wave([6, 9, 9], 0.02), W: wave([EDGES], 0.7), dW: wave([EDGES], 0.3),
      loss: array([1], () => Math.exp(-t)), loss_test: array([1], () => Math.exp(-t) + 0.05), gnorm: array([2], k => (k + 1) * 0.1 * (1.2 + Math.sin(9 * t))),
      hist: array([2, 24], k => Math.max(0, Math.sin(t + k / 8))), modes: array([1], () => 5 + Math.sin(t)), share: array([1], () => 0.5 + 0.4 * Math.sin(t)),
      tokens: TOKENS, belief: array([TOKENS.length], k => 0.5 + 0.5 * Math.sin(t + k)), gates: array([4, TOKENS.length], k => 0.5 + 0.5 * Math.sin(t + 0.37 * k)),
      sum: `z = 1·0.50 + 2·0.25 = ${Math.cos(t).toFixed(2)}`, window: array([4], k => [1, 1, 3, 3][k]), canvas: this.canvas, kernel: this.kernel,
      digits: array([4, 8, 8], k => 0.5 + 0.5 * Math.sin(t + k / 9)), names: ["a", "b", "c", "d"], mesh: array([5, 5, 2], k => (((k >> 1) % 5) / 2 - 1) * (k % 2 ? 0.7 : 1) + 0.2 * Math.sin(t + k)),
      v: wave([this.points.length, 2]), trail: array([12, 2], k => Math.sin(k / 4 + t)), ...this.extra,
    };
  }

  sendSetup(message) {
    const controls = Object.fromEntries(Object.entries(CONTROLS).map(([k, c]) => [k, { ...c, value: this.values[k] }]));
    const lab = { name: "sink", title: "Does every panel hold what it promises?", hint: "Move everything, many times.", controls, panels: PANELS };
    this.reply(message, { type: "setup", lab, seed: this.seed, values: { ...this.values } }, this.statics());
  }

  sendFrame(message, done) {
    const state = this.diverged ? "diverged" : "live";
    this.reply(message, { type: "frame", step: this.step, done, ms: 1, state, text: `Step ${this.step}: all is well.`, doctor: this.findings || [] }, this.frame());
  }
}

/** A lab in Python: tests expose `dlcoreHandle(message)`, which gives a Session's answers. */
class Bridge extends Model {
  constructor(options = {}) {
    super({ host: "jupyter", lab: options.lab || "mlp" });
  }

  async send(message) {
    this.sent.push(message);
    const answers = await window.dlcoreHandle(JSON.stringify(message));
    for (const [content, buffers] of answers) {
      this.emit(content, buffers.map(text => Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer));
    }
  }
}

export function makeModel(kind, options) {
  return kind === "bridge" ? new Bridge(options) : new Sink(options);
}
