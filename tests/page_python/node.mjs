// The page's Python in Node: the same Pyodide, NumPy and matrix product, with the repository under /repo.
// node node.mjs ROOT PROGRAM.py PACKAGES: runs the program, whose last value is the exit code.

import { readFileSync, readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [root, program, packages] = process.argv.slice(2);
const page = `${root}/web/dist/site/dlcore`;
const find = (folder, start) => `${folder}/${readdirSync(folder).find(name => name.startsWith(start))}`;

const { loadPyodide } = await import(pathToFileURL(`${root}/web/node_modules/pyodide/pyodide.mjs`));
let memory;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = (module, imports) => {
  memory ??= imports?.env?.memory;
  return instantiate(module, imports);
};
const python = await loadPyodide();
WebAssembly.instantiate = instantiate;
await python.loadPackage(find(find(page, "pyodide-"), "numpy-"), { messageCallback() {}, checkIntegrity: false });
python.mountNodeFS("/repo", root);
python.mountNodeFS("/packages", packages);

Object.assign(globalThis, { postMessage() {}, XMLHttpRequest: class {} }); // engine.py speaks to a page; here is none
const { instance } = await WebAssembly.instantiate(readFileSync(find(page, "sgemm.")), { env: { memory } });
globalThis.sgemm = instance.exports.matmul;

try {
  process.exitCode = await python.runPythonAsync(readFileSync(program, "utf8"));
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
