// Native inputs from the lab's declaration. Double click, or Delete, takes one back to its default.

import { clamp, number } from "./format.js";
import { el, setText } from "./dom.js";

const POSITIONS = 100; // of a slider without a step of its own

/** A slider's way between values and positions: logarithmic where the quantity is. */
function scaleOf(d) {
  const to = v => (d.log ? Math.log10(v) : v);
  const snap = v => (d.step ? Number((d.lo + Math.round((v - d.lo) / d.step) * d.step).toPrecision(12)) : v);
  const round = v => (d.log && !d.step ? Number(v.toPrecision(2)) : v);
  const from = position => clamp(round(snap(d.log ? 10 ** position : position)), d.lo, d.hi);
  const step = d.log || !d.step ? (to(d.hi) - to(d.lo)) / POSITIONS : d.step;
  return { to, from, lo: to(d.lo), hi: to(d.hi), step };
}

function sliderControl(id, name, d, changed) {
  const scale = scaleOf(d);
  const output = el("output", { class: "dl-num", for: id });
  const input = el("input", { type: "range", id, name, min: scale.lo, max: scale.hi, step: scale.step });
  let value = d.value;
  const show = () => {
    const text = number(value, 3) + (d.unit ? ` ${d.unit}` : "");
    setText(output, text);
    input.setAttribute("aria-valuetext", text);
  };
  const write = v => {
    value = v;
    input.value = scale.to(v);
    show();
  };
  input.addEventListener("input", () => {
    value = scale.from(Number(input.value));
    show();
    changed(value);
  });
  write(d.value);
  const box = el("div", { class: "dl-control dl-slider" }, el("label", { for: id, text: d.label }), output, input);
  return { box, input, write, read: () => value };
}

function choiceControl(id, name, d, changed) {
  const options = d.options.map(o => el("option", { value: o, text: o }));
  const input = el("select", { id, name }, ...options);
  const write = v => { input.value = v; };
  input.addEventListener("change", () => changed(input.value));
  write(d.value);
  const box = el("div", { class: "dl-control" }, el("label", { for: id, text: d.label }), input);
  return { box, input, write, read: () => input.value };
}

function switchControl(id, name, d, changed) {
  const input = el("input", { type: "checkbox", id, name });
  const write = v => { input.checked = v; };
  input.addEventListener("change", () => changed(input.checked));
  write(d.value);
  const box = el("div", { class: "dl-control dl-switch" }, input, el("label", { for: id, text: d.label }));
  return { box, input, write, read: () => input.checked };
}

function numberControl(id, name, d, changed) {
  const input = el("input", { type: "number", id, name, min: d.lo, max: d.hi, step: d.step || "any" });
  const write = v => { input.value = v; };
  input.addEventListener("change", () => input.value !== "" && changed(Number(input.value)));
  write(d.value);
  const box = el("div", { class: "dl-control" }, el("label", { for: id, text: d.label }), input);
  return { box, input, write, read: () => Number(input.value) };
}

const MAKERS = { slider: sliderControl, choice: choiceControl, switch: switchControl, number: numberControl };

/** Is a `when` condition met? ["layers", 3]: layers is at least 3; ["data", "own"]: data is "own". */
function holds(when, values) {
  if (!when) return true;
  const [name, wanted] = when;
  const value = values[name];
  return typeof wanted === "number" && typeof value === "number" ? value >= wanted : value === wanted;
}

export class Controls {
  /**
   * @param declared  name -> declaration
   * @param changed   called with (name, value) when the reader moves one
   * @param prefix    of the ids
   */
  constructor(declared, changed, prefix) {
    this.changed = changed;
    this.prefix = prefix;
    this.items = new Map();
    this.node = el("div", { class: "dl-controlbox" });
    this.build(declared);
    this.applyConditions();
  }

  build(declared) {
    const first = el("div", { class: "dl-controls" });
    const more = el("div", { class: "dl-controls" });
    const groups = new Map();
    for (const [name, d] of Object.entries(declared)) {
      const item = this.make(name, d);
      const shelf = d.more ? more : first;
      (d.group ? this.groupOn(shelf, d.group, groups) : shelf).append(item.box);
    }
    if (first.children.length) this.node.append(first);
    if (more.children.length) {
      this.node.append(el("details", { class: "dl-fold" }, el("summary", { text: "More" }), more));
    }
  }

  groupOn(shelf, legend, groups) {
    if (!groups.has(legend)) {
      const inner = el("div", { class: "dl-group" });
      shelf.append(el("fieldset", { class: "dl-fieldset" }, el("legend", { text: legend }), inner));
      groups.set(legend, inner);
    }
    return groups.get(legend);
  }

  make(name, d) {
    const maker = MAKERS[d.control];
    if (!maker) throw new Error(`control "${name}": expected slider, choice, switch or number, got ${d.control}`);
    const item = maker(`${this.prefix}-${name}`, name, d, value => this.moved(name, value));
    this.items.set(name, { ...item, d });
    this.addReset(name);
    return item;
  }

  addReset(name) {
    const { input, d } = this.items.get(name);
    if (d.default === undefined || input.type === "number") return;
    const reset = () => this.reset(name);
    if (d.control === "slider") {
      input.addEventListener("dblclick", reset);
      input.title = `double click or Delete: back to ${number(d.default, 3)}`;
    }
    input.addEventListener("keydown", event => {
      if (event.key !== "Delete" && event.key !== "Backspace") return;
      event.preventDefault();
      reset();
    });
  }

  reset(name) {
    const { write, d } = this.items.get(name);
    write(d.default);
    this.moved(name, d.default);
  }

  moved(name, value) {
    this.applyConditions();
    this.changed(name, value);
  }

  get values() {
    return Object.fromEntries([...this.items].map(([name, item]) => [name, item.read()]));
  }

  /** Show the lab's values; those that `isBusy(name)` says are on their way stay as the reader put them. */
  update(values, isBusy = () => false) {
    for (const [name, item] of this.items) {
      if (name in values && !isBusy(name) && item.read() !== values[name]) item.write(values[name]);
    }
    this.applyConditions();
  }

  applyConditions() {
    const values = this.values;
    for (const { box, d } of this.items.values()) {
      const show = holds(d.when, values);
      if (box.hidden === show) box.hidden = !show;
    }
    for (const set of this.node.querySelectorAll("fieldset")) {
      set.hidden = ![...set.querySelectorAll(".dl-control")].some(box => !box.hidden);
    }
  }
}
