// Play, Step, Reset, speed, seed, the history to scrub, and the step count.

import { el, icon, setText } from "./dom.js";
import { grouped } from "./format.js";

// Steps a frame. "max" fills the time: as many steps as fit into a budget that leaves more than 30 frames a second.
export const SPEEDS = [
  { value: "1", label: "1×", steps: 1, budget: 40 },
  { value: "8", label: "8×", steps: 8, budget: 40 },
  { value: "64", label: "64×", steps: 64, budget: 40 },
  { value: "max", label: "max", steps: 100000, budget: 26 },
];
const DEFAULT_SPEED = "8";

function button(name, title, shape, press) {
  return el("button", { class: "dl-button", type: "button", "aria-label": name, title, on: { click: press } }, icon(shape));
}

export class Toolbar {
  /** @param act {toggle, step, reset, seed(value), scrub(index)} @param speed which is chosen at first */
  constructor(act, id, speed = DEFAULT_SPEED) {
    this.playLabel = el("span", { text: "Play" });
    this.playButton = el("button", {
      class: "dl-button dl-play", type: "button", title: "space", on: { click: act.toggle },
    }, icon("play"), this.playLabel);
    this.stepButton = button("Step", "one step ( . )", "step", act.step);
    this.resetButton = button("Reset", "back to step 0 ( r )", "reset", act.reset);
    this.proposed = speed;
    this.speedSelect = this.makeSpeed(speed);
    this.seedInput = el("input", {
      type: "number", name: "seed", id: `${id}-seed`, min: 0, max: 4294967295, step: 1, class: "dl-num",
      on: { change: () => act.seed(this.readSeed()) },
    });
    this.scrubber = el("input", {
      type: "range", class: "dl-scrubber", name: "history", min: 0, max: 0, step: 1, value: 0, "aria-label": "history",
      on: { input: () => act.scrub(Number(this.scrubber.value)) },
    });
    this.count = el("span", { class: "dl-count dl-num", text: "step 0" });
    const seed = el("span", { class: "dl-seed" }, el("label", { for: `${id}-seed`, text: "seed" }), this.seedInput);
    this.node = el("div", { class: "dl-toolbar", role: "group", "aria-label": "run" },
      this.playButton, this.stepButton, this.resetButton, this.speedSelect, seed, this.scrubber, this.count);
  }

  makeSpeed(speed) {
    const options = SPEEDS.map(s => el("option", { value: s.value, text: s.label, selected: s.value === speed }));
    return el("select", { name: "speed", class: "dl-speed", "aria-label": "speed", title: "steps a frame; max: as many as fit" }, ...options);
  }

  get speed() {
    return SPEEDS.find(s => s.value === this.speedSelect.value);
  }

  /** A run that goes on has another pace: its speed, or the one that the reader had when it had that pace before. */
  propose(speed = DEFAULT_SPEED) {
    if (speed === this.proposed) return;
    const before = this.speedSelect.value;
    this.speedSelect.value = this.before ?? speed;
    this.proposed = speed;
    this.before = before;
  }

  setPlaying(playing) {
    setText(this.playLabel, playing ? "Pause" : "Play");
    this.playButton.replaceChildren(icon(playing ? "pause" : "play"), this.playLabel);
  }

  /** A run that has diverged cannot go on; the buttons stay in the tab order and say so. */
  setStuck(stuck) {
    for (const b of [this.playButton, this.stepButton]) {
      if (stuck) b.setAttribute("aria-disabled", "true");
      else b.removeAttribute("aria-disabled");
    }
  }

  /** What is typed as a whole number from 0 on; the box shows it, too. One too large is refused, with a word. */
  readSeed() {
    const typed = Math.max(0, Math.floor(Number(this.seedInput.value)) || 0);
    this.seedInput.value = typed;
    return typed;
  }

  /** @param force also while the reader is in the box: what stands there was refused */
  setSeed(seed, force = false) {
    if (force || document.activeElement !== this.seedInput) this.seedInput.value = seed;
  }

  showStep(step) {
    setText(this.count, `step ${grouped(step)}`);
    this.scrubber.setAttribute("aria-valuetext", `step ${step}`);
  }

  showPosition(index, length) {
    this.scrubber.max = Math.max(0, length - 1);
    this.scrubber.value = index;
    this.scrubber.style.setProperty("--at", length > 1 ? index / (length - 1) : 1);
  }
}
