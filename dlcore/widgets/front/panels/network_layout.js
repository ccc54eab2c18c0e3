// Where the nodes of a network stand, and which edges join them.

const MAX_TILE = 36;
const FEW = 4; // so many nodes side by side have room for larger tiles
const FEW_TILE = 54;
const PITCH = 1.8; // tiles from one layer to the next: edges need almost a tile between two
const LINE = 17; // px for the line of layer names

/** First node of each layer. */
export function firstNodes(sizes) {
  const first = [0];
  for (const n of sizes.slice(0, -1)) first.push(first[first.length - 1] + n);
  return first;
}

/** Edges [from, to] in the order of the arrays: layer by layer, each row-major (n_out, n_in). */
export function allEdges(sizes) {
  const first = firstNodes(sizes);
  const edges = [];
  for (let l = 1; l < sizes.length; l++) {
    for (let j = 0; j < sizes[l]; j++) {
      for (let i = 0; i < sizes[l - 1]; i++) edges.push([first[l - 1] + i, first[l] + j]);
    }
  }
  return edges;
}

/**
 * @param gutter {left, right}: room for the names of inputs and outputs
 * @returns {boxes: {x, y, size}[], columns: x of the middle of each layer, foot: y of the lowest edge}
 */
export function placeNodes(sizes, width, height, gutter) {
  const most = Math.max(...sizes);
  const room = width - gutter.left - gutter.right;
  const area = height - LINE;
  // a tile as large as rows and columns leave it
  const largest = most <= FEW && sizes.length <= FEW ? FEW_TILE : MAX_TILE;
  const size = Math.max(8, Math.min(largest, (area - 4) / most - 4, room / (1 + (sizes.length - 1) * PITCH)));
  const stepX = sizes.length > 1 ? (room - size) / (sizes.length - 1) : 0;
  const stepY = most > 1 ? Math.min(size + 14, (area - 2 - size) / (most - 1)) : 0;
  const boxes = [];
  const columns = [];
  sizes.forEach((n, l) => {
    const x = gutter.left + l * stepX;
    columns.push(x + size / 2);
    for (let i = 0; i < n; i++) boxes.push({ x, y: area / 2 + (i - (n - 1) / 2) * stepY - size / 2, size });
  });
  const foot = Math.max(...boxes.map(b => b.y + b.size));
  return { boxes, columns, foot };
}
