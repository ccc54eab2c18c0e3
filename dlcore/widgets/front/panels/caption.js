// A panel's <figure>: its title, its key, and a note where values are missing.

import { el, icon, setText } from "../dom.js";
import { plural } from "../format.js";

export class Caption {
  constructor(spec) {
    this.spec = spec;
    this.title = el("span", { class: "dl-cap", text: spec.title || "" });
    this.key = el("span", { class: "dl-key" });
    this.noteText = el("span");
    this.note = el("p", { class: "dl-note", hidden: true }, icon("warn"), this.noteText);
    this.body = el("div", { class: "dl-stage" }, this.note);
    this.figure = el("figure", { class: `dl-panel dl-is-${spec.kind}`, "data-panel": spec.name },
      el("figcaption", {}, this.title, this.key), this.body);
    this.figure.style.setProperty("--span", spec.span || 12);
    if (spec.narrow) this.figure.dataset.narrow = spec.narrow;
    if (spec.rowspan) this.figure.style.setProperty("--rows", spec.rowspan);
    if (spec.axis) this.figure.dataset.axis = spec.axis;
  }

  /** @param bad how many of the panel's values are not finite */
  show(panel, lab, bad) {
    const title = panel.title?.() ?? lab.selections.fill(this.spec.title || "");
    setText(this.title, title);
    if (this.spec.title?.includes("{")) this.relabel(title);
    if (this.note.hidden !== !bad) this.note.hidden = !bad;
    if (bad) setText(this.noteText, `${plural(bad, "value is", "values are")} not finite and not drawn`);
  }

  /** What is drawn, if it is called by the title, is called by what the title says now. */
  relabel(title) {
    const canvas = this.body.querySelector("canvas");
    this.label ??= canvas?.getAttribute("aria-label") ?? "";
    if (!this.label.includes(this.spec.title)) return;
    const label = this.label.replace(this.spec.title, () => title);
    if (label !== canvas.getAttribute("aria-label")) canvas.setAttribute("aria-label", label);
  }
}
