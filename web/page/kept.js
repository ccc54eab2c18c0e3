// Has the browser keep a copy of the book (kept_worker.js). It begins when the page is at rest, and not where data are dear.
// A browser that keeps nothing, for whatever reason, shows the book as it did before.

const REST = 2000; // ms after the page is there: what the reader looks at comes first

async function keep() {
  const { connection, serviceWorker } = navigator;
  if (!serviceWorker || connection?.saveData || connection?.type === "cellular") return;
  if (document.readyState !== "complete") await new Promise(loaded => addEventListener("load", loaded, { once: true }));
  await new Promise(rested => setTimeout(rested, REST));
  await serviceWorker.register(new URL("../../sw.js", import.meta.url), { type: "module", updateViaCache: "none" });
}

keep().catch(() => {});
