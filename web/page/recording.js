// A recording: gzip( length of the JSON, uint32 | JSON | arrays ). It plays what the figure's default run looked like.

/** Fetch and unpack one. Throws an Error with one line that names the file. */
export async function readRecording(url) {
  const file = url.pathname.split("/").pop();
  const answer = await fetch(url).catch(() => null);
  if (!answer) throw new Error(`${file}: the server could not be reached`);
  if (!answer.ok) throw new Error(`${file}: the server answered ${answer.status}`);
  try {
    return new Recording(await unpack(await answer.arrayBuffer()));
  } catch {
    throw new Error(`${file}: the file is damaged`);
  }
}

/** gunzip, unless the server has done it already. */
export async function unpack(buffer) {
  const head = new Uint8Array(buffer, 0, 2);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return buffer;
  return new Response(new Blob([buffer]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

export class Recording {
  constructor(buffer) {
    const length = new DataView(buffer).getUint32(0, true);
    const { version, setup, frames } = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    if (version !== 1) throw new Error(`expected a recording of version 1, got ${version}`);
    this.setup = setup;
    this.frames = frames;
    this.blob = new Uint8Array(buffer, 4 + length);
    this.at = 0;
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
