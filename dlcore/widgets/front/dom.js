// Elements, icons and listeners that take themselves away again.

/**
 * Make an element. `text` sets the text, `on` adds listeners, attributes that are null are left out.
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "on") for (const [type, f] of Object.entries(value)) node.addEventListener(type, f);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/** Set the text only when it differs: a live region speaks, and the layout moves, at every write. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const SHAPES = {
  play: "M3 1.5v13l11-6.5z",
  pause: "M3 2h3.5v12H3zM9.5 2H13v12H9.5z",
  step: "M2 2.5v11l7-5.5zM11 2.5h2.5v11H11z",
  reset: "M8 2a6 6 0 1 1-5.66 4h1.6A4.5 4.5 0 1 0 8 3.5V6L4.5 2.75 8-.5z",
  note: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm-.9 3.2h1.8V6H7.1zm0 2.9h1.8v4.9H7.1z",
  warn: "M8 1 15.5 14.5H.5zM7.1 5.6v4.6h1.8V5.6zm0 5.6V13h1.8v-1.8z",
  bad: "M5 1h6l4 4v6l-4 4H5l-4-4V5zm.6 3.2L4.2 5.6 6.6 8l-2.4 2.4 1.4 1.4L8 9.4l2.4 2.4 1.4-1.4L9.4 8l2.4-2.4-1.4-1.4L8 6.6z",
  good: "M6.2 13.2 1 8l1.6-1.6 3.6 3.6L13.4 2.8 15 4.4z",
};

/** A small drawing: glyphs such as the pause sign are missing in some fonts. */
export function icon(name) {
  const svgNamespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(svgNamespace, "svg");
  const path = document.createElementNS(svgNamespace, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "dl-icon");
  path.setAttribute("d", SHAPES[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

/** What has to be undone when a view goes. */
export class Cleanup {
  constructor() {
    this.tasks = [];
  }

  add(task) {
    this.tasks.push(task);
  }

  /** Listen on something that outlives the view: the document, the window, the model. */
  listen(target, type, f, options) {
    if (target.addEventListener) {
      target.addEventListener(type, f, options);
      this.add(() => target.removeEventListener(type, f, options));
    } else {
      target.on(type, f);
      this.add(() => target.off?.(type, f));
    }
  }

  run() {
    for (const task of this.tasks.splice(0)) task();
  }
}

/** Unique in the page, however many copies of this module are loaded. */
export const uniqueId = () => "dl" + Math.random().toString(36).slice(2, 10);
