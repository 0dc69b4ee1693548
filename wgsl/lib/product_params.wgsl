// Products of matrices side by side, y[b, piece, g, o, i] = bias[g, o] + sum over k of w[b, g, o, k] * x[b, g, k, i]: how many,
// how large, and where their numbers lie.
struct Params {
  // Workgroups in all, those for the columns of all products of a group, and of one of them.
  workgroups: u32,
  lines: u32,
  across: u32,
  columns: u32,
  rows: u32,
  // Terms of a sum, which `pieces` products in a row share, each up to `each` of them.
  inner: u32,
  pieces: u32,
  each: u32,
  hasBias: u32,
  // Places of the first number, and distances between batches, groups, terms, columns and rows.
  xFirst: u32,
  xBatch: u32,
  xGroup: u32,
  xStep: u32,
  xColumn: u32,
  wFirst: u32,
  wBatch: u32,
  wGroup: u32,
  wRow: u32,
  wStep: u32,
  yFirst: u32,
  yBatch: u32,
  yGroup: u32,
  yRow: u32,
}
