// The reader's progress, on every page: it listens for checked exercises, marks each exercise beside its heading, counts
// them in the contents lists, and gives the pages that have exercises, and the front page, a line to export, import or
// forget it all.

import { button, el } from "./cells/dom.js";
import { Checks } from "./checks.js";
import { ProgressLine } from "./progress_line.js";
import { store } from "./store.js";

const SHAPES = { // a ring, a ring half full, a disc with a tick
  "not tried": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM8 2.6a5.4 5.4 0 1 1 0 10.8A5.4 5.4 0 0 1 8 2.6z",
  tried: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM8 2.6a5.4 5.4 0 1 0 0 10.8z",
  solved: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM3.9 8.2l1.2-1.2 1.9 1.9 3.9-3.9 1.2 1.2-5.1 5.1z",
};

const { page, exercises } = document.querySelector("script[data-exercises]").dataset;
const pages = JSON.parse(exercises); // {page: {exercise: id of its section}}
const here = pages[page] ?? {};
const checks = new Checks(store);

function state({ attempts, solved }) {
  if (solved) return "solved";
  return attempts ? "tried" : "not tried";
}

function tally(names) {
  return { solved: names.filter(name => checks.read(name).solved).length, total: names.length };
}

/** A small drawing: glyphs are missing in some fonts. */
function drawing(path) {
  const create = tag => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const svg = create("svg");
  const shape = create("path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  shape.setAttribute("d", path);
  shape.setAttribute("fill-rule", "evenodd");
  svg.append(shape);
  return svg;
}

/** The mark beside an exercise's heading; the heading is then read with it. */
function mark(name) {
  const heading = document.getElementById(here[name]).querySelector("h1, h2, h3, h4");
  const span = el("span", { class: "book-mark" });
  heading.querySelector(".headerlink")?.before(span);
  return () => {
    const check = checks.read(name);
    const words = check.solved ? `solved on ${readable(check.solved)}` : state(check);
    span.dataset.state = state(check);
    span.replaceChildren(el("span", { class: "visually-hidden" }, ", "), drawing(SHAPES[state(check)]), words);
  };
}

function readable(date) {
  return new Date(`${date}T12:00`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

/** The count behind a page's entry in the contents list. */
function counter(link, names) {
  const span = el("span", { class: "book-count" });
  link.append(" ", span);
  return () => {
    const { solved, total } = tally(names);
    span.dataset.state = solved === total ? "solved" : "";
    span.replaceChildren(`${solved} of ${total}`, el("span", { class: "visually-hidden" }, " solved"));
    if (solved === total) span.prepend(drawing(SHAPES.solved));
  };
}

function counters() {
  const root = new URL("../../", import.meta.url).pathname;
  const links = [...document.querySelectorAll("nav.bd-links a.internal, .book-contents a.internal")];
  return links.flatMap(link => {
    const target = new URL(link.href).pathname.slice(root.length).replace(/\.html$/, "");
    const names = Object.keys(pages[link.getAttribute("href") === "#" ? page : decodeURI(target)] ?? {});
    return names.length ? [counter(link, names)] : [];
  });
}

function line(place) {
  const progress = new ProgressLine(store, checks, Object.values(pages).flatMap(Object.keys));
  place.before(progress.root);
  return () => progress.show(tally(Object.keys(here)), tally(progress.names));
}

/** A line at the foot of the window, for what a reader must know wherever the page is scrolled to. */
function notice() {
  const box = el("div", { class: "book-notice", role: "status" });
  const close = button("Close", () => box.replaceChildren());
  document.querySelector("main").append(box);
  return line => box.replaceChildren(el("p", {}, line), close);
}

const place = document.getElementById(Object.values(here)[0]) ?? document.querySelector(".book-part"); // of the line
const shown = [...Object.keys(here).map(mark), ...counters(), ...(place ? [line(place)] : [])];

function show() {
  for (const one of shown) one();
}

show();
store.onTrouble(notice());
store.onChange(({ key }) => (key ?? "check:").startsWith("check:") && show());

// a cell has shown the verdict on an answer; only the exercise's own cell counts, not an example elsewhere on the page
document.addEventListener("dlcore-check", ({ target, detail }) => {
  const name = detail?.exercise;
  if (typeof name !== "string" || !Object.hasOwn(here, name)) return;
  if (target.closest("section[id]")?.id === here[name]) checks.count(detail.verdict, name);
});
