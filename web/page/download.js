// Downloads for the worker: counted by the byte, unpacked where they are packed, and checked against their hash.

import { unpack } from "./recording.js";

export class Downloads {
  /** @param again past a browser's copy, which may be the damaged one @param progress called with a share of the total */
  constructor({ root, total, again, progress }) {
    Object.assign(this, { root, total, progress });
    this.options = again ? { cache: "reload" } : {};
    this.done = 0;
  }

  /** The contents of a file of the manifest. Throws an Error with one line that names it. */
  async get({ file, sha256 }) {
    const name = file.split("/").pop();
    const answer = await fetch(new URL(file, this.root), this.options).catch(() => null);
    if (!answer) throw new Error(`${name} could not be fetched: the server could not be reached`);
    if (!answer.ok) throw new Error(`${name} could not be fetched: the server answered ${answer.status}`);
    let bytes;
    try {
      bytes = await unpack(await this.count(answer));
    } catch {
      throw new Error(`${name} is damaged or was cut off on its way`);
    }
    if (!(await matches(bytes, sha256))) throw new Error(`${name} is damaged: it is not the file that belongs here`);
    return bytes;
  }

  async count(answer) {
    const counter = new TransformStream({
      transform: (chunk, controller) => {
        this.done += chunk.byteLength;
        this.progress(Math.min(1, this.done / this.total));
        controller.enqueue(chunk);
      },
    });
    return new Response(answer.body.pipeThrough(counter)).arrayBuffer();
  }
}

/** Browsers hash on https and on this computer only; elsewhere a damaged file shows when it is used. */
async function matches(bytes, sha256) {
  if (!globalThis.crypto?.subtle) return true;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map(byte => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
