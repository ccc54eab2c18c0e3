// The worker of a page's code cells: Python, then one run at a time. Between runs the labs made in cells are answered.

import { install, line, SITE_PACKAGES, startPython } from "../runtime.js";

let python = null;
let page = null; // page.py
let drawing = false; // is matplotlib there?
let onPlots = null; // where its wheels are waited for

self.onmessage = ({ data }) => {
  if (data.op === "boot") guard(boot(data.parts));
  else if (data.op === "run") guard(run(data));
  else if (data.op === "plots") onPlots(data);
  else guard(Promise.resolve().then(() => page.handle(data.figure, data.message)));
};

/** page.py lets no error of the reader's out: what comes here is the end of this Python. */
function guard(promise) {
  promise.catch(error => self.postMessage({ op: "failed", note: `Python stopped: ${line(error)}` }));
}

async function boot(parts) {
  ({ python } = await startPython(parts));
  python.unpackArchive(parts.extra.cells, "zip", { extractDir: SITE_PACKAGES });
  page = python.pyimport("dlcore_cells.page");
  self.postMessage({ op: "ready" });
}

async function run({ cell, source }) {
  if (!drawing && page.draws(source)) {
    const { wheels, failure } = await askForPlots();
    if (failure) return self.postMessage({ op: "done", failure });
    await install(python, "matplotlib", wheels);
    page.prepare_plots();
    drawing = true;
  }
  self.postMessage({ op: "running" });
  await page.run(cell, source);
}

/** The page has the wheels, or fetches them: it outlives this worker. */
function askForPlots() {
  self.postMessage({ op: "plots" });
  return new Promise(resolve => (onPlots = resolve));
}
