// A recording: gzip( length of the JSON, uint32 | JSON | arrays ). It plays what the figure's default run looked like.

import { isPacked, matches, unpack } from "./download.js";

/**
 * Fetch and unpack the recording of the lab `name`; where it is not what the manifest's `sha256` says, once more past the
 * browser's copy. Throws an Error with one line that names the file.
 */
export async function readRecording(url, name, sha256) {
  try {
    return await read(url, name, sha256, {});
  } catch {
    return read(url, name, sha256, { cache: "reload" });
  }
}

async function read(url, name, sha256, options) {
  const file = url.pathname.split("/").pop();
  const answer = await fetch(url, options).catch(() => null);
  if (!answer) throw new Error(`${file}: the server could not be reached`);
  if (!answer.ok) throw new Error(`${file}: the server answered ${answer.status}`);
  let recording;
  try {
    const bytes = await answer.arrayBuffer();
    if (isPacked(bytes) && !(await matches(bytes, sha256))) throw new Error("another file than expected");
    recording = new Recording(await unpack(bytes));
  } catch {
    throw new Error(`${file}: the file is damaged`);
  }
  const shown = recording.setup.lab.name;
  if (shown !== name) throw new Error(`${file}: the file is a recording of "${shown}", not of "${name}"`);
  return recording;
}

/** What stands in for a recording that can't be had: a title, and a line that says why there is no more. */
export function missingRecording(name, title, why) {
  const lab = { name, title, hint: "", controls: {}, panels: [] };
  const frame = { type: "frame", step: 0, done: 0, ms: 0, state: "live", text: "", doctor: [], arrays: [] };
  const setup = { type: "setup", lab, seed: 0, values: {}, arrays: [] };
  return Object.assign(new Recording(), { setup, frames: [frame], why });
}

export class Recording {
  at = 0;

  /** @param buffer what was unpacked; without one, an empty recording */
  constructor(buffer) {
    if (!buffer) return;
    const length = new DataView(buffer).getUint32(0, true);
    const { version, setup, frames } = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    if (version !== 1) throw new Error(`expected a recording of version 1, got ${version}`);
    this.setup = setup;
    this.frames = frames;
    this.blob = new Uint8Array(buffer, 4 + length);
  }

  /** The frame that is shown, and the next one; null when the recording is over. */
  get frame() {
    return this.frames[this.at];
  }

  next() {
    return this.at + 1 < this.frames.length ? this.frames[++this.at] : null;
  }

  rewind() {
    this.at = 0;
    return this.frame;
  }

  /** The buffers of a message, in the order of its array headers. */
  buffers(message) {
    return message.arrays.filter(header => header.at !== undefined).map(header => this.slice(header));
  }

  slice({ at, shape, dtype }) {
    const size = { f4: 4, u2: 2, u1: 1 }[dtype];
    const bytes = size * shape.reduce((p, q) => p * q, 1);
    return this.blob.slice(at, at + bytes).buffer;
  }
}
