// One code cell: its buttons, its state in words, its own output beside the book's.

import { button, el, prose, seconds } from "./dom.js";
import { Output } from "./output.js";
import { Source } from "./source.js";

const TICK = 1000; // ms between two looks at the clock
const LOST = "not run since Python was restarted";

export class Cell {
  /**
   * @param node the cell on the page @param about what the build knows: {id, source, seconds, alt, needs, makes}
   * @param number counted from 1 @param page what all cells share: kernel, say, keep, above, editor
   */
  constructor(node, about, number, page) {
    Object.assign(this, { node, about, page, cell: number });
    this.state = "idle";
    node._cell = this;
    this.input = node.querySelector(".cell_input");
    this.book = node.querySelector(".cell_output");
    this.source = about.source;
    this.bar = el("div", { class: "cell-bar" });
    this.input.after(this.bar);
    if (about.needs) this.bar.append(this.refusal());
    else this.equip();
    this.show();
  }

  get canRun() {
    return !this.about.needs;
  }

  get isWaiting() {
    return ["queued", "loading", "running"].includes(this.state);
  }

  // ---- the elements

  /** Why this cell does not run in the page, and where it does. */
  refusal() {
    const { needs } = this.about;
    const why = needs === "torch" ? "This cell needs PyTorch" : `This cell uses \`${needs}\` of a cell that needs PyTorch`;
    const where = "It runs on your own computer: the arrow at the top of the page downloads the chapter.";
    return el("p", { class: "cell-note" }, ...prose(`${why}, which does not run in the page. ${where}`));
  }

  equip() {
    const label = what => ({ "aria-label": `${what} cell ${this.cell}` });
    this.runButton = button("Run", () => this.press(), { class: "cell-run", ...label("Run") });
    this.editButton = button("Edit", () => this.edit(), label("Edit"));
    this.resetButton = button("Reset", () => this.reset(), { hidden: true, ...label("Reset") });
    this.aboveButton = button("Run all above", () => this.page.runThrough(this), { class: "cell-above", "aria-label": `Run all above, then cell ${this.cell}`, hidden: this.cell === 1 });
    this.status = el("span", { class: "cell-status" });
    this.own = el("span", { class: "cell-own", text: "your own text", hidden: true });
    this.bar.append(this.runButton, this.editButton, this.resetButton, this.aboveButton, this.own, this.status);
    this.output = new Output({ cell: this.cell, kernel: this.page.kernel, onRunAgain: () => this.run() });
    this.toggle = button("", () => this.showBook(this.book.hidden), { class: "cell-toggle" });
    this.heading = el("p", { class: "cell-heading", hidden: true }, el("span", { text: "Your run" }), this.book ? this.toggle : "");
    (this.book ?? this.bar).after(this.heading, this.output.node);
    this.code = new Source({
      pre: this.input.querySelector("pre"),
      original: this.source,
      label: `Code of cell ${this.cell}. Shift-Enter runs it, Escape leaves the editor.`,
      load: this.page.editor,
      run: () => this.run(),
      leave: () => (this.showEdit(), this.editButton.focus()),
      change: () => this.onEdit(),
    });
    this.takeKept();
  }

  // ---- what the reader does

  press() {
    if (this.state === "queued") this.page.kernel.cancel(this);
    else if (this.isWaiting) this.page.kernel.stop();
    else this.run();
  }

  run() {
    if (this.isWaiting) return;
    this.prepare();
    this.page.kernel.run(this);
  }

  /** What will run is what stands there now. */
  prepare() {
    this.page.engage();
    this.source = this.code.text;
  }

  async edit() {
    if (this.code.isOpen) return this.code.open();
    try {
      await this.code.open();
    } catch {
      this.set(this.state, "The editor could not be loaded: the server could not be reached. Edit tries again");
    }
    this.showEdit();
  }

  /** Show what is kept of the reader's own text: it may have been imported, or forgotten. */
  takeKept() {
    if (!this.canRun) return;
    const kept = this.page.keep.read(this.about.id);
    const text = typeof kept === "string" ? kept : this.about.source;
    if (text !== this.code.text) {
      this.code.close();
      this.code.show(text);
    }
    this.showEdit();
  }

  onEdit() {
    if (this.code.isEdited) this.page.keep.write(this.about.id, this.code.text);
    else this.page.keep.remove(this.about.id);
    this.showEdit();
  }

  /** The book's text and the book's output. */
  reset() {
    this.page.keep.remove(this.about.id);
    this.code.reset();
    this.showEdit();
    this.editButton.focus();
    if (this.isWaiting) return;
    this.output.clear();
    this.heading.hidden = true;
    this.showBook(true);
    this.set("idle");
  }

  // ---- what the kernel says

  onQueued() {
    this.set("queued");
  }

  onLoading(note) {
    this.set("loading", note);
  }

  onRunning() {
    this.began = performance.now();
    this.output.begin(this.code.isEdited ? "" : this.about.alt);
    this.heading.hidden = false;
    this.showBook(false);
    this.set("running");
    this.clock = setInterval(() => this.show(), TICK);
  }

  onMessage(message) {
    this.output.add(message);
  }

  onDone(error) {
    if (error) this.showError(error);
    this.finish(error ? "failed" : "done");
  }

  onFailed(note) {
    this.finish("failed", `${note}. Run tries again`);
  }

  onStopped() {
    const wasRunning = this.state === "running";
    this.finish(wasRunning ? "stopped" : "idle");
    if (wasRunning) this.output.node.append(this.offer("Stopped. Python is restarted, and all variables are gone."));
    this.output.node.hidden = !this.output.node.childElementCount;
  }

  onSkipped(cell) {
    this.set("idle", `not run, because cell ${cell} failed`);
  }

  /** Python was started anew. */
  onLost() {
    if (this.state === "done" || this.state === "failed") this.set("idle", LOST);
  }

  finish(state, note = "") {
    clearInterval(this.clock);
    this.took = performance.now() - this.began;
    this.output.end();
    this.heading.hidden = this.output.node.hidden && !this.book;
    this.set(state, note);
  }

  // ---- showing

  set(state, note = "") {
    Object.assign(this, { state, note });
    this.show();
    const words = this.words();
    if (state !== "loading" && words) this.page.say(`Cell ${this.cell}: ${words}`);
  }

  show() {
    this.node.dataset.state = this.state;
    if (!this.canRun) return;
    this.status.textContent = this.words();
    const label = this.state === "queued" ? "Cancel" : this.isWaiting ? "Stop" : "Run";
    if (this.runButton.textContent === label) return;
    this.runButton.textContent = label;
    this.runButton.setAttribute("aria-label", `${label} cell ${this.cell}`);
  }

  words() {
    if (this.note) return this.note;
    const about = this.about.seconds ? `about ${this.about.seconds} s` : "";
    const so_far = seconds(this.state === "running" ? performance.now() - this.began : this.took);
    return {
      idle: [this.page.engaged ? "not run" : "", about && `takes ${about}`].filter(Boolean).join(", "),
      queued: "queued",
      running: `running, ${so_far}${about && ` of ${about}`}`,
      done: `done in ${so_far}`,
      failed: `failed after ${so_far}`,
      stopped: `stopped after ${so_far}`,
    }[this.state];
  }

  showEdit() {
    const { isEdited, isOpen } = this.code;
    this.resetButton.hidden = this.own.hidden = !isEdited;
    this.editButton.hidden = isOpen && !isEdited && document.activeElement !== this.editButton;
  }

  /** The book's own output steps aside for the reader's, and comes back when asked. */
  showBook(wanted) {
    if (!this.book) return;
    this.book.hidden = !wanted;
    this.toggle.textContent = wanted ? "Hide the book's output" : "Show the book's output";
  }

  showError(report) {
    this.output.error(report, report.missing ? this.missing(report.missing) : "", report.advice && el("p", { text: report.advice }));
  }

  /** What to do about a name that is not there. */
  missing(name) {
    const before = this.page.above(this);
    if (before.some(one => one.about.makes?.includes(name))) {
      return el("p", {}, ...prose(`\`${name}\` is made by a cell that needs PyTorch, which does not run in the page.`));
    }
    if (before.every(one => !one.canRun || one.state === "done")) return "";
    return this.offer(`\`${name}\` is not there. Cells above have not run yet.`);
  }

  offer(text) {
    return el("p", { class: "cell-offer" }, ...prose(text), " ", this.cell > 1 ? button("Run all above", () => this.page.runThrough(this)) : "");
  }
}
