// Audit, Copy as code, Copy link: buttons that open a part below them.

import { el, icon, setText } from "./dom.js";
import { number } from "./format.js";

/** Copy, or select the text where the clipboard is closed to us. @returns a sentence that says which. */
async function copyText(text, node) {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    if (!node) return "The clipboard is closed here.";
    const range = document.createRange();
    range.selectNodeContents(node);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return "Selected: press Ctrl+C (⌘C).";
  }
}

const cellText = v => (typeof v === "number" ? number(v, 4) : String(v));

/** A plain table; numbers stand to the right. */
export function makeTable({ columns, rows }, caption) {
  const isNumeric = k => rows.some(row => typeof row[k] === "number");
  const head = el("tr", {}, ...columns.map((text, k) => el("th", { scope: "col", class: isNumeric(k) ? "dl-right" : null, text })));
  const body = rows.map(row => el("tr", {}, ...row.map((v, i) =>
    el(i ? "td" : "th", { scope: i ? null : "row", class: typeof v === "number" ? "dl-num dl-right" : null, text: cellText(v) }))));
  return el("table", { class: "dl-table" },
    ...(caption ? [el("caption", { text: caption })] : []), el("thead", {}, head), el("tbody", {}, ...body));
}

/** A button that opens and closes a part. */
class Disclosure {
  constructor(name, id, opened) {
    this.part = el("div", { class: "dl-part", id, role: "region", "aria-label": name, tabindex: 0, hidden: true }); // it may scroll
    this.button = el("button", {
      class: "dl-button", type: "button", text: name, "aria-expanded": "false", "aria-controls": id,
      on: { click: () => this.setOpen(this.part.hidden) },
    });
    this.opened = opened;
  }

  get isOpen() {
    return !this.part.hidden;
  }

  setOpen(open) {
    this.part.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.opened();
  }
}

/** Two programs behind two tabs. */
class CodeTabs {
  constructor(id) {
    this.names = ["dlcore", "torch"];
    this.chosen = 0;
    this.programs = {};
    this.tabs = ["dlcore", "PyTorch"].map((text, k) => el("button", {
      class: "dl-tab", type: "button", role: "tab", id: `${id}-tab${k}`, "aria-controls": `${id}-code`, text,
      on: { click: () => this.choose(k), keydown: event => this.key(event) },
    }));
    this.copied = el("span", { class: "dl-copied", role: "status" });
    this.pre = el("pre", { class: "dl-code", tabindex: 0 });
    const copy = el("button", { class: "dl-button", type: "button", text: "Copy", on: { click: () => this.copy() } });
    this.panel = el("div", { role: "tabpanel", id: `${id}-code` }, this.pre);
    this.node = el("div", {},
      el("div", { class: "dl-codebar" },
        el("div", { class: "dl-tabs", role: "tablist", "aria-label": "program" }, ...this.tabs), this.copied, copy),
      this.panel);
    this.choose(0);
  }

  choose(k) {
    this.chosen = k;
    this.tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === k));
      tab.tabIndex = i === k ? 0 : -1;
    });
    this.panel.setAttribute("aria-labelledby", this.tabs[k].id);
    this.pre.setAttribute("aria-label", `program in ${this.tabs[k].textContent}`);
    this.show();
  }

  key(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    this.choose(1 - this.chosen);
    this.tabs[this.chosen].focus();
  }

  show() {
    setText(this.pre, this.programs[this.names[this.chosen]] ?? "waiting for the program …");
    setText(this.copied, "");
  }

  async copy() {
    setText(this.copied, await copyText(this.pre.textContent, this.pre));
  }
}

export class Tools {
  /** @param ask called with "audit" or "code"; @param share returns the link to this state, or null where there is none */
  constructor(ask, share, id) {
    this.audit = new Disclosure("Audit", `${id}-audit`, () => this.askAudit(ask));
    this.code = new Disclosure("Copy as code", `${id}-program`, () => ask("code"));
    this.tabs = new CodeTabs(id);
    this.code.part.append(this.tabs.node);
    this.said = el("span", { class: "dl-copied", role: "status" });
    const link = el("button", { class: "dl-button", type: "button", text: "Copy link", on: { click: () => this.copyLink(share()) } });
    this.node = el("div", { class: "dl-tools" },
      el("div", { class: "dl-toolrow" }, this.audit.button, this.code.button, ...(share ? [link] : []), this.said),
      this.audit.part, this.code.part);
  }

  askAudit(ask) {
    this.audit.part.replaceChildren(el("p", { text: "comparing gradients …" }));
    ask("audit");
  }

  showAudit(message) {
    this.audit.part.replaceChildren(el("p", { text: message.text || "" }), makeTable(message));
  }

  showCode({ dlcore, torch }) {
    this.tabs.programs = { dlcore, torch };
    this.tabs.show();
  }

  /** The lab has changed: what an open part says is no longer true of it. */
  outdated() {
    setText(this.said, "");
  }

  /** The link itself is shown where it cannot be copied. */
  async copyLink(url) {
    const address = el("span", { class: "dl-link", text: url });
    this.said.replaceChildren(address);
    const answer = await copyText(url, address);
    if (answer === "Copied.") setText(this.said, "Link copied.");
    else this.said.replaceChildren(address, ` ${answer}`);
  }
}
