// wgsl/product_vec4.wgsl through workgroup memory, as GPUs want it: LR x LC invocations make LR * TM rows of LC * TN fours of
// columns, KB terms at a time. All is in fours as there.
// @include lib/product_params.wgsl
// Products of matrices side by side, y[b, piece, g, o, i] = bias[g, o] + sum over k of w[b, g, o, k] * x[b, g, k, i]: how many, how large,
// and where their numbers lie.
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
// @end
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> weight: array<vec4f>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;

const LR: u32 = 8u; // @tile
const LC: u32 = 8u; // @tile
// Rows of an invocation, a multiple of four, and fours of columns.
const TM: u32 = 4u; // @tile
const TN: u32 = 1u; // @tile
const KB: u32 = 16u; // @tile
// Loads of an invocation that fetch KB terms of all rows, and of all columns.
const LOADS_W: u32 = 2u; // @tile
const LOADS_X: u32 = 2u; // @tile
// What lies side by side in x: 0 the columns, 1 the terms.
const ALONG: u32 = 0u; // @tile
// What lies side by side in the weights: 0 the terms, 1 the rows.
const TURNED: u32 = 0u; // @tile
const LANES: u32 = LR * LC;
const ROWS: u32 = LR * TM;
const FOURS: u32 = LC * TN;
// Four more than the rows, so that terms of one row lie in different banks.
const LINE: u32 = ROWS + 4u;

// 1: the product is added to what y holds.
override ADD: u32 = 0u;

var<workgroup> rows: array<f32, KB * LINE>;
var<workgroup> columns: array<vec4f, KB * FOURS>;

// What the product is followed by.
fn act(a: f32) -> f32 {
  return a; // @expr act
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) wg: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let own = wg.y * grid.x + wg.x;
  if (own >= params.workgroups) {
    return;
  }
  let blocks = (params.rows + ROWS - 1u) / ROWS;
  let at = own % params.lines;
  let group = own / params.lines / blocks;
  let firstRow = own / params.lines % blocks * ROWS;
  let batch = at / params.across;
  let firstFour = at % params.across * FOURS;
  let begin = min(batch % params.pieces * params.each, params.inner);
  let end = min(begin + params.each, params.inner);
  let wBase = params.wFirst + batch / params.pieces * params.wBatch + group * params.wGroup;
  let xBase = params.xFirst + batch / params.pieces * params.xBatch + group * params.xGroup;
  let lastRow = params.rows - 1u;
  let lastFour = params.columns - 1u;
  // Subgroups of 32 take 4 rows of lanes by 8, which meets few different numbers of workgroup memory at a time.
  let across = local / 32u % (LC / 8u) * 8u + local % 8u;
  let down = local / 32u / (LC / 8u) * 4u + local % 32u / 8u;
  // @for i TM, j TN: var acc{i}_{j} = vec4f();
  var acc0_0 = vec4f();
  var acc1_0 = vec4f();
  var acc2_0 = vec4f();
  var acc3_0 = vec4f();
  // @end
  for (var k0 = begin; k0 < end; k0 += KB) {
    if (TURNED == 0u) {
      // @for q LOADS_W: { let i = local + {q}u * LANES; let r = i / (KB / 4u); let k = i % (KB / 4u) * 4u; let v = select(vec4f(), weight[wBase + min(firstRow + r, lastRow) * params.wRow + (k0 + k) / 4u], vec4u(k0 + k) + vec4u(0u, 1u, 2u, 3u) < vec4u(end)); @(c 4: rows[(k + {c}u) * LINE + r] = v[{c}];) }
      { let i = local + 0u * LANES; let r = i / (KB / 4u); let k = i % (KB / 4u) * 4u; let v = select(vec4f(), weight[wBase + min(firstRow + r, lastRow) * params.wRow + (k0 + k) / 4u], vec4u(k0 + k) + vec4u(0u, 1u, 2u, 3u) < vec4u(end)); rows[(k + 0u) * LINE + r] = v[0]; rows[(k + 1u) * LINE + r] = v[1]; rows[(k + 2u) * LINE + r] = v[2]; rows[(k + 3u) * LINE + r] = v[3]; }
      { let i = local + 1u * LANES; let r = i / (KB / 4u); let k = i % (KB / 4u) * 4u; let v = select(vec4f(), weight[wBase + min(firstRow + r, lastRow) * params.wRow + (k0 + k) / 4u], vec4u(k0 + k) + vec4u(0u, 1u, 2u, 3u) < vec4u(end)); rows[(k + 0u) * LINE + r] = v[0]; rows[(k + 1u) * LINE + r] = v[1]; rows[(k + 2u) * LINE + r] = v[2]; rows[(k + 3u) * LINE + r] = v[3]; }
      // @end
    } else {
      // @for q LOADS_W: { let i = local + {q}u * LANES; let r = i % (ROWS / 4u); let k = i / (ROWS / 4u); let v = select(vec4f(), weight[wBase + (k0 + k) * params.wStep + min(firstRow / 4u + r, lastRow / 4u)], vec4<bool>(k0 + k < end)); @(c 4: rows[k * LINE + 4u * r + {c}u] = v[{c}];) }
      { let i = local + 0u * LANES; let r = i % (ROWS / 4u); let k = i / (ROWS / 4u); let v = select(vec4f(), weight[wBase + (k0 + k) * params.wStep + min(firstRow / 4u + r, lastRow / 4u)], vec4<bool>(k0 + k < end)); rows[k * LINE + 4u * r + 0u] = v[0]; rows[k * LINE + 4u * r + 1u] = v[1]; rows[k * LINE + 4u * r + 2u] = v[2]; rows[k * LINE + 4u * r + 3u] = v[3]; }
      { let i = local + 1u * LANES; let r = i % (ROWS / 4u); let k = i / (ROWS / 4u); let v = select(vec4f(), weight[wBase + (k0 + k) * params.wStep + min(firstRow / 4u + r, lastRow / 4u)], vec4<bool>(k0 + k < end)); rows[k * LINE + 4u * r + 0u] = v[0]; rows[k * LINE + 4u * r + 1u] = v[1]; rows[k * LINE + 4u * r + 2u] = v[2]; rows[k * LINE + 4u * r + 3u] = v[3]; }
      // @end
    }
    if (ALONG == 0u) {
      // @for q LOADS_X: { let i = local + {q}u * LANES; let k = i / FOURS; columns[i] = select(vec4f(), x[xBase + (k0 + k) * params.xStep + min(firstFour + i % FOURS, lastFour)], vec4<bool>(k0 + k < end)); }
      { let i = local + 0u * LANES; let k = i / FOURS; columns[i] = select(vec4f(), x[xBase + (k0 + k) * params.xStep + min(firstFour + i % FOURS, lastFour)], vec4<bool>(k0 + k < end)); }
      { let i = local + 1u * LANES; let k = i / FOURS; columns[i] = select(vec4f(), x[xBase + (k0 + k) * params.xStep + min(firstFour + i % FOURS, lastFour)], vec4<bool>(k0 + k < end)); }
      // @end
    } else {
      // @for q LOADS_X: { let i = local + {q}u * LANES; let c = i / (KB / 4u); let k = i % (KB / 4u) * 4u; let v = select(vec4f(), x[xBase + min(4u * firstFour + c, 4u * lastFour + 3u) * params.xColumn + (k0 + k) / 4u], vec4u(k0 + k) + vec4u(0u, 1u, 2u, 3u) < vec4u(end)); @(s 4: columns[(k + {s}u) * FOURS + c / 4u][c % 4u] = v[{s}];) }
      { let i = local + 0u * LANES; let c = i / (KB / 4u); let k = i % (KB / 4u) * 4u; let v = select(vec4f(), x[xBase + min(4u * firstFour + c, 4u * lastFour + 3u) * params.xColumn + (k0 + k) / 4u], vec4u(k0 + k) + vec4u(0u, 1u, 2u, 3u) < vec4u(end)); columns[(k + 0u) * FOURS + c / 4u][c % 4u] = v[0]; columns[(k + 1u) * FOURS + c / 4u][c % 4u] = v[1]; columns[(k + 2u) * FOURS + c / 4u][c % 4u] = v[2]; columns[(k + 3u) * FOURS + c / 4u][c % 4u] = v[3]; }
      { let i = local + 1u * LANES; let c = i / (KB / 4u); let k = i % (KB / 4u) * 4u; let v = select(vec4f(), x[xBase + min(4u * firstFour + c, 4u * lastFour + 3u) * params.xColumn + (k0 + k) / 4u], vec4u(k0 + k) + vec4u(0u, 1u, 2u, 3u) < vec4u(end)); columns[(k + 0u) * FOURS + c / 4u][c % 4u] = v[0]; columns[(k + 1u) * FOURS + c / 4u][c % 4u] = v[1]; columns[(k + 2u) * FOURS + c / 4u][c % 4u] = v[2]; columns[(k + 3u) * FOURS + c / 4u][c % 4u] = v[3]; }
      // @end
    }
    workgroupBarrier();
    // @for k KB: { @(i TM: let a{i} = rows[{k}u * LINE + {i}u / 4u * 4u * LR + 4u * down + {i}u % 4u];) @(j TN: let b{j} = columns[{k}u * FOURS + {j}u * LC + across];) @(i TM, j TN: acc{i}_{j} = fma(vec4f(a{i}), b{j}, acc{i}_{j});) }
    { let a0 = rows[0u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[0u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[0u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[0u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[0u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[1u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[1u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[1u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[1u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[1u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[2u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[2u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[2u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[2u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[2u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[3u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[3u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[3u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[3u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[3u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[4u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[4u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[4u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[4u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[4u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[5u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[5u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[5u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[5u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[5u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[6u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[6u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[6u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[6u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[6u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[7u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[7u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[7u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[7u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[7u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[8u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[8u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[8u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[8u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[8u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[9u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[9u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[9u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[9u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[9u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[10u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[10u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[10u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[10u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[10u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[11u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[11u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[11u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[11u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[11u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[12u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[12u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[12u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[12u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[12u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[13u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[13u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[13u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[13u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[13u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[14u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[14u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[14u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[14u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[14u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    { let a0 = rows[15u * LINE + 0u / 4u * 4u * LR + 4u * down + 0u % 4u]; let a1 = rows[15u * LINE + 1u / 4u * 4u * LR + 4u * down + 1u % 4u]; let a2 = rows[15u * LINE + 2u / 4u * 4u * LR + 4u * down + 2u % 4u]; let a3 = rows[15u * LINE + 3u / 4u * 4u * LR + 4u * down + 3u % 4u]; let b0 = columns[15u * FOURS + 0u * LC + across]; acc0_0 = fma(vec4f(a0), b0, acc0_0); acc1_0 = fma(vec4f(a1), b0, acc1_0); acc2_0 = fma(vec4f(a2), b0, acc2_0); acc3_0 = fma(vec4f(a3), b0, acc3_0); }
    // @end
    workgroupBarrier();
  }
  let yBase = params.yFirst + batch * params.yBatch + group * params.yGroup;
  // @for i TM: let row{i} = firstRow + {i}u / 4u * 4u * LR + 4u * down + {i}u % 4u; var plus{i} = 0.0; if (params.hasBias == 1u) { plus{i} = bias[group * params.rows + min(row{i}, lastRow)]; }
  let row0 = firstRow + 0u / 4u * 4u * LR + 4u * down + 0u % 4u; var plus0 = 0.0; if (params.hasBias == 1u) { plus0 = bias[group * params.rows + min(row0, lastRow)]; }
  let row1 = firstRow + 1u / 4u * 4u * LR + 4u * down + 1u % 4u; var plus1 = 0.0; if (params.hasBias == 1u) { plus1 = bias[group * params.rows + min(row1, lastRow)]; }
  let row2 = firstRow + 2u / 4u * 4u * LR + 4u * down + 2u % 4u; var plus2 = 0.0; if (params.hasBias == 1u) { plus2 = bias[group * params.rows + min(row2, lastRow)]; }
  let row3 = firstRow + 3u / 4u * 4u * LR + 4u * down + 3u % 4u; var plus3 = 0.0; if (params.hasBias == 1u) { plus3 = bias[group * params.rows + min(row3, lastRow)]; }
  // @end
  // @for i TM, j TN: { let four = firstFour + {j}u * LC + across; if (row{i} <= lastRow && four <= lastFour) { let place = yBase + row{i} * params.yRow + four; var v = acc{i}_{j} + plus{i}; if (ADD == 1u) { v += y[place]; } y[place] = vec4f(act(v.x), act(v.y), act(v.z), act(v.w)); } }
  { let four = firstFour + 0u * LC + across; if (row0 <= lastRow && four <= lastFour) { let place = yBase + row0 * params.yRow + four; var v = acc0_0 + plus0; if (ADD == 1u) { v += y[place]; } y[place] = vec4f(act(v.x), act(v.y), act(v.z), act(v.w)); } }
  { let four = firstFour + 0u * LC + across; if (row1 <= lastRow && four <= lastFour) { let place = yBase + row1 * params.yRow + four; var v = acc1_0 + plus1; if (ADD == 1u) { v += y[place]; } y[place] = vec4f(act(v.x), act(v.y), act(v.z), act(v.w)); } }
  { let four = firstFour + 0u * LC + across; if (row2 <= lastRow && four <= lastFour) { let place = yBase + row2 * params.yRow + four; var v = acc2_0 + plus2; if (ADD == 1u) { v += y[place]; } y[place] = vec4f(act(v.x), act(v.y), act(v.z), act(v.w)); } }
  { let four = firstFour + 0u * LC + across; if (row3 <= lastRow && four <= lastFour) { let place = yBase + row3 * params.yRow + four; var v = acc3_0 + plus3; if (ADD == 1u) { v += y[place]; } y[place] = vec4f(act(v.x), act(v.y), act(v.z), act(v.w)); } }
  // @end
}
