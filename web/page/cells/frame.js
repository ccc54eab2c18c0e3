// HTML that a cell makes, in a frame that can do nothing: no scripts, no forms, no way out, and the page's policy on top.

import { el } from "./dom.js";

const SHORTEST = 32; // px
const TALLEST = 480;
const BREATH = 20; // px that a frame is higher than what was measured
const COPIED = new Set("B BR CAPTION CODE DD DIV DL DT EM H1 H2 H3 H4 HR I LI OL P PRE SPAN STRONG SUB SUP TABLE TBODY TD TFOOT TH THEAD TR U UL".split(" "));

const STYLE = ({ ink, rule, paper, font, mono }) => `
  :root { color-scheme: light dark; }
  body { margin: 4px 2px; color: ${ink}; background: ${paper}; font: 14px/1.5 ${font}; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { padding: 2px 10px; border-bottom: 1px solid ${rule}; text-align: right; }
  code, pre { font-family: ${mono}; font-size: 0.92em; }
  img, svg { max-width: 100%; height: auto; }`;

/** @returns {{node, end}} the frame, and what ends its watching of the theme */
export function frame(html, title) {
  const node = el("iframe", { class: "cell-frame", sandbox: "", title });
  const fill = () => (node.srcdoc = page(html, title));
  fill();
  const theme = new MutationObserver(fill);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const width = new ResizeObserver(() => (node.style.height = `${height(html, node.clientWidth)}px`));
  width.observe(node);
  return { node, end: () => (theme.disconnect(), width.disconnect()) };
}

function page(html, title) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>`
    + `<style>${STYLE(colours())}</style></head><body>${html}</body></html>`;
}

function colours() {
  const { color, fontFamily } = getComputedStyle(document.querySelector(".bd-article") ?? document.body);
  const root = getComputedStyle(document.documentElement);
  return {
    ink: color,
    font: fontFamily,
    mono: root.getPropertyValue("--pst-font-family-monospace"),
    rule: root.getPropertyValue("--book-rule"),
    paper: root.getPropertyValue("--pst-color-background"),
  };
}

/** How high the HTML will be. The frame is closed to us, so its text is laid out once more, without any attribute. */
function height(html, width) {
  const { body } = new DOMParser().parseFromString(html, "text/html"); // inert: nothing runs, nothing is fetched
  const twin = el("div", { class: "cell-twin", "aria-hidden": "true" }, skeleton(body));
  twin.style.width = `${width}px`;
  document.body.append(twin);
  const measured = twin.offsetHeight + pictures(body);
  twin.remove();
  return Math.max(SHORTEST, Math.min(TALLEST, measured + BREATH));
}

function skeleton(node) {
  const copy = document.createDocumentFragment();
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.data);
    else if (COPIED.has(child.tagName)) copy.append(el(child.tagName, {}, skeleton(child)));
  }
  return copy;
}

/** Pictures say how high they are, or are taken for middling ones. */
function pictures(body) {
  const tall = [...body.querySelectorAll("img, svg")].map(one => Number.parseFloat(one.getAttribute("height")) || 200);
  return tall.reduce((sum, one) => sum + one, 0);
}
