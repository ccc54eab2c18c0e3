// Where the tiles of a convolutional network stand: side by side, or one group below the other where it is narrow.
// A group is {n, m, digits}: n cells of one tile (m = 0) or of m small ones. A cell is {x, y, w, h, size, across}: tiles of
// `size` px, `across` of them side by side, `step` px from one to the next.

const TILES_HEAD = 20, TILES_FOOT = 16; // px for the name of a group and for its scale
const ONE_BELOW = 520;
const CELL_GAP = 3; // px between cells
const KERNEL_GAP = 2; // and between kernels of a cell
const EDGE = 1; // px on the left and on the right, for outlines
const MAP_SIZE = 52, IMAGE_SIZE = 88, KERNEL_SIZE = 34, STRIP_WIDTH = 112, DIGIT_WIDTH = 12; // px: a tile, the image, a kernel, many kernels, a number

export function placeTiles(groups, width, height) {
  return width < ONE_BELOW ? tilesBelow(groups, width) : tilesBeside(groups, width, height);
}

/** A cell of m small tiles within h px of height and `widest` px of width, with tiles as large as they can be. */
function strip(m, h, widest) {
  let best = { size: 0 };
  for (let rows = 1; rows <= m; rows++) {
    const across = Math.ceil(m / rows);
    const step = Math.floor(Math.min((h + KERNEL_GAP) / rows, (widest + KERNEL_GAP) / across));
    const size = step - KERNEL_GAP;
    if (size > best.size) best = { size, step, across, w: across * step - KERNEL_GAP, h: rows * step - KERNEL_GAP };
  }
  return best;
}

function cellOf({ n, m }, pitch, first) {
  const room = Math.floor(pitch - CELL_GAP);
  if (m > 1) return strip(m, Math.min(room, MAP_SIZE), STRIP_WIDTH);
  return single(Math.min(room, n === 1 && first ? IMAGE_SIZE : m ? KERNEL_SIZE : MAP_SIZE));
}

const single = size => ({ size, step: size, across: 1, w: size, h: size });

function tilesBeside(groups, width, height) {
  const inner = height - TILES_HEAD - TILES_FOOT;
  const cells = groups.map((group, g) => cellOf(group, inner / group.n, g === 0));
  const widths = cells.map((cell, g) => cell.w + (groups[g].digits ? DIGIT_WIDTH : 0));
  const used = widths.reduce((sum, w) => sum + w, 0);
  const free = (width - used - 2 * EDGE) / Math.max(1, groups.length - 1);
  let x = EDGE;
  const placed = groups.map((group, g) => {
    const cell = cells[g], left = Math.round(x);
    x += widths[g] + free;
    const tallest = Math.max(...cells.filter((_, other) => groups[other].n === group.n).map(one => one.h));
    const pitch = Math.min(inner / group.n, tallest + 14); // the same for kernels and for their maps
    const top = g === 0 ? TILES_HEAD : TILES_HEAD + (inner - pitch * group.n) / 2;
    const boxes = Array.from({ length: group.n }, (_, k) => ({ ...cell, x: left, y: Math.round(top + (k + 0.5) * pitch - cell.h / 2) }));
    if (g === 0) boxes.forEach((box, k) => { box.y = TILES_HEAD + k * pitch; });
    const start = boxes[0].y, end = boxes[group.n - 1].y + cell.h;
    const full = end - start > 0.9 * inner; // groups that fill the height have their names on one line
    return { boxes, label: [left, (full ? TILES_HEAD : start) - 9], scale: [left, full ? height - 7 : end + 9] };
  });
  const { boxes: [image] } = placed[0];
  const lens = groups[0].n === 1 ? { x: image.x, y: image.y + image.h + 46, w: image.w, beside: false } : null;
  return { placed, lens, height, free };
}

function tilesBelow(groups, width) {
  let y = 0;
  let lens = null;
  const placed = groups.map((group, g) => {
    const across = g === 0 ? 3 : Math.min(group.n, group.m > 1 || group.digits ? 5 : 8);
    const room = (width - 2 * EDGE - (across - 1) * CELL_GAP) / across - (group.digits ? DIGIT_WIDTH : 0);
    const cell = group.m > 1 ? strip(group.m, 40, room) : single(Math.floor(Math.min(room, g === 0 ? IMAGE_SIZE : group.m ? KERNEL_SIZE : MAP_SIZE)));
    const top = y + TILES_HEAD;
    const stride = (width - 2 * EDGE + CELL_GAP) / across;
    const boxes = Array.from({ length: group.n }, (_, k) => ({ ...cell, x: EDGE + Math.round((k % across) * stride), y: top + Math.floor(k / across) * (cell.h + CELL_GAP + 2) }));
    if (g === 0 && group.n === 1) lens = { x: EDGE + Math.round(stride), y: top, w: cell.w, beside: true };
    const label = [0, y + TILES_HEAD - 9];
    y = boxes[group.n - 1].y + cell.h + 8;
    return { boxes, label, scale: null };
  });
  return { placed, lens, height: y, free: 0 };
}
