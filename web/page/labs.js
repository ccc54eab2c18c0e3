// Brings the live figures of a page to life: each <div class="dlcore-lab"> gets the front end that Jupyter has too,
// and a model that plays the figure's recording first and Python later.

import { addressed } from "./address.js";
import { Engine } from "./engine.js";
import { PageModel } from "./model.js";
import { missingRecording, readRecording } from "./recording.js";

const NEAR = "800px"; // how far from the visible part of the page a figure is fetched

const root = new URL("../", import.meta.url); // the folder dlcore/ of the site

async function json(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url.pathname.split("/").pop()}: the server answered ${answer.status}`);
  return answer.json();
}

const manifest = json(new URL("manifest.json", import.meta.url));
let engine = null; // one for all figures of the page

async function mount(div, place) {
  const { name } = div.dataset;
  try {
    const files = await manifest;
    const entry = files.recordings[name];
    if (!entry) throw new Error(`no figure is called "${name}"`);
    const [front, recording] = await Promise.all([
      import(new URL(files.front.file, root)),
      readRecording(new URL(entry.file, root), name, entry.sha256).catch(({ message }) => missingRecording(name, titleOf(div), message)),
    ]);
    engine ??= new Engine(root, files);
    const seed = Number(div.dataset.seed) || 0;
    const values = JSON.parse(div.dataset.values || "{}");
    const model = new PageModel({ name, place, seed, values, recording, engine });
    div.replaceChildren();
    front.default.render({ model, el: div });
    follow(div, model, place);
    if ("plays" in div.dataset && !matchMedia("(prefers-reduced-motion: reduce)").matches) div.querySelector(".dl-play").click();
  } catch (error) {
    tell(div, `This figure could not be loaded. ${error.message}. Reload the page to try again.`);
  }
}

/** The question that the notebook left in the figure's place. */
function titleOf(div) {
  return div.querySelector("strong")?.textContent ?? div.dataset.name;
}

/** Where the address changes while the page is open, the figure it names takes its settings over. */
function follow(div, model, place) {
  if (addressed(location.hash, place)) div.scrollIntoView({ block: "start", behavior: "instant" }); // it plays when it is in view
  addEventListener("hashchange", () => {
    if (!addressed(location.hash, place)) return;
    model.takeAddress();
    div.scrollIntoView({ block: "start" });
  });
}

function tell(div, line) {
  const note = document.createElement("p");
  note.className = "dlcore-lab-fallback";
  note.setAttribute("role", "alert");
  note.textContent = line;
  div.replaceChildren(note);
}

/** The names by which addresses know the figures of this page: mlp, mlp.2, mlp.3 ... */
function places(divs) {
  const count = {};
  return divs.map(({ dataset: { name } }) => {
    count[name] = (count[name] || 0) + 1;
    return count[name] === 1 ? name : `${name}.${count[name]}`;
  });
}

const divs = [...document.querySelectorAll("div.dlcore-lab[data-name]")];
const names = places(divs);
const near = new IntersectionObserver(
  entries => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      mount(target, names[divs.indexOf(target)]);
    }
  },
  { rootMargin: NEAR },
);
divs.forEach((div, k) => {
  if (addressed(location.hash, names[k])) mount(div, names[k]);
  else near.observe(div);
});
