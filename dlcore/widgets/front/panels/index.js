// Every kind of panel. dlcore/labs/panels.py says which keys each accepts; beyond those the front end knows
//   lines      x: name of an (n,) array, the places on the axis (over anything but "step")
//   bars       items may have `index`; data: an (n,) array with `labels`, instead of items
//   table      rows: names of rows, or the name of a list of them; data: a (rows, columns) array, columns: their names
//   images     data: (n, h, w) or (n, h, w, 3), lo, hi, color (grey, seq, div), columns: how many side by side,
//              captions: a list of strings or the name of one, sel: a selection
//   network    values: name of an array, one number for each node, written where there are no tiles
// A panel is {surface, draw(), sels, describe(), numbers(), forget(), destroy()}.

import { bars } from "./bars.js";
import { editable } from "./editable.js";
import { formula } from "./formula.js";
import { graph } from "./graph.js";
import { heatmap } from "./heatmap.js";
import { histogram } from "./histogram.js";
import { images } from "./images.js";
import { lines } from "./lines.js";
import { maps } from "./maps.js";
import { network } from "./network.js";
import { plane } from "./plane.js";
import { products } from "./products.js";
import { stages } from "./stages.js";
import { table } from "./table.js";
import { tokens } from "./tokens.js";

const KINDS = { bars, editable, formula, graph, heatmap, histogram, images, lines, maps, network, plane, products, stages, table, tokens };

const OWN_KEYS = ["data", "tiles", "biases", "values", "drag", "marks", "x", "sel_data", "weights", "lit", "back", "most", "dots", "scales", "mark", "heading", "counts", "chosen", "place_data", "rows"];
const PART_KEYS = ["layers", "series", "views", "rows", "items", "columns", "node_lines", "edge_lines", "covers", "sums", "groups"];
const PART_ARRAYS = ["data", "vectors", "sel_data", "x", "grad", "left", "right", "places", "plus", "texts", "mark", "most", "kinds", "tags"];

/** Names of the arrays that a panel draws. */
function arraysOf(spec) {
  const names = OWN_KEYS.map(key => spec[key]);
  for (const key of PART_KEYS) {
    for (const part of Array.isArray(spec[key]) ? spec[key] : []) names.push(...PART_ARRAYS.map(name => part[name]));
  }
  if (spec.kind === "formula" && !spec.data) names.push(spec.name);
  return [...new Set(names.filter(name => typeof name === "string"))];
}

export function missingArrays(specs, arrayOf) {
  return specs.flatMap(spec => arraysOf(spec)
    .filter(name => !arrayOf(name))
    .map(name => `${spec.kind} "${spec.name}" wants "${name}"`));
}

/** How many values of a panel's arrays are not finite. */
export function nonFinite(spec, arrayOf) {
  return arraysOf(spec).reduce((sum, name) => sum + (arrayOf(name)?.bad || 0), 0);
}

export function makePanels(captions, specs, lab) {
  return specs.map((spec, k) => {
    const make = KINDS[spec.kind];
    if (!make) throw new Error(`panel "${spec.name}": no such kind "${spec.kind}" (${Object.keys(KINDS).join(", ")})`);
    const panel = make(captions[k], spec, lab);
    return Object.assign(panel, { spec, caption: captions[k], titleNeeds: name => (spec.title || "").includes(`{${name}}`) });
  });
}
