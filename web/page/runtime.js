// Python for a worker: what is downloaded for it, and how it is started from that. A page of labs does both in the worker;
// the code cells download once, outside their worker, and hand the parts to each new one.

import { Downloads } from "./download.js";

export const SITE_PACKAGES = "/lib/python3.12/site-packages";
const DOWNLOADED = 0.9; // of the progress; the rest is Python's start
const BASE = "https://in-memory.invalid/"; // where Pyodide believes its files are; never asked

/**
 * The parts of a Python with NumPy and dlcore; `extras` are names of more files of the manifest.
 * @param root the folder dlcore/ of the site @param again past a browser's copies @param tell called with (progress, note)
 * @returns an object that can be posted to a worker
 */
export async function fetchParts({ root, manifest, again, tell, extras = [] }) {
  if (!globalThis.WebAssembly) throw new Error("Python needs WebAssembly, which this browser lacks or forbids");
  const { runtime } = manifest;
  const more = extras.map(name => [name, manifest[name]]);
  const wanted = [runtime.loader, runtime.glue, runtime.wasm, runtime.stdlib, runtime.lock, runtime.numpy, manifest.wheel];
  const total = [...wanted, ...more.map(([, entry]) => entry)].reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = throttled(total, (share, note) => tell(DOWNLOADED * share, `Loading Python: ${note}`));
  const downloads = new Downloads({ root, total, again, progress });
  const get = entry => downloads.get(entry);

  const [loader, glue, module, stdlib, lock, numpy, wheel, engine, product, ...others] = await Promise.all([
    get(runtime.loader), get(runtime.glue), get(runtime.wasm).then(bytes => WebAssembly.compile(bytes)),
    get(runtime.stdlib), get(runtime.lock), get(runtime.numpy), get(manifest.wheel), get(manifest.engine),
    get(manifest.sgemm).catch(() => null), // NumPy multiplies without it
    ...more.map(([, entry]) => get(entry)),
  ]);
  tell(DOWNLOADED, "Starting Python");
  const files = Object.fromEntries(Object.entries(manifest.files).map(([name, { file }]) => [name, new URL(file, root).href]));
  const packages = { [fileName(runtime.numpy)]: numpy };
  const extra = Object.fromEntries(more.map(([name], k) => [name, others[k]]));
  return { loader, glue, module, stdlib, lock, packages, wheel, engine, product, files, extra };
}

/** The wheels of matplotlib and what it needs: file name -> bytes. */
export async function fetchPlots({ root, manifest, again, tell }) {
  const { plots } = manifest.runtime;
  const total = plots.reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = throttled(total, (share, note) => tell(share, `Loading matplotlib: ${note}`));
  const downloads = new Downloads({ root, total, again, progress });
  const files = await Promise.all(plots.map(async entry => [fileName(entry), await downloads.get(entry)]));
  return Object.fromEntries(files);
}

function fileName({ file }) {
  return file.split("/").pop();
}

/** Were the files wrong? Unless the server did not give one, a browser's copy may be: not every browser can check it. */
export function suspicious(error) {
  return error?.damaged !== false;
}

/** The last line of an error: Python's have many. */
export function line(error) {
  return String(error?.message ?? error).trim().split("\n").pop();
}

/** Progress as the page hears it: at most once a hundredth. */
function throttled(total, tell) {
  let told = -1;
  const megabytes = share => ((share * total) / 1e6).toFixed(1);
  return share => {
    if (Math.floor(100 * share) === told) return;
    told = Math.floor(100 * share);
    tell(share, `${megabytes(share)} of ${megabytes(1)} MB`);
  };
}

// ---- in the worker

/**
 * Python with NumPy, dlcore and the matrix product.
 * @returns {{python, engine, speed}} Pyodide, engine.py, and what multiplies: "simd" or "numpy"
 */
export async function startPython(parts, mark = () => {}) {
  let memory;
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (_, imports) => {
    ({ memory } = imports.env);
    return { module: parts.module, instance: await WebAssembly.instantiate(parts.module, imports) };
  };
  const files = { "pyodide.asm.wasm": null, "python_stdlib.zip": parts.stdlib, "pyodide-lock.json": parts.lock };
  const python = await fromMemory(files, async () => {
    await importBytes(parts.glue); // defines the function that the loader would otherwise fetch
    const { loadPyodide } = await importBytes(parts.loader);
    return loadPyodide({ indexURL: BASE, lockFileURL: `${BASE}pyodide-lock.json`, checkAPIVersion: false });
  }).finally(() => (WebAssembly.instantiateStreaming = instantiateStreaming));
  await install(python, "numpy", parts.packages);
  mark("python");
  python.unpackArchive(parts.wheel, "wheel", { extractDir: SITE_PACKAGES });
  python.FS.writeFile(`${SITE_PACKAGES}/dlcore_page.py`, new Uint8Array(parts.engine));
  const engine = python.pyimport("dlcore_page");
  engine.serve_files(parts.files);
  mark("imported");
  return { python, engine, speed: await matrixProduct(parts.product, memory, engine) };
}

/** Install a package of the lock, and what it depends on, from wheels that are at hand. */
export function install(python, name, wheels) {
  return fromMemory(wheels, () => python.loadPackage(name, { messageCallback() {}, checkIntegrity: false }));
}

/** Pyodide asks for its files by address; while `act` runs it gets them from `files`. */
async function fromMemory(files, act) {
  const { fetch } = self;
  self.fetch = (url, options) => {
    const name = String(url).startsWith(BASE) ? String(url).slice(BASE.length) : "";
    return name in files ? Promise.resolve(new Response(files[name])) : fetch(url, options);
  };
  try {
    return await act();
  } finally {
    self.fetch = fetch;
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
async function matrixProduct(bytes, memory, engine) {
  try {
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
    return engine.install_product(instance.exports.matmul) ? "simd" : "numpy";
  } catch {
    return "numpy"; // no SIMD in this browser, or no file: slower, not wrong
  }
}
