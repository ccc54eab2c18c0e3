// The copy of the book that a browser keeps, so that it can be read, and its Python run, without a network. Where there is
// a network the book is what the host has, as if there were no copy; only what cannot be had there is taken from here.
//
// Each edition of the book has a worker that knows the hash of every file, and keeps a file under its path and its hash,
// after it has seen that the host sent just that. So a copy is of one edition and whole: while files are missing, or are
// still or already those of another edition, the worker is not installed and the one before it goes on. The next visit
// tries again and fetches what is missing. As the browser does it, a new worker takes over when the last page is closed
// that the old one serves.

import { matches, unpack } from "./download.js";

const LANES = 4; // downloads at a time

class Copy {
  /** @param files {path from the root of the book, with a query if pages ask with one: SHA-256 of the contents, unpacked} */
  constructor(files, root) {
    this.files = new Map(Object.entries(files));
    this.root = root;
    this.name = `book ${new URL(root).pathname}`; // two books on one host do not mix
  }

  has(request) {
    return this.files.has(this.path(request));
  }

  /** By which path the book knows what is asked for. A page may be asked with any query (a search) and as a folder. */
  path({ url, mode }) {
    const { origin, pathname, search } = new URL(url);
    const path = (origin + pathname).slice(this.root.length);
    if (mode !== "navigate") return path + search;
    return path === "" || path.endsWith("/") ? `${path}index.html` : path;
  }

  /** Is what a browser holds under this address never out of date? Else it asks the host, which may have a new edition. */
  isLasting(request) {
    const path = this.path(request);
    return path.includes("?") || path.startsWith("dlcore/");
  }

  key(path) {
    return new URL(`${path.split("?")[0]}?${this.files.get(path)}`, this.root);
  }

  async get(request) {
    const cache = await caches.open(this.name).catch(() => null);
    return cache?.match(this.key(this.path(request)));
  }

  /** Fetch what is not here yet; throws if it is not all to be had. */
  async complete() {
    const cache = await caches.open(this.name);
    const waiting = this.files.keys(); // the lanes share it
    const lane = async () => {
      for (const path of waiting) await this.keep(cache, path);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  async keep(cache, path) {
    const key = this.key(path);
    if (await cache.match(key)) return;
    const answer = await fetch(new URL(path, this.root), { cache: "no-cache", priority: "low" });
    const bytes = await answer.arrayBuffer();
    if (!answer.ok || !(await matches(await unpack(bytes), this.files.get(path)))) throw new Error(`${path} is not of this edition`);
    const type = answer.headers.get("Content-Type") ?? "application/octet-stream";
    await cache.put(key, new Response(bytes, { headers: { "Content-Type": type } }));
  }

  /** Remove what only other editions have, unless one of them is just being fetched. */
  async clean() {
    if (registration.installing) return;
    const cache = await caches.open(this.name);
    const own = new Set(Array.from(this.files.keys(), path => this.key(path).href));
    const others = (await cache.keys()).filter(({ url }) => !own.has(url));
    await Promise.all(others.map(key => cache.delete(key)));
  }
}

/** What the host has; else, for want of a network or of the file (a page may be older than the host is), the copy's. */
async function answer(request, copy) {
  const isPage = request.mode === "navigate";
  let fresh;
  try {
    fresh = await fetch(request, copy.isLasting(request) ? {} : { cache: "no-cache" });
    if (isPage || fresh.ok) return fresh;
  } catch (error) {
    fresh = error;
  }
  const kept = await copy.get(request);
  if (kept) return kept;
  if (fresh instanceof Response) return fresh;
  throw fresh;
}

export function keepBook(files) {
  const copy = new Copy(files, registration.scope);
  addEventListener("install", event => event.waitUntil(copy.complete()));
  addEventListener("activate", event => event.waitUntil(copy.clean().then(() => clients.claim())));
  addEventListener("fetch", event => {
    const { request } = event;
    if (request.method === "GET" && copy.has(request)) event.respondWith(answer(request, copy));
  });
}
