// Makes the code cells of a page run. What the build knows of them stands in the page as JSON (web/ext/cells.py).

import { store } from "../store.js";
import { Cell } from "./cell.js";
import { el } from "./dom.js";
import { Kernel } from "./kernel.js";

const HINT = "The code on this page runs in your browser. Run brings a Python of its own (9 MB, once); Edit lets you change a cell, and this browser keeps your text. Nothing is sent anywhere.";

const root = new URL("../../", import.meta.url); // the folder dlcore/ of the site
const { page: name, cells: known } = JSON.parse(document.getElementById("dlcore-cells").textContent);

let fetched = null;
function manifest() {
  fetched ??= fetchManifest().catch(error => {
    fetched = null; // another try fetches it anew
    throw error;
  });
  return fetched;
}

async function fetchManifest() {
  const answer = await fetch(new URL("../manifest.json", import.meta.url)).catch(() => null);
  if (!answer) throw new Error("manifest.json could not be fetched: the server could not be reached");
  if (!answer.ok) throw new Error(`manifest.json could not be fetched: the server answered ${answer.status}`);
  return answer.json();
}

const key = id => `code:${name}#${id}`;
const announcer = el("div", { class: "visually-hidden", "aria-live": "polite" });

const page = {
  kernel: new Kernel(root, manifest),
  engaged: false, // has the reader run anything?
  keep: {
    read: id => store.read(key(id)),
    write: (id, text) => store.write(key(id), text),
    remove: id => store.remove(key(id)),
  },
  say: text => (announcer.textContent = text),
  editor: async () => import(new URL((await manifest()).editor.file, root)),
  above: cell => cells.slice(0, cells.indexOf(cell)),

  engage() {
    if (page.engaged) return;
    page.engaged = true;
    for (const cell of cells) cell.show();
  },

  /** Run the cells above one and then itself, from the first on. */
  runThrough(cell) {
    const wanted = [...page.above(cell), cell].filter(one => one.canRun);
    for (const one of wanted) one.prepare();
    page.kernel.runAll(wanted);
  },
};

const nodes = known.map(({ id }) => document.getElementById(`cell-${id}`));
const cells = nodes.map((node, k) => new Cell(node, known[k], k + 1, page));
page.kernel.onLost = () => cells.forEach(cell => cell.onLost());

// an import, or Forget; what another tab types waits for the next visit, or two editors would write into each other
store.onChange(({ key: changed, elsewhere }) => {
  if (elsewhere && changed !== null) return;
  for (const cell of cells) if (changed === null || changed === key(cell.about.id)) cell.takeKept();
});
(document.querySelector(".bd-article") ?? document.body).append(announcer);
nodes[0]?.before(el("p", { class: "cell-hint", text: HINT }));
