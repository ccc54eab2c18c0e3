/** Make an element as the figures' front end does: attributes (null and false are left out), listeners in `on`, texts. */
export function el(tag, { on = {}, ...attributes } = {}, ...contents) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value != null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const [type, listener] of Object.entries(on)) element.addEventListener(type, listener);
  element.append(...contents);
  return element;
}

/** A small drawing from one path in a square of 16. */
export function drawing(path) {
  const create = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const svg = create("svg");
  const shape = create("path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  shape.setAttribute("d", path);
  shape.setAttribute("fill-rule", "evenodd");
  svg.append(shape);
  return svg;
}
