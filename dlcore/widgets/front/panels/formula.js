// A formula with its numbers put in: Python sends the text, one line of it a line here.

import { el, setText } from "../dom.js";

class Formula {
  constructor(caption, spec, lab) {
    Object.assign(this, { spec, lab, sels: [] });
    this.node = el("div", { class: "dl-formula dl-num" });
    caption.body.append(this.node);
  }

  get lines() {
    const value = this.lab.array(this.spec.data || this.spec.name)?.value ?? "";
    return Array.isArray(value) ? value : String(value).split("\n");
  }

  draw() {
    const { lines } = this;
    while (this.node.children.length < lines.length) this.node.append(el("p"));
    while (this.node.children.length > lines.length) this.node.lastChild.remove();
    lines.forEach((text, k) => setText(this.node.children[k], text));
  }

  describe() {
    return `${this.spec.title}: ${this.lines.join("; ")}`;
  }

  destroy() {
    this.node.remove();
  }
}

export const formula = (caption, spec, lab) => new Formula(caption, spec, lab);
