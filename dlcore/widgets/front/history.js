// What has been seen of this run: whole frames to scrub through, and the small arrays of many more for the lines.

const SMALL = 64; // arrays of at most so many numbers are kept for the lines

/** A list that keeps at most `cap` items, evenly spread: when full, every second one goes. */
class ThinningList {
  constructor(cap) {
    this.cap = cap;
    this.clear();
  }

  clear() {
    this.items = [];
    this.gap = 1; // of so many items that came, one is kept
    this.count = 0;
  }

  get last() {
    return this.items[this.items.length - 1];
  }

  /** The newest item is always there; it makes room for the next unless its turn was due. */
  push(item) {
    const keepsLast = (this.count - 1) % this.gap === 0;
    if (this.items.length > 1 && !keepsLast) this.items.pop();
    this.items.push(item);
    this.count++;
    if (this.items.length > this.cap) this.thin();
  }

  replaceLast(item) {
    this.items[this.items.length - 1] = item;
  }

  thin() {
    const last = this.items.length - 1;
    this.items = this.items.filter((_, i) => i % 2 === 0 || i === last);
    this.gap *= 2;
  }
}

const bytesIn = frame => Object.values(frame.arrays).reduce((sum, a) => sum + (a.data?.byteLength || 0), 0);

/** Copies of the small arrays: a view into a message would keep the whole message in memory. */
function smallArrays(frame) {
  const small = {};
  for (const [name, array] of Object.entries(frame.arrays)) {
    if (array.data && array.data.length <= SMALL) small[name] = array.data.slice();
  }
  return { step: frame.step, small };
}

export class History {
  /** At most `frames` frames and `bytes` bytes of them; `points` points in each line. */
  constructor({ frames = 600, bytes = 48e6, points = 3000 } = {}) {
    this.limits = { frames, bytes };
    this.kept = new ThinningList(frames);
    this.log = new ThinningList(points);
  }

  clear() {
    this.kept.cap = this.limits.frames;
    this.kept.clear();
    this.log.clear();
  }

  get frames() {
    return this.kept.items;
  }

  get tip() {
    return this.kept.last;
  }

  /** A frame of the same step replaces the last one (the answer to an event); an earlier one forgets what came after. */
  add(frame) {
    const tip = this.tip;
    if (tip && frame.step < tip.step) this.clear();
    if (tip && frame.step === tip.step) {
      this.kept.replaceLast(frame);
      this.log.replaceLast(smallArrays(frame));
      return;
    }
    if (!this.kept.count) this.kept.cap = Math.min(this.limits.frames, Math.max(40, this.limits.bytes / (bytesIn(frame) + 1)));
    this.kept.push(frame);
    this.log.push(smallArrays(frame));
  }

  /** Element `k` of a small array over the steps so far: {n, x(i), y(i)}, or null. */
  series(name, k = 0) {
    const items = this.log.items;
    if (!items.length || !items[items.length - 1].small[name]) return null;
    return { n: items.length, x: i => items[i].step, y: i => items[i].small[name]?.[k] ?? NaN };
  }

  indexOf(frame) {
    const exact = this.frames.indexOf(frame);
    return exact >= 0 ? exact : this.indexAt(frame ? frame.step : 0);
  }

  /** The frame nearest to a step. */
  indexAt(step) {
    let best = 0;
    this.frames.forEach((f, i) => {
      if (Math.abs(f.step - step) < Math.abs(this.frames[best].step - step)) best = i;
    });
    return best;
  }
}
