// Downloads for the worker: counted by the byte, unpacked where they are packed, and checked against their hash.

/** What could not be had, in one line. `damaged`: the file came, but is not what belongs here. */
class DownloadError extends Error {
  constructor(line, damaged = false) {
    super(line);
    this.damaged = damaged;
  }
}

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
    if (!answer) throw new DownloadError(`${name} could not be fetched: the server could not be reached`);
    if (!answer.ok) throw new DownloadError(`${name} could not be fetched: the server answered ${answer.status}`);
    let bytes;
    try {
      bytes = await unpack(await this.count(answer));
    } catch {
      throw new DownloadError(`${name} is damaged or was cut off on its way`, true);
    }
    if (!(await matches(bytes, sha256))) throw new DownloadError(`${name} is damaged: it is not the file that belongs here`, true);
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

/** gunzip, unless the server has done it already. */
export async function unpack(buffer) {
  if (!isPacked(buffer)) return buffer;
  return new Response(new Blob([buffer]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

export function isPacked(buffer) {
  const [first, second] = new Uint8Array(buffer.slice(0, 2));
  return first === 0x1f && second === 0x8b;
}

/** Browsers hash on https and on this computer only; elsewhere a damaged file shows when it is used. */
export async function matches(bytes, sha256) {
  if (!globalThis.crypto?.subtle) return true;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map(byte => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
