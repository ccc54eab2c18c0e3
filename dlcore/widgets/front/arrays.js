// Arrays as they travel: a header each, and buffers in the order of the headers that need one.

const SIZES = { f4: 4, u1: 1, u2: 2 };

/** The bytes of a DataView, an ArrayBuffer or a typed array, on an address that is a multiple of 4. */
function bytesOf(buffer) {
  const bytes = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  return bytes.byteOffset % 4 ? bytes.slice() : bytes;
}

/** Quantised whole numbers back to values: v = lo + q / (2^bits - 1) * (hi - lo). */
function dequantise(q, { lo, hi, dtype }) {
  const scale = (hi - lo) / (dtype === "u1" ? 255 : 65535);
  const values = new Float32Array(q.length);
  for (let k = 0; k < q.length; k++) values[k] = lo + q[k] * scale;
  return values;
}

function decodeOne(header, buffer) {
  const { name, shape, dtype } = header;
  const n = shape.reduce((p, q) => p * q, 1);
  if (!SIZES[dtype]) throw new Error(`array "${name}": expected dtype f4, u1 or u2, got ${dtype}`);
  if (!buffer) throw new Error(`array "${name}": its buffer is missing`);
  const bytes = bytesOf(buffer);
  if (bytes.byteLength < n * SIZES[dtype]) {
    throw new Error(`array "${name}": expected ${n * SIZES[dtype]} bytes for (${shape}), got ${bytes.byteLength}`);
  }
  if (dtype === "f4") return new Float32Array(bytes.buffer, bytes.byteOffset, n);
  const Kind = dtype === "u1" ? Uint8Array : Uint16Array;
  return dequantise(new Kind(bytes.buffer, bytes.byteOffset, n), header);
}

function countNonFinite(data) {
  let bad = 0;
  for (let k = 0; k < data.length; k++) if (!Number.isFinite(data[k])) bad++;
  return bad;
}

/**
 * @returns {Object<string, {shape: number[], data: Float32Array, bad: number} | {value: any}>}
 *   `bad` counts the values that are not finite: panels leave those out, the lab says how many.
 */
export function decode(headers = [], buffers = []) {
  const arrays = {};
  let next = 0;
  for (const header of headers) {
    if (header.value !== undefined) {
      arrays[header.name] = { value: header.value };
      continue;
    }
    const data = decodeOne(header, buffers[next++]);
    arrays[header.name] = { shape: header.shape, data, bad: countNonFinite(data) };
  }
  return arrays;
}
