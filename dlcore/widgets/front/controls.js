// Native inputs from the lab's declaration. Double click, or Delete, takes one back to its default.

import { clamp, number } from "./format.js";
import { el, setText } from "./dom.js";

const POSITIONS = 100; // of a slider without a step of its own
const ROUND = [1, 1.1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 9]; // in each decade

/** A slider's way between values and positions. */
function scaleOf(d) {
  return d.log ? logarithmic(d) : linear(d);
}

function linear({ lo, hi, step }) {
  const snap = v => (step ? Number((lo + Math.round((v - lo) / step) * step).toPrecision(12)) : v);
  return { to: v => v, from: position => clamp(snap(position), lo, hi), lo, hi, step: step || (hi - lo) / POSITIONS };
}

/** Positions are places in a list of round values, so that each of them can be set, by mouse and by arrow keys. */
function logarithmic(d) {
  const values = roundValues(d);
  const distance = (k, v) => Math.abs(Math.log(values[k] / v));
  const to = v => values.reduce((best, _, k) => (distance(k, v) < distance(best, v) ? k : best), 0);
  return { to, from: position => values[Math.round(position)], lo: 0, hi: values.length - 1, step: 1 };
}

/** Round numbers, for whole numbers the powers of two as well, the default and both ends. */
function roundValues(d) {
  const found = [d.lo, d.hi, d.default ?? d.value];
  for (let e = Math.floor(Math.log10(d.lo)); 10 ** e <= d.hi; e++) found.push(...ROUND.map(m => Number(`${m}e${e}`)));
  if (d.step) for (let v = 1; v <= d.hi; v *= 2) found.push(v);
  const possible = v => v >= d.lo && v <= d.hi && (!d.step || Number.isInteger((v - d.lo) / d.step));
  return [...new Set(found)].filter(possible).sort((p, q) => p - q);
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

const OWN = "your own settings"; // what a case is once the reader has moved what it had set

function choiceControl(id, name, d, changed) {
  const options = d.options.map(o => el("option", { value: o, text: o }));
  const own = el("option", { text: OWN, disabled: true });
  const input = el("select", { id, name }, ...options);
  let value, left = false;
  const show = () => {
    if (left) input.prepend(own);
    else own.remove();
    input.value = left ? OWN : value;
  };
  const write = v => {
    value = v;
    show();
  };
  const leave = now => {
    if (now === left) return;
    left = now;
    show();
  };
  input.addEventListener("change", () => {
    if (input.value === OWN) return;
    left = false;
    write(input.value);
    changed(value);
  });
  write(d.value);
  const box = el("div", { class: "dl-control" }, el("label", { for: id, text: d.label }), input);
  return { box, input, write, leave, read: () => value };
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

/** A line of text. Each letter counts at once: the lab's queue of one lets the latest win. */
function textControl(id, name, d, changed) {
  const input = el("input", { type: "text", id, name, maxlength: d.most, autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  const write = v => { input.value = v; };
  input.addEventListener("input", () => changed(input.value));
  write(d.value);
  const box = el("div", { class: "dl-control dl-text" }, el("label", { for: id, text: d.label }), input);
  return { box, input, write, read: () => input.value };
}

const MAKERS = { slider: sliderControl, choice: choiceControl, switch: switchControl, number: numberControl, text: textControl };

/** Is a `when` condition met? ["layers", 3]: layers is at least 3; ["data", "own"]: data is "own", or one of a list. */
function holds(when, values) {
  if (!when) return true;
  const [name, wanted] = when;
  const value = values[name];
  if (Array.isArray(wanted)) return wanted.includes(value);
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
    if (!maker) throw new Error(`control "${name}": expected one of ${Object.keys(MAKERS).join(", ")}, got ${d.control}`);
    const item = maker(`${this.prefix}-${name}`, name, d, value => this.moved(name, value));
    this.items.set(name, { ...item, d });
    this.addReset(name);
    return item;
  }

  addReset(name) {
    const { input, d } = this.items.get(name);
    if (d.default === undefined || input.type === "number" || input.type === "text") return;
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

  /** The settings are no longer those of the case that was chosen; or they are. */
  leaveCase(left) {
    this.items.get("case")?.leave?.(left);
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
