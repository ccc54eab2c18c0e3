// A quiet line on a page with exercises: how many are solved, and buttons to export, import and forget what is kept.

import { button, el } from "./cells/dom.js";
import { count, take, write } from "./keepsake.js";

export class ProgressLine {
  /** @param {string[]} names the exercises of the book */
  constructor(store, checks, names) {
    Object.assign(this, { store, checks, names });
    this.solved = el("span");
    this.message = el("p", { class: "book-progress-message", role: "status" });
    this.file = el("input", { type: "file", accept: ".json", hidden: true, on: { change: () => this.import() } });
    this.dialog = this.question();
    this.root = el(
      "section",
      { class: "book-progress", "aria-label": "Your progress" },
      el("p", {}, el("strong", {}, "Your progress: "), this.solved, " It stays in this browser; nothing is sent anywhere."),
      el(
        "p",
        { class: "book-progress-buttons" },
        button("Export", () => this.export()),
        button("Import", () => this.choose()),
        button("Forget", () => this.ask()),
      ),
      this.file,
      this.message,
      this.dialog,
    );
  }

  show(here, book) {
    const counts = here.total ? [`${here.solved} of ${here.total} solved`] : [];
    if (book.total > here.total) counts.push(`${book.solved} of ${book.total}${here.total ? "" : " exercises solved"} in the book`);
    this.solved.textContent = `${counts.join(", ")}.`;
  }

  say(line) {
    this.message.textContent = line;
  }

  export() {
    const url = URL.createObjectURL(new Blob([write(this.store, this.checks)], { type: "application/json" }));
    el("a", { href: url, download: "deep-learning-progress.json" }).click();
    URL.revokeObjectURL(url);
    this.say("Exported: a file with your progress and your own code.");
  }

  choose() {
    this.say(""); // a screen reader speaks a line again only if it has gone
    this.file.click();
  }

  async import() {
    const [file] = this.file.files;
    if (!file) return;
    try {
      this.say(await take(file, this.store, this.checks, new Set(this.names)));
    } catch (error) {
      this.say(`${file.name} was not imported: ${error.message}.`);
    }
    this.file.value = ""; // or the same file could not be chosen again
  }

  question() {
    this.lost = el("p", { id: "book-forget-what" });
    const dialog = el(
      "dialog",
      { class: "book-dialog", "aria-labelledby": "book-forget", "aria-describedby": "book-forget-what" },
      el(
        "form",
        { method: "dialog" },
        el("p", { id: "book-forget", class: "book-dialog-title" }, "Forget your progress and your code?"),
        this.lost,
        el("button", { value: "keep", autofocus: true }, "Keep it"),
        el("button", { value: "forget" }, "Forget it"),
      ),
    );
    dialog.addEventListener("close", () => dialog.returnValue === "forget" && this.forget());
    return dialog;
  }

  ask() {
    const tried = this.checks.entries().length;
    const code = this.store.entries("code:").length;
    this.lost.textContent =
      `In this browser, ${count(tried, "tried exercise")} and your code in ${count(code, "cell")} of this book will be ` +
      "forgotten. This cannot be undone; an exported file brings it back.";
    this.dialog.returnValue = "keep"; // also when Escape closes it
    this.dialog.showModal();
  }

  forget() {
    this.store.forget();
    this.say("Forgotten: this browser keeps nothing of this book now.");
  }
}
