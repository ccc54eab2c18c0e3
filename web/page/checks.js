// What is kept of a checked exercise: {attempts, solved}. An attempt is an answer that was right or wrong, not an unfinished
// one; `solved` is the date of the first right one, or null, and no later wrong one takes it away.

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MOST_ATTEMPTS = 1_000_000;

export class Checks {
  constructor(store) {
    this.store = store;
  }

  read(name) {
    const kept = this.store.read(`check:${name}`);
    return complaint(kept) ? { attempts: 0, solved: null } : { attempts: kept.attempts, solved: kept.solved };
  }

  /** All that were tried, [name, check]. */
  entries() {
    return this.store.entries("check:").filter(([, kept]) => !complaint(kept)).map(([key]) => {
      const name = key.slice("check:".length);
      return [name, this.read(name)];
    });
  }

  count(verdict, name) {
    if (verdict !== "right" && verdict !== "wrong") return;
    const { attempts, solved } = this.read(name);
    this.store.write(`check:${name}`, {
      attempts: Math.min(attempts + 1, MOST_ATTEMPTS),
      solved: solved ?? (verdict === "right" ? today() : null),
    });
  }

  /** Takes over what was kept elsewhere; doing it twice changes nothing. */
  merge(name, other) {
    const own = this.read(name);
    const dates = [own.solved, other.solved].filter(Boolean).sort();
    const merged = { attempts: Math.max(own.attempts, other.attempts), solved: dates[0] ?? null };
    if (JSON.stringify(merged) !== JSON.stringify(own)) this.store.write(`check:${name}`, merged);
  }
}

/** What is wrong with a value that should be a check; null if nothing is. */
export function complaint(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it should be {attempts, solved}";
  const { attempts, solved, ...rest } = value;
  if (Object.keys(rest).length) return "it should be {attempts, solved} and nothing else";
  const counted = Number.isInteger(attempts) && attempts >= 1 && attempts <= MOST_ATTEMPTS;
  if (!counted) return `attempts should be a whole number from 1 to ${MOST_ATTEMPTS}`;
  if (solved !== null && !isDate(solved)) return "solved should be null or a date such as 2026-01-31";
  return null;
}

function isDate(text) {
  if (typeof text !== "string" || !DATE.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text); // 2026-02-30 is none
}

/** The date where the reader is. */
function today() {
  const now = new Date();
  const two = number => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
