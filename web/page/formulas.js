// Sets the page's formulas a few at a time, those near the reader first: a long chapter has a thousand, and a figure is
// not to wait for all of them.

const SLICE = 12; // paragraphs at a time: MathJax measures the page once for each slice

/** How far an element is from the visible part of the page, in px. */
function distance(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return Math.max(0, top - innerHeight, -bottom);
}

/** The parts of the text that have formulas, the nearest first. */
function parts() {
  const found = [...document.querySelectorAll("article section > :not(section)")];
  const far = new Map(found.filter((part) => part.querySelector(".math") || part.matches(".math")).map((part) => [part, distance(part)]));
  return [...far.keys()].sort((a, b) => far.get(a) - far.get(b));
}

/** Until the page has nothing better to do, or it has waited long enough; Safari has no such call. */
function pause() {
  return new Promise((done) => (globalThis.requestIdleCallback ? requestIdleCallback(done, { timeout: 300 }) : setTimeout(done)));
}

async function setFormulas() {
  await MathJax.startup.promise;
  const all = parts();
  while (all.length) {
    await MathJax.typesetPromise(all.splice(0, SLICE));
    await pause();
  }
  await MathJax.typesetPromise(); // titles in the lists of contents
}

if (globalThis.MathJax) setFormulas();
