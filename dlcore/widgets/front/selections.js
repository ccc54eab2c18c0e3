// Named whole numbers that panels share, such as `neuron` or `t`. Pointing is passing; pinning stays.

export class Selections {
  /** `changed(name)` is called whenever what is chosen changes; `fallback(name)` is chosen until the reader chooses. */
  constructor(changed, fallback = () => null) {
    this.changed = changed;
    this.fallback = fallback;
    this.pointed = {};
    this.pinned = {};
    this.speakers = {};
  }

  /** What is chosen now: what is pointed at, else what is pinned, else what the lab begins with, if it says so. */
  get(name) {
    return this.pointed[name] ?? this.pinned[name] ?? this.fallback(name) ?? null;
  }

  point(name, value) {
    this.change(name, () => { this.pointed[name] = value; });
  }

  pin(name, value) {
    this.change(name, () => {
      this.pinned[name] = value;
      this.pointed[name] = null;
    });
  }

  unpinAll() {
    for (const name of Object.keys({ ...this.pinned, ...this.pointed })) this.pin(name, null);
  }

  isEmpty() {
    return Object.values({ ...this.pinned, ...this.pointed }).every(v => v == null);
  }

  change(name, write) {
    if (!name) return;
    const before = this.get(name);
    write();
    if (this.get(name) !== before) this.changed(name);
  }

  /** A panel that knows names says what a value of a selection is called ("layer 1, unit 3"). */
  speak(name, describe) {
    this.speakers[name] = describe;
  }

  nameOf(name) {
    const value = this.get(name);
    if (value == null) return null;
    return this.speakers[name] ? this.speakers[name](value) : `${name} ${value + 1}`;
  }

  /** "cell {unit} at t = {t}": selections put into a title. Places in time count from 0, all else from 1. */
  fill(template) {
    return template.replace(/\{(\w+)\}/g, (_, name) => String((this.get(name) ?? 0) + (name === "t" ? 0 : 1)));
  }
}
