// Subscripts and superscripts in a line of text: z_1^{(2)}, a^2. One character, or a group in braces.

const SCRIPT = /([_^])(?:\{([^{}]*)\}|(.))/gu;

/** The line as text and <sub>, <sup> elements. */
export function markedUp(line) {
  const nodes = [];
  let at = 0;
  for (const found of line.matchAll(SCRIPT)) {
    const [all, kind, group, single] = found;
    const script = document.createElement(kind === "_" ? "sub" : "sup");
    script.textContent = group ?? single;
    nodes.push(line.slice(at, found.index), script);
    at = found.index + all.length;
  }
  return [...nodes, line.slice(at)];
}

/** The line for those who only hear it: braces go, and the marks stay. */
export const plain = line => line.replace(SCRIPT, (_, kind, group, single) => (kind === "_" ? "" : kind === "^" && group?.startsWith("(") ? "" : kind) + (group ?? single));
