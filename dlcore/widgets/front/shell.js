// The frame around the panels: header, run bar, controls, doctor, words, tools.

import { Controls } from "./controls.js";
import { el, setText, uniqueId } from "./dom.js";
import { Doctor, MessageLine, Status } from "./notices.js";
import { Caption } from "./panels/caption.js";
import { STYLE } from "./style.js";
import { Toolbar } from "./toolbar.js";
import { Tools } from "./tools.js";
import { Twin } from "./twin.js";

export class Shell {
  constructor(lab, host) {
    this.lab = lab;
    this.id = uniqueId();
    this.line = new MessageLine();
    this.body = el("div", { class: "dl-body" });
    this.root = el("section", {
      class: "dl",
      "data-lab": lab.model.get("lab") || "",
      "data-state": lab.hostState,
      "data-playing": "false",
      "data-step": "0",
      "data-lm-suppress-shortcuts": "true", // JupyterLab leaves our keys alone
      "aria-label": "interactive figure",
    }, el("style", { text: STYLE }), this.body, this.line.node);
    host.append(this.root);
  }

  /** Build what the declaration says, unless it stands there already. Returns whether it was built. */
  declare(spec) {
    const { panels, ...rest } = spec;
    const outline = JSON.stringify({ ...rest, controls: withoutValues(spec.controls) });
    if (outline === this.outline) return false;
    this.outline = outline;
    this.twin?.destroy();
    this.build(spec);
    return true;
  }

  build(spec) {
    const { lab, id } = this;
    this.status = new Status(() => lab.goLive(), lab.hostKind === "page", () => this.toolbar.playButton);
    this.toolbar = new Toolbar({
      toggle: () => lab.togglePlay(),
      step: () => lab.stepOn(),
      reset: () => lab.reset(),
      seed: value => lab.setSeed(value),
      scrub: index => lab.scrubTo(index),
    }, id, spec.speed);
    this.toolbar.node.hidden = spec.time === false;
    this.controls = new Controls(spec.controls || {}, (name, value) => lab.setValue(name, value), id);
    this.grid = el("div", { class: "dl-panels" });
    this.doctor = new Doctor();
    this.twin = new Twin(() => (lab.shown ? lab.panels : []));
    this.tools = new Tools(cmd => lab.link.send({ cmd }), lab.shareLink, id);
    const header = el("header", { class: "dl-header" },
      el("h3", { class: "dl-title", id: `${id}-title`, text: spec.title }), this.status.node,
      el("p", { class: "dl-hint", text: spec.hint || "" }));
    this.body.replaceChildren(header, this.toolbar.node, this.line.node, this.controls.node, this.grid,
      this.doctor.node, this.twin.sentence, this.twin.spoken, this.tools.node, this.twin.fold);
    this.root.dataset.lab = spec.name;
    this.root.removeAttribute("aria-label");
    this.root.setAttribute("aria-labelledby", `${id}-title`);
  }

  /** A fresh <figure> for each panel, with its caption. */
  figures(specs) {
    const captions = specs.map(spec => new Caption(spec));
    this.grid.replaceChildren(...captions.map(c => c.figure));
    return captions;
  }

  showSetup(seed, values, isBusy) {
    this.toolbar.setSeed(seed);
    this.controls.update(values, isBusy);
  }

  showFrame(frame) {
    this.toolbar.showStep(frame.step);
    setData(this.root, "step", frame.step);
    this.doctor.show(frame.doctor);
  }

  showPosition() {
    const { lab } = this;
    this.toolbar.showPosition(lab.position(), lab.history.frames.length);
  }

  showPlaying(playing) {
    setData(this.root, "playing", playing);
    this.toolbar.setPlaying(playing);
    this.doctor.setRunning(playing);
  }

  showState(state, progress, stuck) {
    setData(this.root, "state", state);
    this.status?.show(state, progress);
    this.toolbar?.setStuck(stuck);
  }

  destroy() {
    this.twin?.destroy();
    this.root.remove();
  }
}

function setData(node, name, value) {
  if (node.dataset[name] !== String(value)) node.dataset[name] = String(value);
}

/** A control's value travels in `values`; a new value is no reason to build it anew. */
function withoutValues(controls = {}) {
  return Object.fromEntries(Object.entries(controls).map(([name, { value, ...rest }]) => [name, rest]));
}
