// What a run of a cell shows: text as it comes, values in the best form they offer, errors with the reader's own lines.

import { el } from "./dom.js";
import { frame } from "./frame.js";
import { showLab } from "./lab.js";
import { CHECK, verdict } from "../verdict.js";

const LAB = "application/vnd.dlcore.lab+json";
const PICTURES = { "image/png": "base64", "image/jpeg": "base64", "image/svg+xml": "utf8" };

export class Output {
  /** @param cell the number of the cell @param kernel answers the labs that it makes @param onRunAgain runs the cell */
  constructor({ cell, kernel, onRunAgain }) {
    Object.assign(this, { cell, kernel, onRunAgain });
    this.node = el("div", { class: "cell-result", hidden: true });
    this.endings = []; // what has to be ended with the elements
    this.pending = [];
  }

  /**
   * Empty, for a new run. Its place stays as high as it was until the run is over, so that the text below stays.
   * @param alt what its figure shows, as the book says it, or ""
   */
  begin(alt) {
    this.alt = alt;
    const height = this.node.offsetHeight;
    this.clear();
    this.node.style.minHeight = height ? `${height}px` : "";
    this.node.hidden = false;
  }

  end() {
    this.flush();
    this.node.style.minHeight = "";
    for (const pre of this.node.querySelectorAll("pre")) {
      if (pre.scrollHeight > pre.clientHeight || pre.scrollWidth > pre.clientWidth) pre.tabIndex = 0;
    }
    this.node.hidden = !this.node.childElementCount;
  }

  clear() {
    this.pending = [];
    this.endings.splice(0).forEach(end => end());
    this.node.replaceChildren();
    this.node.hidden = true;
  }

  /** A message of the kernel; what comes in quick succession is shown together. */
  add(message) {
    this.pending.push(message);
    this.request ??= setTimeout(() => this.flush(), 30);
  }

  flush() {
    clearTimeout(this.request);
    this.request = null;
    for (const message of this.pending.splice(0)) this[message.op](message);
  }

  // ---- text

  stream({ name, text }) {
    let last = this.node.lastElementChild;
    if (!last?.matches("pre.cell-stream") || last.dataset.name !== name) {
      last = el("pre", { class: "cell-stream", "data-name": name });
      this.node.append(last);
    }
    last.append(text);
  }

  /** The end of what was too much, after a line that says how much there is between. */
  left_out({ name, count, tail }) {
    const found = this.node.querySelector(`.cell-rest[data-name=${name}]`);
    const rest = found ?? el("div", { class: "cell-rest", "data-name": name }, el("p", { class: "cell-note" }), el("pre", { class: "cell-stream" }));
    if (!found) this.node.append(rest);
    rest.querySelector("p").textContent = `… ${count.toLocaleString("en")} more characters are left out here; the end:`;
    rest.querySelector("pre").textContent = tail;
  }

  // ---- values

  display({ bundle }) {
    const check = verdict(bundle[CHECK]);
    this.node.append(check ?? this.best(bundle));
    if (check) this.node.dispatchEvent(new CustomEvent("dlcore-check", { bubbles: true, detail: bundle[CHECK] }));
  }

  best(bundle) {
    if (bundle[LAB]) return this.lab(bundle[LAB]);
    if (bundle["text/html"]) {
      const { node, end } = frame(bundle["text/html"], `HTML output of cell ${this.cell}`);
      this.endings.push(end);
      return node;
    }
    const kind = Object.keys(PICTURES).find(name => bundle[name]);
    if (kind) return this.picture(kind, bundle);
    return el("pre", { class: "cell-value", text: bundle["text/plain"] });
  }

  picture(kind, bundle) {
    const content = PICTURES[kind] === "utf8" ? encodeURIComponent(bundle[kind]) : bundle[kind];
    const src = `data:${kind};${PICTURES[kind]},${content}`;
    return el("img", { class: "cell-picture", src, alt: this.alt || bundle["text/plain"] });
  }

  lab(about) {
    const { node, end } = showLab(about, this.kernel, this.onRunAgain);
    this.endings.push(end);
    return node;
  }

  // ---- errors

  /** @param rest what follows the error: advice, an offer */
  error(report, ...rest) {
    this.flush();
    const { kind, message, places, left_out, cause } = report;
    const parts = places.map(place => excerpt(place));
    if (left_out) parts.splice(places.length / 2, 0, el("p", { class: "cell-note", text: `… ${left_out} more lines are left out …` }));
    this.node.append(
      el("div", { class: "cell-error" },
        el("p", {}, el("strong", { text: kind }), message ? `: ${message}` : ""),
        ...parts,
        cause ? el("p", { class: "cell-note", text: `It came of ${cause}` }) : "",
        ...rest.filter(Boolean)),
    );
  }
}

/** Some lines of a cell, the one in question marked. */
function excerpt({ cell, line, first, lines, column }) {
  const rows = lines.flatMap((text, k) => {
    const number = first + k;
    const wrong = number === line;
    const row = el("span", { class: wrong ? "cell-line cell-line-wrong" : "cell-line" }, `${wrong ? "→" : " "} ${String(number).padStart(3)}  ${text}`);
    return wrong && column ? [row, el("span", { class: "cell-line" }, `${" ".repeat(6 + column)}^`)] : [row];
  });
  return el("figure", { class: "cell-place" }, el("figcaption", { text: `cell ${cell}, line ${line}` }), el("pre", {}, ...rows));
}
