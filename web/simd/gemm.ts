// The product of two float32 matrices, C = A B, for the Python in the page: NumPy in WebAssembly has no BLAS.
//
// It works in Pyodide's own memory: nothing is copied, and an array is known by the address of its Python object,
// so that a call costs next to nothing. All strides are in bytes. A (m, k) and B (k, n) may lie in any way; C (m, n)
// has unit column stride. Where B has not, eight columns of it at a time are copied into `panel`, which has room
// for 8 k numbers.
//
// The work is done in tiles of 4 rows and 8 columns: their 32 sums stay in eight vector registers while the
// inner loop runs along k, so each number of A and of B is loaded once a tile.
//
// Stacks of matrices, as a convolution multiplies them, one for each pixel, go in one call: B has up to two axes before
// its last two, and A has the same, or none and is then multiplied with each B.

const FLOAT: usize = 4; // bytes
const ROWS: i32 = 4;
const COLUMNS: i32 = 8;

// Where a NumPy array keeps what it is (struct PyArrayObject_fields, public and unchanged since NumPy 1.0), on a
// machine whose pointers have four bytes. The Python side tests the product before it uses it.
const DATA: usize = 8;
const RANK: usize = 12;
const SHAPE: usize = 16;
const STRIDES: usize = 20;

// @ts-ignore: decorator
@inline function data(array: usize): usize { return load<usize>(array + DATA); }
// @ts-ignore: decorator
@inline function rank(array: usize): i32 { return load<i32>(array + RANK); }

// Of the axis that is `back` from the end, 1 being the last: where there is none, one matrix, and no way to another.
function length(array: usize, back: i32): i32 {
  const axis = rank(array) - back;
  return axis < 0 ? 1 : load<i32>(load<usize>(array + SHAPE) + 4 * axis);
}
function stride(array: usize, back: i32): usize {
  const axis = rank(array) - back;
  return axis < 0 ? 0 : load<usize>(load<usize>(array + STRIDES) + 4 * axis);
}

// C = A B for three NumPy arrays, given by the addresses of their objects.
export function matmul(a: usize, b: usize, c: usize, panel: usize): void {
  const m = length(a, 2), n = length(b, 1), k = length(a, 1);
  const outer = length(b, 4), inner = length(b, 3);
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < inner; j++) {
      sgemm(
        matrix(a, i, j), stride(a, 2), stride(a, 1),
        matrix(b, i, j), stride(b, 2), stride(b, 1),
        matrix(c, i, j), stride(c, 2),
        m, n, k, panel,
      );
    }
  }
}

// Where a matrix of a stack begins.
function matrix(array: usize, i: i32, j: i32): usize {
  return data(array) + <usize>i * stride(array, 4) + <usize>j * stride(array, 3);
}

function sgemm(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize,
  c: usize, cRow: usize,
  m: i32, n: i32, k: i32,
  panel: usize,
): void {
  const wholeRows = m - (m % ROWS);
  const wholeColumns = n - (n % COLUMNS);
  for (let j = 0; j < wholeColumns; j += COLUMNS) {
    let from = b + <usize>j * bColumn;
    let fromRow = bRow;
    if (bColumn != FLOAT) {
      pack(from, bRow, bColumn, panel, k);
      from = panel;
      fromRow = <usize>COLUMNS * FLOAT;
    }
    const into = c + <usize>j * FLOAT;
    for (let i = 0; i < wholeRows; i += ROWS) {
      tile(a + <usize>i * aRow, aRow, aColumn, from, fromRow, into + <usize>i * cRow, cRow, k);
    }
  }
  // what the tiles leave over: the last rows, and of the others the last columns
  border(a, aRow, aColumn, b, bRow, bColumn, c, cRow, 0, wholeRows, wholeColumns, n, k);
  border(a, aRow, aColumn, b, bRow, bColumn, c, cRow, wholeRows, m, 0, n, k);
}

// Eight columns of B, row after row, into `panel`.
function pack(b: usize, bRow: usize, bColumn: usize, panel: usize, k: i32): void {
  for (let p = 0; p < k; p++) {
    let from = b;
    for (let j = 0; j < COLUMNS; j++) {
      store<f32>(panel, load<f32>(from));
      from += bColumn;
      panel += FLOAT;
    }
    b += bRow;
  }
}

// 4 rows of A times 8 columns of B; sRC is row R of the tile, its left (0) or right (1) four columns.
// @ts-ignore: decorator
@inline
function tile(
  a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, c: usize, cRow: usize, k: i32,
): void {
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00;
  let s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a + aRow);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a + 2 * aRow);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a + 3 * aRow);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c + cRow, s10);
  v128.store(c + cRow, s11, 16);
  v128.store(c + 2 * cRow, s20);
  v128.store(c + 2 * cRow, s21, 16);
  v128.store(c + 3 * cRow, s30);
  v128.store(c + 3 * cRow, s31, 16);
}

// The rows [i0, i1) and columns [j0, j1), one number at a time.
function border(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize,
  c: usize, cRow: usize,
  i0: i32, i1: i32, j0: i32, j1: i32, k: i32,
): void {
  for (let i = i0; i < i1; i++) {
    for (let j = j0; j < j1; j++) {
      let sum: f32 = 0;
      let x = a + <usize>i * aRow;
      let y = b + <usize>j * bColumn;
      for (let p = 0; p < k; p++) {
        sum += load<f32>(x) * load<f32>(y);
        x += aColumn;
        y += bRow;
      }
      store<f32>(c + <usize>i * cRow + <usize>j * FLOAT, sum);
    }
  }
}
