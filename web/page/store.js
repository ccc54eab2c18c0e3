// What the reader's browser keeps for this book, and nothing leaves it: edited code (code:<page>#<cell>) and checked
// exercises (check:<name>). Values are JSON; who reads one must look at it, for any script of this host may have written it.
// Where the browser keeps nothing, or no more, what is written lasts as long as the page does.

const VERSION = 1; // of the values; one that reads otherwise needs another number
const NOT_KEPT =
  "Your browser does not keep what you do here (its storage is forbidden or full): it lasts until you leave this page.";

export class Store {
  /**
   * @param {string} place the path of the book on its host: two books on one host do not mix
   * @param {() => Storage} storage may throw, as the browser's own does where it is forbidden
   */
  constructor(place, storage = () => window.localStorage) {
    this.prefix = `dlcore/${VERSION} ${place} `; // a path has no spaces
    this.storage = storage;
    this.unkept = new Map(); // what could not be written
    this.listeners = new Set();
    this.complain = () => {};
    addEventListener("storage", ({ key, storageArea }) => {
      if (storageArea !== this.attempt(kept => kept)) return;
      if (key === null) this.tell(null, true);
      else if (key.startsWith(this.prefix)) this.tell(key.slice(this.prefix.length), true);
    });
    addEventListener("pageshow", ({ persisted }) => persisted && this.tell(null, true)); // it heard nothing while it was away
  }

  /** The value of a key; null if there is none that can be read. */
  read(key) {
    if (this.unkept.has(key)) return parse(this.unkept.get(key));
    return parse(this.attempt(kept => kept.getItem(this.prefix + key)));
  }

  /** Keeps a value; false if it is lost with the page, which `onTrouble` hears once. */
  write(key, value) {
    const text = JSON.stringify(value);
    const kept = this.attempt(kept => (kept.setItem(this.prefix + key, text), true)) ?? false;
    if (kept) this.unkept.delete(key);
    else this.unkept.set(key, text);
    this.tell(key, false);
    if (!kept) this.complain();
    return kept;
  }

  remove(key) {
    this.unkept.delete(key);
    this.attempt(kept => kept.removeItem(this.prefix + key));
    this.tell(key, false);
  }

  /** [key, value] of every key that begins with `prefix`, in the order of the keys. */
  entries(prefix = "") {
    return this.keys()
      .filter(key => key.startsWith(prefix))
      .sort()
      .map(key => [key, this.read(key)])
      .filter(([, value]) => value !== null);
  }

  /** Removes all that is kept for this book, also what cannot be read. */
  forget() {
    for (const key of this.keys()) {
      this.unkept.delete(key);
      this.attempt(kept => kept.removeItem(this.prefix + key));
    }
    this.tell(null, false);
  }

  keys() {
    const stored = this.attempt(kept => Array.from({ length: kept.length }, (_, i) => kept.key(i))) ?? [];
    const own = stored.filter(key => key.startsWith(this.prefix)).map(key => key.slice(this.prefix.length));
    return [...new Set([...own, ...this.unkept.keys()])];
  }

  /**
   * Calls `listener({key, elsewhere})` after each change, here or in another tab. The key null means that anything may
   * have changed. Returns the function that ends it.
   */
  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls `listener(line)` when something could not be kept, once. */
  onTrouble(listener) {
    this.complain = () => {
      this.complain = () => {};
      listener(NOT_KEPT);
    };
  }

  tell(key, elsewhere) {
    for (const listener of this.listeners) listener({ key, elsewhere });
  }

  attempt(use) {
    try {
      return use(this.storage());
    } catch {
      return null;
    }
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not ours, or damaged
  }
}

export const store = new Store(new URL("../../", import.meta.url).pathname);
