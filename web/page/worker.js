// The worker of a page's labs: Python, then the labs' messages one by one.

import { fetchParts, line, startPython, suspicious } from "./runtime.js";

let engine = null; // engine.py
let queue = 0;
const times = {};
const mark = name => (times[name] = Math.round(performance.now()));

self.onmessage = async ({ data }) => {
  if (data.op === "boot") {
    await boot(data).catch(error => self.postMessage({ op: "failed", note: line(error), again: suspicious(error) }));
    return;
  }
  queue++;
  setTimeout(() => answer(data)); // so that `queue` counts what has come in meanwhile
};

function answer(data) {
  try {
    if (data.op === "open") engine.open(data.figure, data.name, data.seed, data.values);
    else engine.handle(data.figure, data.message);
  } catch (error) {
    self.postMessage({ op: "failed", note: `Python stopped: ${line(error)}` }); // engine.py lets no error of Python out
    return;
  }
  self.postMessage({ op: "done", left: --queue });
}

async function boot({ root, manifest, again }) {
  const tell = (progress, note) => self.postMessage({ op: "progress", progress, note });
  const parts = await fetchParts({ root, manifest, again, tell });
  mark("downloaded");
  const started = await startPython(parts, mark);
  ({ engine } = started);
  mark("ready");
  self.postMessage({ op: "ready", speed: started.speed, times });
}
