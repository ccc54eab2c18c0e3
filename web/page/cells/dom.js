// Small helpers for the page's elements.

/** An element with attributes (`text`, `on` and `data-…` as they are) and children. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export function button(label, click, attributes = {}) {
  return el("button", { type: "button", text: label, on: { click }, ...attributes });
}

/** Text in which `names` between back quotes are code. */
export function prose(text) {
  return text.split("`").map((part, k) => (k % 2 ? el("code", { text: part }) : part));
}

export function seconds(ms) {
  const s = ms / 1000;
  if (s < 0.1) return "less than 0.1 s";
  return s < 9.95 ? `${s.toFixed(1)} s` : `${Math.round(s)} s`;
}
