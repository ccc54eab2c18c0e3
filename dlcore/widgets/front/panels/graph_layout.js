// Where the nodes of a graph stand: in columns from left to right, or, where there is little room, in rows downwards.

export const TALL = 520; // px: narrower ones go downwards
const LABEL_ALONG = [0.5, 0.3, 0.7, 0.4, 0.6, 0.22, 0.78]; // places on an edge where its numbers may stand
const LABEL_ROOM = { width: 44, height: 27 };

/** Pixels that a graph needs from top to bottom. */
export function heightOf(columns, tall, box) {
  const most = Math.max(...columns.map(nodes => nodes.length));
  return tall ? columns.length * box.height + (columns.length - 1) * 92 : Math.max(190, most * (box.height + 34) - 10);
}

/** The middle of each node, column by column. */
export function placeGraph(columns, width, height, tall, box) {
  const along = tall ? height - box.height - 2 : width - box.width - 2;
  const across = tall ? width : height;
  const size = tall ? box.width : box.height;
  return columns.flatMap((nodes, k) => {
    const pitch = Math.min(across / nodes.length, size + (tall ? 60 : 46));
    const u = 1 + (tall ? box.height : box.width) / 2 + (columns.length > 1 ? (k / (columns.length - 1)) * along : 0);
    return nodes.map((_, i) => {
      const v = across / 2 + (i - (nodes.length - 1) / 2) * pitch;
      return tall ? { x: v, y: u } : { x: u, y: v };
    });
  });
}

/** The two ends of an edge, on the borders of its nodes. */
export function endsOf([from, to], places, tall, box) {
  const p = places[from], q = places[to];
  return tall
    ? [p.x, p.y + box.height / 2, q.x, q.y - box.height / 2]
    : [p.x + box.width / 2, p.y, q.x - box.width / 2, q.y];
}

/** How far a set of [column, row] reaches from the first column to the last one, and how many rows there are. */
function reach(grid) {
  const columns = grid.map(([column]) => column);
  return { first: Math.min(...columns), span: Math.max(...columns) - Math.min(...columns), rows: 1 + Math.max(...grid.map(([, row]) => row)) };
}

/** Pixels from top to bottom for nodes that stand on a `grid` of [column, row], halves too. */
export function heightOnGrid(grid, tall, box) {
  const { span, rows } = reach(grid);
  return tall ? Math.ceil(span * (box.height + 82)) + box.height + 2 : rows * (box.height + 28);
}

/** The middle of each node on the grid; where there is little room, columns go downwards. */
export function placeOnGrid(grid, width, height, tall, box) {
  const { first, span, rows } = reach(grid);
  const [size, along, across] = tall ? [box.height, height, width] : [box.width, width, height];
  return grid.map(([column, row]) => {
    const u = 1 + size / 2 + ((column - first) / (span || 1)) * (along - size - 2);
    const v = ((row + 0.5) / rows) * across;
    return tall ? { x: v, y: u } : { x: u, y: v };
  });
}

/** The two ends of an edge on the grid: from one column on to the next, or up and down within a column. */
export function endsOnGrid([from, to], grid, places, tall, box) {
  const columns = grid[to][0] - grid[from][0], down = Math.sign(grid[to][1] - grid[from][1]);
  const side = ({ x, y }, along, across) => [x + ((tall ? across : along) * box.width) / 2, y + ((tall ? along : across) * box.height) / 2];
  const start = columns >= 1 ? side(places[from], 1, 0) : side(places[from], 0, down);
  return [...start, ...(columns > 0 ? side(places[to], -1, 0) : side(places[to], 0, -down))];
}

/** How far a place is from an edge, in px. */
function distanceTo([x, y], [x0, y0, x1, y1]) {
  const t = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2);
  const u = Math.min(1, Math.max(0, t));
  return Math.hypot(x0 + u * (x1 - x0) - x, y0 + u * (y1 - y0) - y);
}

/** A place for the numbers of each edge: away from the numbers before, and from the other edges. */
export function placeLabels(ends) {
  const taken = [];
  const room = ([x, y]) => Math.min(1, ...taken.map(([u, v]) => Math.max(Math.abs(x - u) / LABEL_ROOM.width, Math.abs(y - v) / LABEL_ROOM.height)));
  const apart = (place, mine) => Math.min(1, ...ends.filter(edge => edge !== mine).map(edge => distanceTo(place, edge) / LABEL_ROOM.height));
  return ends.map(edge => {
    const [x0, y0, x1, y1] = edge;
    const places = LABEL_ALONG.map(t => [x0 + t * (x1 - x0), y0 + t * (y1 - y0)]);
    const score = place => 2 * room(place) + apart(place, edge);
    const best = places.reduce((p, q) => (score(q) > score(p) + 0.05 ? q : p));
    taken.push(best);
    return best;
  });
}
