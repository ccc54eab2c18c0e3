// The line to Python: numbered questions, a queue of one for each control and kind of event, and who waits for what.

import { uniqueId } from "./dom.js";

const PATIENCE = 1000; // ms until the lab says what it waits for
const LAST_WORD = new Set(["frame", "refused", "failed", "audit", "code"]);

export class Link {
  /**
   * @param model    get, on, off, send: an anywidget model or the page's
   * @param waiting  called with the command that has had no answer for a second, then with null
   */
  constructor(model, waiting) {
    this.model = model;
    this.waiting = waiting;
    this.view = uniqueId();
    this.count = 0;
    this.pending = new Map(); // id -> {cmd, slot, since}
    this.held = new Map(); // slot -> the newest message that waits for the one before it
  }

  /** How many ticks are under way. */
  get ticks() {
    let n = 0;
    for (const p of this.pending.values()) if (p.cmd === "tick") n++;
    return n;
  }

  isBusy(slot) {
    return this.held.has(slot) || [...this.pending.values()].some(p => p.slot === slot);
  }

  /** Send now. What is held goes first, so that an answer never describes an older state. */
  send(message) {
    if (message.cmd !== "tick") this.flush();
    this.post(message, null);
  }

  /** Send, or hold it until the last message of the same slot was answered: the latest wins. */
  sendLatest(slot, message) {
    if (this.isBusy(slot)) this.held.set(slot, message);
    else this.post(message, slot);
  }

  post(message, slot) {
    const id = `${this.view}.${++this.count}.${message.cmd}`;
    this.pending.set(id, { cmd: message.cmd, slot, since: performance.now() });
    this.watch();
    this.model.send({ ...message, id });
  }

  flush() {
    for (const [slot, message] of [...this.held]) {
      this.held.delete(slot);
      this.post(message, slot);
    }
  }

  /** Take note of an answer. Where answers carry no name, the oldest question is the one. @returns the command it answers, or null when nobody here asked. */
  answered(message) {
    this.named ||= message.re !== undefined;
    const id = this.named ? message.re : message.type === "frame" ? this.oldest() : null;
    const question = this.pending.get(id);
    if (!question) return null;
    if (LAST_WORD.has(message.type) && !message.more) this.close(id, question);
    return question.cmd;
  }

  close(id, { slot }) {
    this.pending.delete(id);
    if (slot !== null && this.held.has(slot)) {
      const message = this.held.get(slot);
      this.held.delete(slot);
      this.post(message, slot);
    }
    this.watch();
  }

  /** Another view of the same widget asked to be shown the lab: that is not news to this one. */
  isForeignOpening(message) {
    const re = String(message.re ?? "");
    return re.endsWith(".open") && !re.startsWith(this.view + ".");
  }

  oldest() {
    return this.pending.keys().next().value ?? null;
  }

  /** A new engine answers from here on: what the old one was asked is void. */
  restart() {
    this.pending.clear();
    this.flush();
    this.watch();
  }

  /** Look again when the oldest question has waited too long. */
  watch() {
    clearTimeout(this.timer);
    const first = this.pending.values().next().value;
    const left = first ? first.since + PATIENCE - performance.now() : Infinity;
    if (left > 0) this.waiting(null);
    else this.waiting(first.cmd);
    if (first && left > 0) this.timer = setTimeout(() => this.watch(), left);
  }

  destroy() {
    clearTimeout(this.timer);
    this.pending.clear();
    this.held.clear();
  }
}
