// What is kept for the book as a file that the reader can carry to another browser. A file that comes in is looked at as a
// whole before any of it is taken: it is data, never markup and never run.

import { complaint } from "./checks.js";

const FORMAT = "dlcore-progress";
const VERSION = 1;
const LARGEST = 2_000_000; // bytes
const LONGEST = 100_000; // characters of code in a cell
const CODE_KEY = /^[\w/-]{1,200}#[\w.-]{1,100}$/;

/** The file's text: progress and code. */
export function write(store, checks) {
  const code = store.entries("code:").filter(([, text]) => typeof text === "string");
  const kept = {
    format: FORMAT,
    version: VERSION,
    checks: Object.fromEntries(checks.entries()),
    code: Object.fromEntries(code.map(([key, text]) => [key.slice("code:".length), text])),
  };
  return `${JSON.stringify(kept, null, 1)}\n`;
}

/**
 * Takes a file's progress and code over, and returns a line that says what came of it. Nothing that is here is lost: the
 * earlier date and the larger number of attempts stay, and where a cell has other code here, this stays.
 * @param {Set<string>} known the exercises of the book
 * @throws {Error} a line that says what is wrong with the file
 */
export async function take(file, store, checks, known) {
  const { checks: tried, code } = parse(await textOf(file));
  const mine = Object.entries(tried).filter(([name]) => known.has(name));
  for (const [name, check] of mine) checks.merge(name, check);
  let kept = 0;
  for (const [key, text] of Object.entries(code)) {
    const own = store.read(`code:${key}`);
    if (own === null) store.write(`code:${key}`, text);
    else if (own !== text) kept += 1;
  }
  return said(mine, Object.keys(tried).length - mine.length, kept);
}

function said(mine, unknown, kept) {
  const solved = mine.filter(([, check]) => check.solved).length;
  const lines = [`Imported: ${count(mine.length, "exercise")} tried, ${solved} of them solved.`];
  if (unknown) lines.push(`${count(unknown, "exercise")} of the file ${unknown === 1 ? "is" : "are"} not in this book.`);
  if (kept) lines.push(`${count(kept, "cell")} had other code here, which stays.`);
  return lines.join(" ");
}

export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

async function textOf(file) {
  if (file.size > LARGEST) throw new Error(`it is larger than ${LARGEST / 1e6} MB`);
  try {
    return await file.text();
  } catch {
    throw new Error("it cannot be read");
  }
}

function parse(text) {
  const { format, version, checks, code, ...rest } = plain(json(text), "the file");
  if (format !== FORMAT) throw new Error("it is not one that this book has exported");
  if (version !== VERSION) throw new Error(`its version should be ${VERSION}, and is ${brief(version)}`);
  if (Object.keys(rest).length) throw new Error(`it should not have ${brief(Object.keys(rest)[0])}`);
  for (const [name, check] of Object.entries(plain(checks, "checks"))) {
    const wrong = complaint(check);
    if (wrong) throw new Error(`in the check ${brief(name)}, ${wrong}`);
  }
  for (const [key, source] of Object.entries(plain(code, "code"))) {
    if (!CODE_KEY.test(key)) throw new Error(`code should be of a page's cell, not of ${brief(key)}`);
    if (typeof source !== "string") throw new Error(`the code of ${brief(key)} should be a text, and is ${brief(source)}`);
    if (source.length > LONGEST) throw new Error(`the code of ${brief(key)} is longer than ${LONGEST} characters`);
  }
  return { checks, code };
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("it is not JSON");
  }
}

function plain(value, what) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${what} should be an object, and is ${brief(value)}`);
  }
  return value;
}

/** A value of the file in a line, however long it is. */
function brief(value) {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
