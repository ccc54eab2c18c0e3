// One lab on the page: it keeps the run's history, plays and scrubs it, and hands arrays to the panels.
// It knows no architecture; what is drawn stands in the declaration that comes with "setup".

import { decode } from "./arrays.js";
import { Clock } from "./clock.js";
import { Cleanup } from "./dom.js";
import { History } from "./history.js";
import { onLabKey } from "./keys.js";
import { Link } from "./link.js";
import { makePanels, missingArrays, nonFinite } from "./panels/index.js";
import { Selections } from "./selections.js";
import { Shell } from "./shell.js";
import { readTheme } from "./theme.js";

export class Lab {
  /** @param model get, on, off, send (and share, where there are links) @param host the element to fill */
  constructor(model, host) {
    this.model = model;
    this.hostKind = model.get("host") || "jupyter";
    this.hostState = this.hostKind === "page" ? "recorded" : "loading";
    this.history = new History();
    this.statics = {};
    this.panels = [];
    this.switched = {}; // plane -> layers that the reader has switched
    this.dirty = new Set();
    this.playing = false;
    this.visible = false;
    this.stats = { drawn: 0, frames: 0, steps: 0, ms: 0, draw: {} };
    this.cleanup = new Cleanup();
    // an array with the name of a selection says what is chosen before the reader chooses
    this.selections = new Selections(name => this.selectionChanged(name), name => this.array(name)?.data?.[0]);
    this.clock = new Clock(now => this.onScreenFrame(now));
    this.link = new Link(model, cmd => this.onWaiting(cmd));
    this.shell = new Shell(this, host);
    this.root = this.shell.root;
    this.root._lab = this;
    this.listen();
    this.link.send({ cmd: "open" });
  }

  // ---- listening

  listen() {
    const { cleanup } = this;
    cleanup.listen(this.model, "msg:custom", (content, buffers) => this.receive(content, buffers));
    cleanup.listen(this.model, "change:values", () => this.valuesChanged());
    cleanup.listen(document, "visibilitychange", () => this.clock.schedule());
    cleanup.listen(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.retheme());
    this.root.addEventListener("keydown", event => onLabKey(this, event));
    this.watchTheme();
    this.watchVisibility();
    this.retheme();
  }

  watchTheme() {
    const observer = new MutationObserver(() => {
      this.retheme();
      clearTimeout(this.rethemeTimer);
      this.rethemeTimer = setTimeout(() => this.retheme(), 400); // where the page fades from one theme to the other
    });
    const attributeFilter = ["class", "style", "data-theme", "data-mode", "data-jp-theme-light", "data-bs-theme"];
    for (const node of [document.documentElement, document.body]) observer.observe(node, { attributes: true, attributeFilter });
    // Jupyter renders before it puts the lab into the page, and only there colours can be read.
    const arrival = new ResizeObserver(() => this.inPage !== this.root.isConnected && this.retheme());
    arrival.observe(this.root);
    this.cleanup.add(() => {
      observer.disconnect();
      arrival.disconnect();
      clearTimeout(this.rethemeTimer);
    });
  }

  watchVisibility() {
    const observer = new IntersectionObserver(entries => {
      this.visible = entries[entries.length - 1].isIntersecting;
      if (this.visible) this.clock.schedule();
      this.autoplay();
    }, { rootMargin: "-15% 0px" });
    observer.observe(this.root);
    this.cleanup.add(() => observer.disconnect());
  }

  retheme() {
    this.inPage = this.root.isConnected;
    this.theme = readTheme(this.root);
    this.invalidate();
  }

  // ---- messages

  receive(message, buffers) {
    if (this.link.isForeignOpening(message)) return;
    const cmd = this.link.answered(message);
    try {
      this.handle(message, buffers, cmd);
    } catch (error) {
      this.fail(error.message);
    }
    this.clock.schedule();
  }

  handle(message, buffers, cmd) {
    if (message.type === "setup") this.onSetup(message, decode(message.arrays, buffers));
    else if (message.type === "static") this.onStatic(decode(message.arrays, buffers));
    else if (message.type === "frame") this.onFrame(message, decode(message.arrays, buffers), cmd);
    else if (message.type === "refused") this.onRefused(message);
    else if (message.type === "failed") this.fail(message.message);
    else if (message.type === "host") this.onHost(message);
    else if (message.type === "audit") this.shell.tools.showAudit(message);
    else if (message.type === "code") this.shell.tools.showCode(message);
  }

  /** A new run: history is dropped, and what was declared may have changed. Or only that, where the run goes on. */
  onSetup({ lab, seed, values, goes_on: goesOn }, arrays) {
    if (goesOn) {
      this.statics = arrays;
      return this.declare(lab);
    }
    this.failure = null;
    this.ended = false;
    this.before = { case: this.begun, arrays: this.history.tip?.arrays ?? this.before?.arrays ?? {} };
    this.begun = values.case;
    this.statics = arrays;
    this.history.clear();
    this.shown = null;
    this.declare(lab);
    this.seed = seed;
    this.values = values;
    this.shell.showSetup(seed, values, name => this.link.isBusy(`set:${name}`));
  }

  declare(spec) {
    const built = this.shell.declare(spec);
    const panels = JSON.stringify(spec.panels);
    if (!built && panels === this.declared) return;
    this.declared = panels;
    this.spec = spec;
    this.stale = true; // built when the first frame is there, so that panels know their shapes
  }

  onStatic(arrays) {
    this.statics = { ...this.statics, ...arrays };
    this.invalidate();
  }

  onFrame(message, arrays, cmd) {
    const scrubbed = this.isScrubbed(), first = !this.shown;
    const frame = { ...message, arrays };
    this.history.add(frame);
    this.stats.frames++;
    this.stats.steps += message.done || 0;
    this.stats.ms += message.ms || 0;
    if (message.settings) this.takeValues(message.settings);
    if (!this.link.isBusy("set:case")) this.shell.controls?.leaveCase(Boolean(message.left));
    if (this.hostKind === "jupyter") this.hostState = "live";
    if (cmd === "set" || cmd === "event" || cmd === "seed" || cmd === "reset") this.shell.line.say("error", null);
    if (scrubbed && cmd === "tick") this.shell.showPosition(); // came after the reader went back: kept, not shown
    else this.show(frame);
    if (first) this.chooseAnew(arrays);
    for (const panel of this.panels) panel.forget?.();
    if (cmd === "tick" && !message.done) this.onEnd();
    if (message.state === "diverged") this.setPlaying(false);
    this.showState();
    this.autoplay();
  }

  /**
   * A new run of another case, or one that begins with another choice, since numbers count other things now: where the
   * lab says what is chosen, what was pinned before is let go.
   */
  chooseAnew(arrays) {
    const other = this.before.case !== this.begun;
    for (const name of Object.keys(this.selections.pinned)) {
      const now = arrays[name]?.data?.[0], then = this.before.arrays[name]?.data?.[0];
      if (now !== undefined && (other || now !== then)) this.selections.pin(name, null);
    }
  }

  /** Nothing came of a tick: the recording is over, or the run has diverged. */
  onEnd() {
    this.ended = true;
    this.setPlaying(false);
  }

  onRefused({ message, values, seed }) {
    this.shell.line.say("error", message);
    if (values) this.takeValues(values);
    if (seed === undefined) return;
    this.seed = seed;
    this.shell.toolbar?.setSeed(seed, true);
  }

  onHost({ state, progress, note }) {
    const changed = state && state !== this.hostState;
    if (state) this.hostState = state;
    this.progress = progress;
    this.shell.line.say("note", note || null);
    if (changed && (state === "live" || state === "failed")) this.link.restart();
    this.showState();
  }

  onWaiting(cmd) {
    const loading = this.hostKind === "page" && this.hostState === "loading";
    if (!cmd || loading) return this.shell?.line.say("waiting", null);
    const who = this.hostKind === "page" ? "waiting for Python" : "waiting for Python: the kernel is busy";
    this.shell.line.say("waiting", cmd === "open" && this.hostKind === "page" ? "waiting for the recording" : who);
  }

  fail(text) {
    this.failure = text || "an unexpected error";
    this.setPlaying(false);
    this.shell.line.say("error", `${this.failure} Reset starts again.`);
    this.showState();
  }

  // ---- what the reader does

  setValue(name, value) {
    this.touched = true;
    if (this.hostState === "recorded") this.setPlaying(false); // the recording knows nothing of the new value
    this.values = { ...this.values, [name]: value };
    this.shell.tools?.outdated();
    this.link.sendLatest(`set:${name}`, { cmd: "set", name, value });
  }

  /** Values moved in Python: through the widget's trait. */
  valuesChanged() {
    const values = this.model.get("values");
    if (values) this.takeValues(values);
  }

  takeValues(values) {
    this.values = { ...this.values, ...values };
    this.shell.controls?.update(this.values, name => this.link.isBusy(`set:${name}`));
  }

  setSeed(value) {
    this.touched = true;
    this.link.send({ cmd: "seed", value });
  }

  /**
   * Tell Python what happened in a panel. With a `slot`, the latest of several in quick succession wins;
   * without one, each counts (a point added, a point removed).
   */
  sendEvent(name, what, slot = null) {
    this.touched = true;
    const message = { cmd: "event", name, what };
    if (slot === null) this.link.send(message);
    else this.link.sendLatest(`event:${slot}`, message);
    this.clock.schedule();
  }

  isEventBusy(slot) {
    return this.link.isBusy(`event:${slot}`);
  }

  reset() {
    this.touched = true;
    this.setPlaying(false);
    this.failure = null;
    this.shell.line.say("error", null);
    this.link.send({ cmd: "reset" });
  }

  goLive() {
    this.touched = true;
    this.model.send({ cmd: "live" });
  }

  get shareLink() {
    return this.model.share ? () => this.model.share(this.seed, this.values) : null;
  }

  // ---- time

  get isLive() {
    return this.hostState === "live";
  }

  isStuck() {
    return this.history.tip?.state === "diverged" && this.isLive;
  }

  /** A recording plays by itself when it comes into view, unless the reader wants less motion or has taken over. */
  autoplay() {
    if (this.hostState !== "recorded" || this.touched || !this.visible || !this.shown) return;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.touched = true;
    this.setPlaying(true);
  }

  togglePlay() {
    this.touched = true;
    this.setPlaying(!this.playing);
  }

  setPlaying(wanted) {
    if (wanted && !this.shown) return;
    if (wanted && !this.isScrubbed() && this.isStuck()) return;
    if (wanted && this.ended && !this.isLive && !this.isScrubbed()) this.show(this.history.frames[0]);
    if (this.playing === wanted) return;
    this.playing = wanted;
    this.shell.showPlaying(wanted);
    if (wanted) this.clock.schedule();
    else this.tellWords(true);
  }

  isScrubbed() {
    return Boolean(this.shown) && this.shown !== this.history.tip;
  }

  /** One step on: through what was seen, where the reader has gone back, else by asking for one. */
  stepOn() {
    this.touched = true;
    this.setPlaying(false);
    if (this.isScrubbed()) this.goTo(this.position() + 1);
    else if (!this.isStuck()) this.ask({ steps: 1, budget: 40 });
    this.clock.schedule();
  }

  stepBack() {
    this.scrubTo(this.position() - 1);
  }

  position() {
    return this.history.indexOf(this.shown);
  }

  scrubTo(index) {
    this.touched = true;
    this.setPlaying(false);
    this.goTo(index);
  }

  goTo(index) {
    const { frames } = this.history;
    if (frames.length) this.show(frames[Math.max(0, Math.min(frames.length - 1, index))]);
  }

  /** To the frame nearest to a step (a click in a line over the steps). */
  seek(step) {
    this.scrubTo(this.history.indexAt(step));
  }

  /** The step that is looked at, when it is not the last one. */
  get cursor() {
    return this.isScrubbed() ? this.shown.step : null;
  }

  ask({ steps, budget }) {
    this.link.send({ cmd: "tick", steps, budget_ms: budget });
  }

  onScreenFrame(now) {
    if (this.playing && this.visible && !document.hidden) {
      this.advance(now);
      this.clock.schedule();
    }
    this.draw();
  }

  /** ms a frame for a figure that is read step by step: then Play walks, and the speed divides it. */
  get pace() {
    return this.spec?.pace ? this.spec.pace / this.shell.toolbar.speed.steps : undefined;
  }

  advance(now) {
    const { pace } = this;
    if (this.isScrubbed()) {
      if (this.clock.paced(now, this.isLive, pace)) this.goTo(this.position() + 1);
      if (!this.isScrubbed() && this.ended && !this.isLive) this.setPlaying(false);
    } else if (this.clock.mayAsk(now, this.link.ticks, this.isLive, pace)) {
      this.ask(pace === undefined ? this.shell.toolbar.speed : { steps: 1, budget: 40 });
    }
  }

  // ---- showing

  show(frame) {
    this.shown = frame;
    if (frame.values) this.takeValues(frame.values); // controls that follow the run
    if (this.stale) this.buildPanels();
    this.shell.showFrame(frame);
    this.shell.showPosition();
    this.invalidate();
    this.tellWords(!this.playing);
  }

  tellWords(soon) {
    if (!this.shown) return;
    const asides = this.panels.map(panel => panel.says?.()).filter(Boolean);
    this.shell.twin?.tell(this.shown.text, soon && !this.playing, asides.join(". "));
  }

  showState() {
    const state = this.failure ? "failed" : this.isLive ? this.history.tip?.state || "live" : this.hostState;
    this.shell.showState(state, this.progress, this.isStuck());
  }

  buildPanels() {
    this.stale = false;
    for (const panel of this.panels) panel.destroy();
    const missing = missingArrays(this.spec.panels, name => this.array(name));
    if (missing.length) {
      this.panels = [];
      throw new Error(`No such array: ${missing.join("; ")}.`);
    }
    this.panels = makePanels(this.shell.figures(this.spec.panels), this.spec.panels, this);
  }

  draw() {
    if (!this.dirty.size || !this.shown) return; // a set-up is here before its first frame
    const ready = [...this.dirty].filter(panel => !panel.surface || panel.surface.width); // others wait for their size
    for (const panel of ready) this.drawPanel(panel);
    this.dirty.clear();
    if (ready.length) this.stats.drawn++;
  }

  drawPanel(panel) {
    const start = performance.now();
    try {
      panel.draw();
      panel.caption.show(panel, this, nonFinite(panel.spec, name => this.array(name)));
    } catch (error) {
      this.fail(`panel "${panel.spec.name}": ${error.message}.`);
    }
    const times = (this.stats.draw[panel.spec.name] ??= { n: 0, total: 0, worst: 0 });
    const ms = performance.now() - start;
    times.n++;
    times.total += ms;
    times.worst = Math.max(times.worst, ms);
  }

  // ---- what panels use

  /** An array of the frame that is shown, or a static one. */
  array(name) {
    return this.shown?.arrays[name] || this.statics[name];
  }

  series(name, k) {
    return this.history.series(name, k);
  }

  invalidate() {
    for (const panel of this.panels) this.dirty.add(panel);
    this.clock.schedule();
  }

  invalidateSurface(surface) {
    for (const panel of this.panels) if (panel.surface === surface) this.dirty.add(panel);
    this.clock.schedule();
  }

  selectionChanged(name) {
    for (const panel of this.panels) if (panel.sels.includes(name) || panel.titleNeeds?.(name)) this.dirty.add(panel);
    this.clock.schedule();
    this.tellWords(!this.playing);
  }

  destroy() {
    this.playing = false;
    this.cleanup.run();
    this.clock.destroy();
    this.link.destroy();
    for (const panel of this.panels) panel.destroy();
    this.panels = [];
    this.dirty.clear();
    this.shell.destroy();
  }
}
