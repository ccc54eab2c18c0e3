// The Python of a page's code cells: a worker of their own, one run at a time. Stop ends the worker, whatever it is doing,
// and starts the next one at once from what was downloaded for the first.

import { fetchParts, fetchPlots, line, suspicious } from "../runtime.js";

/**
 * A blob worker is bound by the page's security policy, wherever the page is served from; a worker with an address of its
 * own would be bound by what its server says, and a plain server says nothing.
 */
function boundWorker() {
  const script = `import ${JSON.stringify(new URL("worker.js", import.meta.url).href)};`;
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", name: "cells" });
  worker.release = () => URL.revokeObjectURL(url);
  return worker;
}

/**
 * Jobs have a `cell` (its number) and a `source`, and hear
 *     onQueued(), onLoading(note), onRunning(), onMessage(data), onDone(error), onFailed(note), onStopped(), onSkipped(cell).
 */
export class Kernel {
  /** @param root the folder dlcore/ of the site @param manifest a function that gives a promise of its manifest */
  constructor(root, manifest) {
    Object.assign(this, { root, manifest });
    this.worker = null;
    this.life = 0; // counts workers; what belongs to an earlier one is not heard
    this.ready = false;
    this.again = false; // must files be fetched past the browser's copies?
    this.current = null;
    this.queue = [];
    this.figures = new Map(); // number -> Set of models of the labs that were made in cells
    this.onLost = () => {}; // called when all variables are gone
  }

  run(job) {
    this.queue.push(job);
    job.onQueued();
    this.next();
  }

  /** Run jobs in this order. What waits already comes after them, and what runs now before. */
  runAll(jobs) {
    if (!this.ready && this.current) {
      this.queue.unshift(this.current); // it has not begun, for Python is still on its way
      this.current = null;
    }
    const first = jobs.filter(job => job !== this.current);
    this.queue = [...first, ...this.queue.filter(one => !jobs.includes(one))];
    for (const job of this.queue) job.onQueued();
    this.next();
  }

  /** Take back a job that waits. */
  cancel(job) {
    this.queue = this.queue.filter(one => one !== job);
    job.onStopped();
  }

  /** End what runs and all that waits. Answers at once; Python starts again beside the page. */
  stop() {
    const jobs = this.take();
    if (this.ready) this.restart();
    for (const job of jobs) job.onStopped();
  }

  /** A message of the front end to a lab that was made in a cell. */
  send(figure, message) {
    this.worker?.postMessage({ op: "message", figure, message });
  }

  /** Let `model` hear the lab with this number. @returns the function that ends it */
  listen(figure, model) {
    const models = this.figures.get(figure) ?? new Set();
    this.figures.set(figure, models.add(model));
    return () => models.delete(model);
  }

  // ---- the queue

  next() {
    if (this.current || !this.queue.length) return;
    this.current = this.queue.shift();
    if (this.ready) this.begin();
    else this.load();
  }

  load() {
    this.current.onLoading("Starting Python");
    if (!this.starting) this.start();
  }

  begin() {
    const { cell, source } = this.current;
    this.worker.postMessage({ op: "run", cell, source });
  }

  /** All jobs, which are not this kernel's any more. */
  take() {
    const jobs = [...(this.current ? [this.current] : []), ...this.queue];
    this.current = null;
    this.queue = [];
    return jobs;
  }

  finish({ error, failure }) {
    const [job, ...waiting] = this.take();
    if (failure) job.onFailed(failure);
    else job.onDone(error);
    if (failure || error) for (const one of waiting) one.onSkipped(job.cell);
    else this.queue = waiting;
    this.next();
  }

  // ---- the worker's life

  async start() {
    const life = ++this.life;
    this.starting = true;
    try {
      const parts = await this.parts();
      if (life !== this.life) return;
      this.worker = boundWorker();
      this.worker.onmessage = ({ data }) => this.receive(data);
      this.worker.onerror = event => {
        event.preventDefault();
        this.fail(event.message || "its worker could not be loaded");
      };
      this.worker.postMessage({ op: "boot", parts });
    } catch (error) {
      if (life === this.life) this.fail(line(error));
    }
  }

  end() {
    this.life++;
    this.worker?.terminate();
    this.worker?.release();
    this.worker = null;
    this.ready = this.starting = false;
    for (const models of this.figures.values()) for (const model of models) model.onStopped();
    this.figures.clear();
  }

  restart() {
    this.end();
    this.onLost();
    this.start();
  }

  /** Python can't be, or died. */
  fail(note) {
    const jobs = this.take();
    const wasReady = this.ready;
    this.end();
    if (wasReady) this.onLost();
    const [first, ...others] = jobs;
    first?.onFailed(wasReady ? `${note}. All variables are gone; the next run starts Python again` : note);
    for (const job of others) job.onSkipped(first.cell);
  }

  receive(data) {
    if (data.op === "ready") this.onReady();
    else if (data.op === "failed") this.fail(data.note);
    else if (data.op === "emit") for (const model of this.figures.get(data.figure) ?? []) model.onMessage(data.content, data.buffers);
    else if (data.op === "plots") this.bringPlots();
    else if (data.op === "running") this.current.onRunning();
    else if (data.op === "done") this.finish(data);
    else this.current.onMessage(data);
  }

  onReady() {
    this.worker.release();
    this.ready = true;
    this.starting = false;
    if (this.current) this.begin();
  }

  // ---- downloads, which outlive the workers

  /** The front end of live figures. */
  async front() {
    return import(new URL((await this.manifest()).front.file, this.root));
  }

  parts() {
    this.fetched ??= this.fetch(fetchParts, "fetched", { extras: ["cells"] });
    return this.fetched;
  }

  async bringPlots() {
    const { life } = this;
    this.plots ??= this.fetch(fetchPlots, "plots");
    const answer = await this.plots.then(wheels => ({ wheels }), error => ({ failure: line(error) }));
    if (life !== this.life) return;
    if (answer.wheels) this.tell("Starting matplotlib: the first time takes some seconds");
    this.worker.postMessage({ op: "plots", ...answer });
  }

  async fetch(get, place, more = {}) {
    const { root, again } = this;
    try {
      const manifest = await this.manifest();
      return await get({ root, manifest, again, tell: (_, note) => this.tell(note), ...more });
    } catch (error) {
      this[place] = null; // another try fetches anew
      this.again = suspicious(error);
      throw error;
    }
  }

  tell(note) {
    this.current?.onLoading(note);
  }
}
