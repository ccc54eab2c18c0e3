// The engine: one worker with Python for all figures of a page. It is started when the first figure goes live, and
// started again when it died; then every figure begins anew with the settings it had.

const PATIENCE = 6; // looks at a silent worker before it counts as dead
const LOOK = 2500; // ms between them
const DEATHS = 3; // in a row, without a frame in between: then it is not started again

export class Engine {
  /** @param root the folder dlcore/ of the site @param manifest the names, sizes and hashes of its files */
  constructor(root, manifest) {
    this.root = root.href;
    this.manifest = manifest;
    this.figures = new Map(); // number -> model
    this.numbers = new Map(); // model -> number
    this.worker = null;
    this.ready = false;
    this.deaths = 0;
    this.again = false; // must files be fetched past the browser's copies?
  }

  /** Begin a figure's lab at step 0; its model hears onProgress, then onLive or onFailed. */
  open(model) {
    if (!this.numbers.has(model)) {
      this.numbers.set(model, this.figures.size);
      this.figures.set(this.figures.size, model);
    }
    model.wanted = true;
    if (this.ready) this.begin(model);
    else if (!this.worker) this.start();
  }

  send(model, message) {
    this.post({ op: "message", figure: this.numbers.get(model), message });
  }

  // ---- the worker's life

  start() {
    this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module", name: "dlcore" });
    this.worker.onmessage = ({ data }) => this.receive(data);
    this.worker.onerror = event => {
      event.preventDefault();
      this.fail(event.message || "worker.js could not be loaded");
    };
    this.post({ op: "boot", root: this.root, manifest: this.manifest, again: this.again });
  }

  stop() {
    this.worker?.terminate();
    this.worker = null;
    this.ready = false;
    clearInterval(this.watch);
    this.watch = null;
  }

  /** Python can't be, or died before it was ready. */
  fail(note) {
    if (this.ready) return this.restart(note);
    this.giveUp(note);
  }

  giveUp(note) {
    this.stop();
    this.deaths = 0;
    for (const model of this.wanted()) {
      model.wanted = false;
      model.onFailed(note);
    }
  }

  /** Python was there and died. */
  restart(note) {
    if (++this.deaths === DEATHS) return this.giveUp(`Python stopped again and again (${note.replace(/^Python stopped: /, "")})`);
    this.stop();
    for (const model of this.wanted()) model.onProgress(0, "Python stopped and is started again");
    this.start();
  }

  *wanted() {
    for (const model of this.figures.values()) if (model.wanted) yield model;
  }

  // ---- talking to it

  post(message) {
    this.worker.postMessage(message);
    this.silent = 0;
    this.unanswered = true;
    if (this.ready) this.watch ??= setInterval(() => this.look(), LOOK);
  }

  /** A worker that owes an answer and says nothing is dead. Counted in looks: a sleeping computer looks at nothing. */
  look() {
    if (!this.unanswered) {
      clearInterval(this.watch);
      this.watch = null;
    } else if (++this.silent > PATIENCE) {
      this.restart("it did not answer");
    }
  }

  receive(data) {
    this.silent = 0;
    if (data.op === "emit") this.pass(data);
    else if (data.op === "done") this.unanswered = data.left > 0;
    else if (data.op === "progress") for (const model of this.wanted()) model.onProgress(data.progress, data.note);
    else if (data.op === "ready") this.onReady(data);
    else if (data.op === "failed") {
      this.again = !this.ready && data.again;
      this.fail(data.note);
    }
  }

  /** A message of a figure's lab; the first one after it was opened says that the figure lives. */
  pass({ figure, content, buffers }) {
    const model = this.figures.get(figure);
    if (content.type === "frame") this.deaths = 0;
    if (model.opening) {
      model.opening = false;
      model.onLive(this.speed);
    }
    model.onMessage(content, buffers);
  }

  onReady({ speed, times }) {
    this.ready = true;
    this.again = false;
    this.speed = speed;
    this.times = times; // for measurements: document.querySelector(...)._lab.model.engine.times
    for (const model of this.wanted()) this.begin(model);
  }

  begin(model) {
    model.opening = true;
    this.post({ op: "open", figure: this.numbers.get(model), name: model.name, ...model.beginning });
  }
}
