// The worker of a page: Pyodide, NumPy, the dlcore wheel and the matrix product, then the labs' messages one by one.

import { Downloads } from "./download.js";

const SITE_PACKAGES = "/lib/python3.12/site-packages";
const DOWNLOADED = 0.9; // of the progress bar; the rest is Python's start

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

/** Were the files wrong? Unless the server did not give one, a browser's copy may be: not every browser can check it. */
function suspicious(error) {
  return error?.damaged !== false;
}

function line(error) {
  return String(error?.message ?? error).trim().split("\n").pop();
}

async function boot({ root, manifest, again }) {
  const { runtime } = manifest;
  const wanted = [runtime.loader, runtime.glue, runtime.wasm, runtime.stdlib, runtime.lock, runtime.numpy, manifest.wheel];
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  const downloads = new Downloads({ root, total, again, progress: throttled(total) });
  const get = entry => downloads.get(entry);

  const [loader, glue, module, stdlib, lock, numpy, wheel, script, product] = await Promise.all([
    get(runtime.loader), get(runtime.glue), get(runtime.wasm).then(bytes => WebAssembly.compile(bytes)),
    get(runtime.stdlib), get(runtime.lock), get(runtime.numpy), get(manifest.wheel), get(manifest.engine),
    get(manifest.sgemm).catch(() => null), // NumPy multiplies without it
  ]);
  mark("downloaded");
  tell(DOWNLOADED, "Starting Python");
  const python = await startPython({ loader, glue, module, stdlib, lock, numpy: { ...runtime.numpy, bytes: numpy } });
  mark("python");
  python.unpackArchive(wheel, "wheel", { extractDir: SITE_PACKAGES });
  python.FS.writeFile(`${SITE_PACKAGES}/dlcore_page.py`, new Uint8Array(script));
  engine = python.pyimport("dlcore_page");
  mark("imported");
  const speed = await matrixProduct(product, python.memory);
  mark("ready");
  self.postMessage({ op: "ready", speed, times });
}

/** Pyodide from what was downloaded: it asks for its files by address, and gets them from here. */
async function startPython({ loader, glue, module, stdlib, lock, numpy }) {
  const base = "https://in-memory.invalid/"; // never asked: every file below it is at hand
  const files = { "python_stdlib.zip": stdlib, "pyodide-lock.json": lock, [numpy.file.split("/").pop()]: numpy.bytes };
  const { fetch } = self;
  self.fetch = (url, options) => {
    const name = String(url).startsWith(base) && String(url).slice(base.length);
    if (name === "pyodide.asm.wasm") return Promise.resolve(new Response());
    return files[name] ? Promise.resolve(new Response(files[name])) : fetch(url, options);
  };
  let memory;
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (_, imports) => {
    ({ memory } = imports.env);
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  try {
    await importBytes(glue); // defines the function that the loader would otherwise fetch
    const { loadPyodide } = await importBytes(loader);
    const python = await loadPyodide({ indexURL: base, lockFileURL: `${base}pyodide-lock.json`, checkAPIVersion: false });
    await python.loadPackage("numpy", { messageCallback() {}, checkIntegrity: false });
    return Object.assign(python, { memory });
  } finally {
    self.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

async function importBytes(bytes) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Put the SIMD kernel behind dlcore's products. @returns what multiplies: "simd" or "numpy" */
async function matrixProduct(bytes, memory) {
  try {
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
    return engine.install_product(instance.exports.matmul) ? "simd" : "numpy";
  } catch {
    return "numpy"; // no SIMD in this browser, or no file: slower, not wrong
  }
}

/** Progress as the page hears it: at most once a hundredth. */
function throttled(total) {
  let told = -1;
  const megabytes = share => ((share * total) / 1e6).toFixed(1);
  return share => {
    if (Math.floor(100 * share) === told) return;
    told = Math.floor(100 * share);
    tell(DOWNLOADED * share, `Loading Python: ${megabytes(share)} of ${megabytes(1)} MB`);
  };
}

function tell(progress, note) {
  self.postMessage({ op: "progress", progress, note });
}
