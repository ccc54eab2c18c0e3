// The stages that a run goes through again and again, one a step. A click on one goes on until it is reached.

import { el } from "../dom.js";

class Stages {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: [] });
    this.buttons = spec.names.map((text, k) => el("button", { class: "dl-stagename", type: "button", text, on: { click: () => this.go(k) } }));
    this.node = el("ol", { class: "dl-stages" }, ...this.buttons.map(b => el("li", {}, b)));
    caption.body.append(this.node);
  }

  /** Number of the stage that is shown, or -1 before the first. */
  get at() {
    return Math.round(this.lab.array(this.spec.data)?.data[0] ?? -1);
  }

  go(k) {
    const { lab } = this;
    const count = this.buttons.length;
    const steps = ((k - this.at + count - 1) % count) + 1;
    if (lab.isScrubbed()) return lab.seek(lab.shown.step + steps);
    if (lab.isStuck()) return;
    lab.touched = true;
    lab.setPlaying(false);
    lab.ask({ steps, budget: 1000 });
  }

  draw() {
    this.buttons.forEach((button, k) => {
      if (k === this.at) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      button.classList.toggle("dl-done", k < this.at);
    });
  }

  describe() {
    const here = this.spec.names[this.at] ?? "not begun";
    return `${this.spec.title}: ${here}, of ${this.spec.names.join(", ")}.`;
  }

  destroy() {
    this.node.remove();
  }
}

export const stages = (caption, spec, lab) => new Stages(caption, spec, lab);
