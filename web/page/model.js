// What the front end of a figure talks to in the published page: the four methods of a widget's model (get, on, off, send),
// answered from the recording until Python is there, then by the engine. The state moves
//     recorded -> loading -> live, or -> failed, from where Go live tries again.

import { readAddress, writeAddress } from "./address.js";

const NEEDS_PYTHON = new Set(["set", "seed", "event", "audit", "code"]);

export class PageModel {
  constructor({ name, place, seed, values, recording, engine }) {
    Object.assign(this, { name, place, recording, engine });
    this.state = recording.why ? "failed" : "recorded";
    this.listeners = [];
    this.waiting = []; // what the reader did while Python was on its way, in order
    const { setup } = recording;
    this.before = { seed, values: { ...setup.values, ...values } }; // what the page sets
    this.settings = { seed, values: { ...this.before.values } };
    this.takeAddress();
  }

  // ---- the interface of a widget's model

  get(key) {
    return { host: "page", lab: this.name, seed: this.settings.seed, values: this.settings.values }[key];
  }

  on(event, listener) {
    if (event === "msg:custom") this.listeners.push(listener);
  }

  off(event, listener) {
    if (event === "msg:custom") this.listeners = this.listeners.filter(one => one !== listener);
  }

  send(message) {
    this.note(message);
    if (message.cmd === "live") this.goLive();
    else if (this.state === "live") this.engine.send(this, message);
    else if (NEEDS_PYTHON.has(message.cmd)) this.wait(message);
    else this.replay(message);
  }

  /** The address of this figure in a state. */
  share(seed, values) {
    return writeAddress(this.place, { seed, values }, this.before);
  }

  // ---- settings

  /** Keep what the reader sets, so that a new Python can begin with it. */
  note({ cmd, name, value, values }) {
    if (cmd === "set") Object.assign(this.settings.values, values ?? { [name]: value });
    else if (cmd === "seed") this.settings.seed = value;
  }

  /** Take over what the address of the page asks for, as far as it can be had; all else is as the page sets it. */
  takeAddress() {
    const asked = readAddress(location.hash, this.place, this.recording.setup.lab.controls);
    const seed = asked.seed ?? this.before.seed;
    this.asked = new Set(Object.keys(asked.values)); // also what a case, asked for as well, would bring otherwise
    const values = Object.entries({ ...this.before.values, ...asked.values })
      .filter(([name, value]) => value !== this.settings.values[name] || this.asked.has(name));
    const commands = [];
    if (seed !== this.settings.seed) commands.push({ cmd: "seed", value: seed });
    if (values.length) commands.push({ cmd: "set", values: Object.fromEntries(values) });
    commands.forEach(command => (this.state === "live" ? this.send(command) : this.note(command)));
    if (this.listeners.length && this.state !== "live") this.replay({ cmd: "open" });
  }

  get changed() {
    return this.settings.seed !== this.recording.setup.seed || Object.keys(this.differing()).length > 0;
  }

  /** The values that are not as in the recording, and those named in `also`. */
  differing(also = new Set()) {
    const { values } = this.recording.setup;
    return Object.fromEntries(Object.entries(this.settings.values).filter(([name, value]) => value !== values[name] || also.has(name)));
  }

  /**
   * What a new Python begins with. At first only what differs from the recording, or stands in the address: one value may
   * bring others with it (a case brings its own), and these must not be overruled by what stood there before. Later all, as
   * Python last said.
   */
  get beginning() {
    return this.lived ? this.settings : { seed: this.settings.seed, values: this.differing(this.asked) };
  }

  // ---- while the recording plays

  replay({ cmd, id }) {
    if (cmd === "tick") {
      const before = this.recording.frame;
      const frame = this.recording.next();
      if (frame) this.play({ ...frame, done: Math.max(1, frame.step - before.step) }, id);
      else this.play({ ...before, done: 0 }, id);
      return;
    }
    this.play({ ...this.recording.setup, ...this.settings }, id);
    this.play({ ...this.recording.rewind(), done: 0 }, id);
    if (this.recording.why) this.host(this.state, `${this.recording.why}. Go live runs the figure all the same.`);
    else if (this.state === "recorded") {
      this.host("recorded", this.changed ? "The recording shows the usual settings; Go live runs the ones that stand here." : "");
    }
  }

  play(message, id) {
    const content = id === undefined ? message : { ...message, re: id };
    this.emit(content, this.recording.buffers(message));
  }

  /** A changed control brings Python; so does a question that only Python can answer. */
  wait(message) {
    if (message.cmd !== "set" && message.cmd !== "seed") this.waiting.push(message);
    if (!this.announcing) this.goLive();
  }

  // ---- live

  goLive() {
    if (this.state === "loading" || this.state === "live") return;
    this.host("loading", "Loading Python", 0);
    this.engine.open(this, this.settings);
  }

  /** From the engine: how far it is. */
  onProgress(progress, note) {
    this.host("loading", this.changed ? `${note}. Your settings take effect when it is there` : note, progress);
  }

  /** From the engine: Python is there; the set-up of a run at step 0 comes next. */
  onLive(speed) {
    this.lived = true;
    this.host("live", "", 1, { speed });
    this.waiting.splice(0).forEach(message => this.engine.send(this, message));
  }

  /** From the engine: Python can't be; the recording goes on. */
  onFailed(note) {
    this.waiting = [];
    const consolation = this.recording.why ? "" : "The recording still plays; ";
    this.host("failed", `${note}. ${consolation}Go live tries again.`);
  }

  /** From the engine: a message of this figure's lab. */
  onMessage(content, buffers) {
    if (content.type === "setup") this.settings = { seed: content.seed, values: { ...content.values } };
    else if (content.type === "frame" && content.settings) this.settings.values = { ...content.settings };
    else if (content.type === "refused" && content.seed !== undefined) this.settings = { seed: content.seed, values: { ...content.values } };
    this.emit(content, buffers);
    if (content.type === "setup" && this.recording.why) this.complete(content);
  }

  /** Python says what the recording that is missing could not: which controls there are, and their values. */
  complete(setup) {
    if (Object.keys(this.recording.setup.lab.controls).length) return;
    this.recording.setup = { ...this.recording.setup, lab: { ...setup.lab, panels: [] } };
    this.before.values = { ...setup.values };
    this.takeAddress();
  }

  host(state, note, progress, more = {}) {
    this.state = state;
    this.announcing = true; // what the front end still held is settings, not a wish to try again
    this.emit({ type: "host", state, note, progress, ...more }, []);
    this.announcing = false;
  }

  emit(content, buffers) {
    for (const listener of this.listeners) listener(content, buffers);
  }
}
