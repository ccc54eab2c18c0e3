// What the lab has to say about itself: recorded or live, what it waits for, what was refused, what the doctor found.

import { el, icon, setText } from "./dom.js";

const BADGES = {
  recorded: "recorded",
  loading: "loading",
  live: "live",
  diverged: "diverged",
  failed: "failed",
};

/** The badge in the corner, and Go live with its progress. */
export class Status {
  constructor(goLive, wanted, leaveFocusTo) {
    this.leaveFocusTo = leaveFocusTo;
    this.badge = el("span", { class: "dl-badge" });
    this.button = el("button", { class: "dl-button dl-golive", type: "button", text: "Go live", hidden: !wanted, on: { click: goLive } });
    this.progress = el("progress", { class: "dl-progress", max: 1, value: 0, "aria-label": "loading Python", hidden: true });
    this.node = el("div", { class: "dl-status" }, this.progress, this.button, this.badge);
    this.wanted = wanted;
  }

  show(state, progress) {
    setText(this.badge, BADGES[state] || state);
    this.badge.dataset.state = state;
    this.progress.hidden = state !== "loading" || !this.wanted;
    if (Number.isFinite(progress)) this.progress.value = progress;
    else this.progress.removeAttribute("value");
    const hadFocus = this.button.matches(":focus");
    this.button.hidden = !this.wanted || state === "live" || state === "diverged" || state === "loading";
    if (hadFocus && this.button.hidden) this.leaveFocusTo().focus();
  }
}

/** One line under the toolbar: the most important of what there is to say. It keeps its height when empty. */
export class MessageLine {
  constructor() {
    this.said = {};
    this.text = el("span");
    this.node = el("p", { class: "dl-message", role: "status" });
  }

  /** `kind` is "error", "waiting" or "note", the first of which wins; null takes it back. */
  say(kind, text) {
    if ((this.said[kind] ?? null) === text) return;
    this.said[kind] = text;
    const [shown] = ["error", "waiting", "note"].filter(k => this.said[k]);
    this.node.dataset.kind = shown || "";
    setText(this.text, shown ? this.said[shown] : "");
    this.node.replaceChildren(...(shown ? [icon(shown === "error" ? "warn" : "note"), this.text] : []));
  }
}

const LEVELS = { bad: "problem", warn: "warning", note: "note" };
const RANK = { bad: 0, warn: 1, note: 2 };

/** The doctor's findings: an icon, the name, the numbers, what to try. */
export class Doctor {
  constructor() {
    this.list = el("ul", { class: "dl-findings" });
    this.node = el("div", { class: "dl-doctor", "aria-label": "the doctor", role: "group" }, this.list);
    this.shown = "";
  }

  show(findings = []) {
    const key = JSON.stringify(findings);
    if (key === this.shown) return;
    this.shown = key;
    const sorted = [...findings].sort((p, q) => RANK[p.level] - RANK[q.level]);
    this.list.replaceChildren(...(sorted.length ? sorted.map(f => this.item(f)) : [this.allWell()]));
  }

  item({ name, text, advice, level = "note" }) {
    return el("li", { class: "dl-finding", "data-level": level },
      icon(level in RANK ? level : "note"),
      el("span", {},
        el("span", { class: "dl-hidden", text: `${LEVELS[level] || "note"}: ` }),
        el("b", { text: name }), ` ${text} `, el("span", { class: "dl-advice", text: advice || "" })));
  }

  allWell() {
    return el("li", { class: "dl-finding", "data-level": "good" }, icon("good"),
      el("span", { text: "The doctor finds nothing wrong." }));
  }

  /** While the figure runs the list keeps its height, so that nothing below it moves. */
  setRunning(running) {
    this.node.classList.toggle("dl-running", running);
  }
}
