// wgsl/product.wgsl where rows, columns and terms come in fours: a lane owns four neighbouring columns, and every load and store
// moves four numbers. Columns and distances count in fours, but for those between terms, rows or columns that lie side by side,
// which are not asked for; rows, terms and pieces of terms count one by one.
enable subgroups;
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

// One subgroup, so a multiple of SG: larger ones hold the same SG weights several times.
override WG: u32 = 8u;
const SG: u32 = 8u; // @tile
const OB: u32 = 2u; // @tile
// Rows of a block that are wanted: SG, or fewer where there is one block.
const SI: u32 = 8u; // @tile
// What lies side by side in x: 0 the columns, 1 the terms.
const ALONG: u32 = 0u; // @tile
// What lies side by side in the weights: 0 the terms, 1 the rows.
const TURNED: u32 = 0u; // @tile

// 1: the product is added to what y holds.
override ADD: u32 = 0u;

// What the product is followed by.
fn act(a: f32) -> f32 {
  return a; // @expr act
}

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) wg: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) invocation: u32,
) {
  let blocks = (params.rows + OB * SI - 1u) / (OB * SI);
  // Workgroups beyond the last do its work again, but for adding to y.
  let own = wg.y * grid.x + wg.x;
  let item = min(own, params.workgroups - 1u);
  let at = item % params.lines;
  let group = item / params.lines / blocks;
  let row = item / params.lines % blocks * (OB * SI);
  let batch = at / params.across;
  let column = min(at % params.across * WG + local, params.columns - 1u);
  let lane = invocation % SG;
  let begin = min(batch % params.pieces * params.each, params.inner);
  let count = min(params.inner - begin, params.each);
  let xStep = params.xStep;
  let x1 = params.xColumn;
  let x2 = 2u * x1;
  let x3 = 3u * x1;
  var xAt = params.xFirst + batch / params.pieces * params.xBatch + group * params.xGroup +
    select(begin * xStep + column, begin / 4u + 4u * column * x1, ALONG == 1u);
  let wStep = params.wStep;
  let wBase = params.wFirst + batch / params.pieces * params.wBatch + group * params.wGroup;
  let last = params.rows - 1u;
  // A lane's weights: the next four terms of one row of each block, or four rows of the next term.
  // @for b OB: var w{b} = wBase + select(min(row + {b}u * SG + lane, last) * params.wRow + begin / 4u, min(row / 4u + lane, last / 4u) + begin * wStep, TURNED == 1u);
  var w0 = wBase + select(min(row + 0u * SG + lane, last) * params.wRow + begin / 4u, min(row / 4u + lane, last / 4u) + begin * wStep, TURNED == 1u);
  var w1 = wBase + select(min(row + 1u * SG + lane, last) * params.wRow + begin / 4u, min(row / 4u + lane, last / 4u) + begin * wStep, TURNED == 1u);
  // @end
  // @for b OB, i SI: var acc{b}_{i} = vec4f();
  var acc0_0 = vec4f();
  var acc0_1 = vec4f();
  var acc0_2 = vec4f();
  var acc0_3 = vec4f();
  var acc0_4 = vec4f();
  var acc0_5 = vec4f();
  var acc0_6 = vec4f();
  var acc0_7 = vec4f();
  var acc1_0 = vec4f();
  var acc1_1 = vec4f();
  var acc1_2 = vec4f();
  var acc1_3 = vec4f();
  var acc1_4 = vec4f();
  var acc1_5 = vec4f();
  var acc1_6 = vec4f();
  var acc1_7 = vec4f();
  // @end
  let yBase = params.yFirst + batch * params.yBatch + group * params.yGroup + column;
  if (ADD == 1u) {
    // @for b OB, i SI: acc{b}_{i} = y[yBase + min(row + {b}u * SG + {i}u, last) * params.yRow];
    acc0_0 = y[yBase + min(row + 0u * SG + 0u, last) * params.yRow];
    acc0_1 = y[yBase + min(row + 0u * SG + 1u, last) * params.yRow];
    acc0_2 = y[yBase + min(row + 0u * SG + 2u, last) * params.yRow];
    acc0_3 = y[yBase + min(row + 0u * SG + 3u, last) * params.yRow];
    acc0_4 = y[yBase + min(row + 0u * SG + 4u, last) * params.yRow];
    acc0_5 = y[yBase + min(row + 0u * SG + 5u, last) * params.yRow];
    acc0_6 = y[yBase + min(row + 0u * SG + 6u, last) * params.yRow];
    acc0_7 = y[yBase + min(row + 0u * SG + 7u, last) * params.yRow];
    acc1_0 = y[yBase + min(row + 1u * SG + 0u, last) * params.yRow];
    acc1_1 = y[yBase + min(row + 1u * SG + 1u, last) * params.yRow];
    acc1_2 = y[yBase + min(row + 1u * SG + 2u, last) * params.yRow];
    acc1_3 = y[yBase + min(row + 1u * SG + 3u, last) * params.yRow];
    acc1_4 = y[yBase + min(row + 1u * SG + 4u, last) * params.yRow];
    acc1_5 = y[yBase + min(row + 1u * SG + 5u, last) * params.yRow];
    acc1_6 = y[yBase + min(row + 1u * SG + 6u, last) * params.yRow];
    acc1_7 = y[yBase + min(row + 1u * SG + 7u, last) * params.yRow];
    // @end
  }
  if (params.hasBias == 1u) {
    // @for b OB: let bias{b} = bias[group * params.rows + min(row + {b}u * SG + lane, last)];
    let bias0 = bias[group * params.rows + min(row + 0u * SG + lane, last)];
    let bias1 = bias[group * params.rows + min(row + 1u * SG + lane, last)];
    // @end
    // @for b OB, i SI: acc{b}_{i} += vec4f(subgroupBroadcast(bias{b}, {i}u));
    acc0_0 += vec4f(subgroupBroadcast(bias0, 0u));
    acc0_1 += vec4f(subgroupBroadcast(bias0, 1u));
    acc0_2 += vec4f(subgroupBroadcast(bias0, 2u));
    acc0_3 += vec4f(subgroupBroadcast(bias0, 3u));
    acc0_4 += vec4f(subgroupBroadcast(bias0, 4u));
    acc0_5 += vec4f(subgroupBroadcast(bias0, 5u));
    acc0_6 += vec4f(subgroupBroadcast(bias0, 6u));
    acc0_7 += vec4f(subgroupBroadcast(bias0, 7u));
    acc1_0 += vec4f(subgroupBroadcast(bias1, 0u));
    acc1_1 += vec4f(subgroupBroadcast(bias1, 1u));
    acc1_2 += vec4f(subgroupBroadcast(bias1, 2u));
    acc1_3 += vec4f(subgroupBroadcast(bias1, 3u));
    acc1_4 += vec4f(subgroupBroadcast(bias1, 4u));
    acc1_5 += vec4f(subgroupBroadcast(bias1, 5u));
    acc1_6 += vec4f(subgroupBroadcast(bias1, 6u));
    acc1_7 += vec4f(subgroupBroadcast(bias1, 7u));
    // @end
  }
  for (var k = 0u; k < count; k += 4u) {
    // Beyond the last term lies what belongs to nobody.
    let inside = vec4u(k) + vec4u(0u, 1u, 2u, 3u) < vec4u(count);
    var v0: vec4f;
    var v1: vec4f;
    var v2: vec4f;
    var v3: vec4f;
    if (ALONG == 1u) {
      let c0 = select(vec4f(), x[xAt], inside);
      let c1 = select(vec4f(), x[xAt + x1], inside);
      let c2 = select(vec4f(), x[xAt + x2], inside);
      let c3 = select(vec4f(), x[xAt + x3], inside);
      // @for s 4: v{s} = vec4f(c0[{s}u], c1[{s}u], c2[{s}u], c3[{s}u]);
      v0 = vec4f(c0[0u], c1[0u], c2[0u], c3[0u]);
      v1 = vec4f(c0[1u], c1[1u], c2[1u], c3[1u]);
      v2 = vec4f(c0[2u], c1[2u], c2[2u], c3[2u]);
      v3 = vec4f(c0[3u], c1[3u], c2[3u], c3[3u]);
      // @end
      xAt += 1u;
    } else {
      // @for s 4: v{s} = x[xAt + {s}u * xStep];
      v0 = x[xAt + 0u * xStep];
      v1 = x[xAt + 1u * xStep];
      v2 = x[xAt + 2u * xStep];
      v3 = x[xAt + 3u * xStep];
      // @end
      xAt += 4u * xStep;
    }
    var u: array<vec4f, 4>;
    if (TURNED == 1u) {
      // @for s 4: u[{s}u] = select(vec4f(), weight[w0 + {s}u * wStep], vec4<bool>(inside[{s}u]));
      u[0u] = select(vec4f(), weight[w0 + 0u * wStep], vec4<bool>(inside[0u]));
      u[1u] = select(vec4f(), weight[w0 + 1u * wStep], vec4<bool>(inside[1u]));
      u[2u] = select(vec4f(), weight[w0 + 2u * wStep], vec4<bool>(inside[2u]));
      u[3u] = select(vec4f(), weight[w0 + 3u * wStep], vec4<bool>(inside[3u]));
      // @end
      w0 += 4u * wStep;
    } else {
      // @for b OB: u[{b}u] = select(vec4f(), weight[w{b}], inside);
      u[0u] = select(vec4f(), weight[w0], inside);
      u[1u] = select(vec4f(), weight[w1], inside);
      // @end
      // @for b OB: w{b} += 1u;
      w0 += 1u;
      w1 += 1u;
      // @end
    }
    // @for b OB, i SI, s 4: acc{b}_{i} = fma(vec4f(subgroupBroadcast(u[select({b}u, {s}u, TURNED == 1u)][select({s}u, {i}u % 4u, TURNED == 1u)], select({i}u, ({b}u * SG + {i}u) / 4u, TURNED == 1u))), v{s}, acc{b}_{i});
    acc0_0 = fma(vec4f(subgroupBroadcast(u[select(0u, 0u, TURNED == 1u)][select(0u, 0u % 4u, TURNED == 1u)], select(0u, (0u * SG + 0u) / 4u, TURNED == 1u))), v0, acc0_0);
    acc0_0 = fma(vec4f(subgroupBroadcast(u[select(0u, 1u, TURNED == 1u)][select(1u, 0u % 4u, TURNED == 1u)], select(0u, (0u * SG + 0u) / 4u, TURNED == 1u))), v1, acc0_0);
    acc0_0 = fma(vec4f(subgroupBroadcast(u[select(0u, 2u, TURNED == 1u)][select(2u, 0u % 4u, TURNED == 1u)], select(0u, (0u * SG + 0u) / 4u, TURNED == 1u))), v2, acc0_0);
    acc0_0 = fma(vec4f(subgroupBroadcast(u[select(0u, 3u, TURNED == 1u)][select(3u, 0u % 4u, TURNED == 1u)], select(0u, (0u * SG + 0u) / 4u, TURNED == 1u))), v3, acc0_0);
    acc0_1 = fma(vec4f(subgroupBroadcast(u[select(0u, 0u, TURNED == 1u)][select(0u, 1u % 4u, TURNED == 1u)], select(1u, (0u * SG + 1u) / 4u, TURNED == 1u))), v0, acc0_1);
    acc0_1 = fma(vec4f(subgroupBroadcast(u[select(0u, 1u, TURNED == 1u)][select(1u, 1u % 4u, TURNED == 1u)], select(1u, (0u * SG + 1u) / 4u, TURNED == 1u))), v1, acc0_1);
    acc0_1 = fma(vec4f(subgroupBroadcast(u[select(0u, 2u, TURNED == 1u)][select(2u, 1u % 4u, TURNED == 1u)], select(1u, (0u * SG + 1u) / 4u, TURNED == 1u))), v2, acc0_1);
    acc0_1 = fma(vec4f(subgroupBroadcast(u[select(0u, 3u, TURNED == 1u)][select(3u, 1u % 4u, TURNED == 1u)], select(1u, (0u * SG + 1u) / 4u, TURNED == 1u))), v3, acc0_1);
    acc0_2 = fma(vec4f(subgroupBroadcast(u[select(0u, 0u, TURNED == 1u)][select(0u, 2u % 4u, TURNED == 1u)], select(2u, (0u * SG + 2u) / 4u, TURNED == 1u))), v0, acc0_2);
    acc0_2 = fma(vec4f(subgroupBroadcast(u[select(0u, 1u, TURNED == 1u)][select(1u, 2u % 4u, TURNED == 1u)], select(2u, (0u * SG + 2u) / 4u, TURNED == 1u))), v1, acc0_2);
    acc0_2 = fma(vec4f(subgroupBroadcast(u[select(0u, 2u, TURNED == 1u)][select(2u, 2u % 4u, TURNED == 1u)], select(2u, (0u * SG + 2u) / 4u, TURNED == 1u))), v2, acc0_2);
    acc0_2 = fma(vec4f(subgroupBroadcast(u[select(0u, 3u, TURNED == 1u)][select(3u, 2u % 4u, TURNED == 1u)], select(2u, (0u * SG + 2u) / 4u, TURNED == 1u))), v3, acc0_2);
    acc0_3 = fma(vec4f(subgroupBroadcast(u[select(0u, 0u, TURNED == 1u)][select(0u, 3u % 4u, TURNED == 1u)], select(3u, (0u * SG + 3u) / 4u, TURNED == 1u))), v0, acc0_3);
    acc0_3 = fma(vec4f(subgroupBroadcast(u[select(0u, 1u, TURNED == 1u)][select(1u, 3u % 4u, TURNED == 1u)], select(3u, (0u * SG + 3u) / 4u, TURNED == 1u))), v1, acc0_3);
    acc0_3 = fma(vec4f(subgroupBroadcast(u[select(0u, 2u, TURNED == 1u)][select(2u, 3u % 4u, TURNED == 1u)], select(3u, (0u * SG + 3u) / 4u, TURNED == 1u))), v2, acc0_3);
    acc0_3 = fma(vec4f(subgroupBroadcast(u[select(0u, 3u, TURNED == 1u)][select(3u, 3u % 4u, TURNED == 1u)], select(3u, (0u * SG + 3u) / 4u, TURNED == 1u))), v3, acc0_3);
    acc0_4 = fma(vec4f(subgroupBroadcast(u[select(0u, 0u, TURNED == 1u)][select(0u, 4u % 4u, TURNED == 1u)], select(4u, (0u * SG + 4u) / 4u, TURNED == 1u))), v0, acc0_4);
    acc0_4 = fma(vec4f(subgroupBroadcast(u[select(0u, 1u, TURNED == 1u)][select(1u, 4u % 4u, TURNED == 1u)], select(4u, (0u * SG + 4u) / 4u, TURNED == 1u))), v1, acc0_4);
    acc0_4 = fma(vec4f(subgroupBroadcast(u[select(0u, 2u, TURNED == 1u)][select(2u, 4u % 4u, TURNED == 1u)], select(4u, (0u * SG + 4u) / 4u, TURNED == 1u))), v2, acc0_4);
    acc0_4 = fma(vec4f(subgroupBroadcast(u[select(0u, 3u, TURNED == 1u)][select(3u, 4u % 4u, TURNED == 1u)], select(4u, (0u * SG + 4u) / 4u, TURNED == 1u))), v3, acc0_4);
    acc0_5 = fma(vec4f(subgroupBroadcast(u[select(0u, 0u, TURNED == 1u)][select(0u, 5u % 4u, TURNED == 1u)], select(5u, (0u * SG + 5u) / 4u, TURNED == 1u))), v0, acc0_5);
    acc0_5 = fma(vec4f(subgroupBroadcast(u[select(0u, 1u, TURNED == 1u)][select(1u, 5u % 4u, TURNED == 1u)], select(5u, (0u * SG + 5u) / 4u, TURNED == 1u))), v1, acc0_5);
    acc0_5 = fma(vec4f(subgroupBroadcast(u[select(0u, 2u, TURNED == 1u)][select(2u, 5u % 4u, TURNED == 1u)], select(5u, (0u * SG + 5u) / 4u, TURNED == 1u))), v2, acc0_5);
    acc0_5 = fma(vec4f(subgroupBroadcast(u[select(0u, 3u, TURNED == 1u)][select(3u, 5u % 4u, TURNED == 1u)], select(5u, (0u * SG + 5u) / 4u, TURNED == 1u))), v3, acc0_5);
    acc0_6 = fma(vec4f(subgroupBroadcast(u[select(0u, 0u, TURNED == 1u)][select(0u, 6u % 4u, TURNED == 1u)], select(6u, (0u * SG + 6u) / 4u, TURNED == 1u))), v0, acc0_6);
    acc0_6 = fma(vec4f(subgroupBroadcast(u[select(0u, 1u, TURNED == 1u)][select(1u, 6u % 4u, TURNED == 1u)], select(6u, (0u * SG + 6u) / 4u, TURNED == 1u))), v1, acc0_6);
    acc0_6 = fma(vec4f(subgroupBroadcast(u[select(0u, 2u, TURNED == 1u)][select(2u, 6u % 4u, TURNED == 1u)], select(6u, (0u * SG + 6u) / 4u, TURNED == 1u))), v2, acc0_6);
    acc0_6 = fma(vec4f(subgroupBroadcast(u[select(0u, 3u, TURNED == 1u)][select(3u, 6u % 4u, TURNED == 1u)], select(6u, (0u * SG + 6u) / 4u, TURNED == 1u))), v3, acc0_6);
    acc0_7 = fma(vec4f(subgroupBroadcast(u[select(0u, 0u, TURNED == 1u)][select(0u, 7u % 4u, TURNED == 1u)], select(7u, (0u * SG + 7u) / 4u, TURNED == 1u))), v0, acc0_7);
    acc0_7 = fma(vec4f(subgroupBroadcast(u[select(0u, 1u, TURNED == 1u)][select(1u, 7u % 4u, TURNED == 1u)], select(7u, (0u * SG + 7u) / 4u, TURNED == 1u))), v1, acc0_7);
    acc0_7 = fma(vec4f(subgroupBroadcast(u[select(0u, 2u, TURNED == 1u)][select(2u, 7u % 4u, TURNED == 1u)], select(7u, (0u * SG + 7u) / 4u, TURNED == 1u))), v2, acc0_7);
    acc0_7 = fma(vec4f(subgroupBroadcast(u[select(0u, 3u, TURNED == 1u)][select(3u, 7u % 4u, TURNED == 1u)], select(7u, (0u * SG + 7u) / 4u, TURNED == 1u))), v3, acc0_7);
    acc1_0 = fma(vec4f(subgroupBroadcast(u[select(1u, 0u, TURNED == 1u)][select(0u, 0u % 4u, TURNED == 1u)], select(0u, (1u * SG + 0u) / 4u, TURNED == 1u))), v0, acc1_0);
    acc1_0 = fma(vec4f(subgroupBroadcast(u[select(1u, 1u, TURNED == 1u)][select(1u, 0u % 4u, TURNED == 1u)], select(0u, (1u * SG + 0u) / 4u, TURNED == 1u))), v1, acc1_0);
    acc1_0 = fma(vec4f(subgroupBroadcast(u[select(1u, 2u, TURNED == 1u)][select(2u, 0u % 4u, TURNED == 1u)], select(0u, (1u * SG + 0u) / 4u, TURNED == 1u))), v2, acc1_0);
    acc1_0 = fma(vec4f(subgroupBroadcast(u[select(1u, 3u, TURNED == 1u)][select(3u, 0u % 4u, TURNED == 1u)], select(0u, (1u * SG + 0u) / 4u, TURNED == 1u))), v3, acc1_0);
    acc1_1 = fma(vec4f(subgroupBroadcast(u[select(1u, 0u, TURNED == 1u)][select(0u, 1u % 4u, TURNED == 1u)], select(1u, (1u * SG + 1u) / 4u, TURNED == 1u))), v0, acc1_1);
    acc1_1 = fma(vec4f(subgroupBroadcast(u[select(1u, 1u, TURNED == 1u)][select(1u, 1u % 4u, TURNED == 1u)], select(1u, (1u * SG + 1u) / 4u, TURNED == 1u))), v1, acc1_1);
    acc1_1 = fma(vec4f(subgroupBroadcast(u[select(1u, 2u, TURNED == 1u)][select(2u, 1u % 4u, TURNED == 1u)], select(1u, (1u * SG + 1u) / 4u, TURNED == 1u))), v2, acc1_1);
    acc1_1 = fma(vec4f(subgroupBroadcast(u[select(1u, 3u, TURNED == 1u)][select(3u, 1u % 4u, TURNED == 1u)], select(1u, (1u * SG + 1u) / 4u, TURNED == 1u))), v3, acc1_1);
    acc1_2 = fma(vec4f(subgroupBroadcast(u[select(1u, 0u, TURNED == 1u)][select(0u, 2u % 4u, TURNED == 1u)], select(2u, (1u * SG + 2u) / 4u, TURNED == 1u))), v0, acc1_2);
    acc1_2 = fma(vec4f(subgroupBroadcast(u[select(1u, 1u, TURNED == 1u)][select(1u, 2u % 4u, TURNED == 1u)], select(2u, (1u * SG + 2u) / 4u, TURNED == 1u))), v1, acc1_2);
    acc1_2 = fma(vec4f(subgroupBroadcast(u[select(1u, 2u, TURNED == 1u)][select(2u, 2u % 4u, TURNED == 1u)], select(2u, (1u * SG + 2u) / 4u, TURNED == 1u))), v2, acc1_2);
    acc1_2 = fma(vec4f(subgroupBroadcast(u[select(1u, 3u, TURNED == 1u)][select(3u, 2u % 4u, TURNED == 1u)], select(2u, (1u * SG + 2u) / 4u, TURNED == 1u))), v3, acc1_2);
    acc1_3 = fma(vec4f(subgroupBroadcast(u[select(1u, 0u, TURNED == 1u)][select(0u, 3u % 4u, TURNED == 1u)], select(3u, (1u * SG + 3u) / 4u, TURNED == 1u))), v0, acc1_3);
    acc1_3 = fma(vec4f(subgroupBroadcast(u[select(1u, 1u, TURNED == 1u)][select(1u, 3u % 4u, TURNED == 1u)], select(3u, (1u * SG + 3u) / 4u, TURNED == 1u))), v1, acc1_3);
    acc1_3 = fma(vec4f(subgroupBroadcast(u[select(1u, 2u, TURNED == 1u)][select(2u, 3u % 4u, TURNED == 1u)], select(3u, (1u * SG + 3u) / 4u, TURNED == 1u))), v2, acc1_3);
    acc1_3 = fma(vec4f(subgroupBroadcast(u[select(1u, 3u, TURNED == 1u)][select(3u, 3u % 4u, TURNED == 1u)], select(3u, (1u * SG + 3u) / 4u, TURNED == 1u))), v3, acc1_3);
    acc1_4 = fma(vec4f(subgroupBroadcast(u[select(1u, 0u, TURNED == 1u)][select(0u, 4u % 4u, TURNED == 1u)], select(4u, (1u * SG + 4u) / 4u, TURNED == 1u))), v0, acc1_4);
    acc1_4 = fma(vec4f(subgroupBroadcast(u[select(1u, 1u, TURNED == 1u)][select(1u, 4u % 4u, TURNED == 1u)], select(4u, (1u * SG + 4u) / 4u, TURNED == 1u))), v1, acc1_4);
    acc1_4 = fma(vec4f(subgroupBroadcast(u[select(1u, 2u, TURNED == 1u)][select(2u, 4u % 4u, TURNED == 1u)], select(4u, (1u * SG + 4u) / 4u, TURNED == 1u))), v2, acc1_4);
    acc1_4 = fma(vec4f(subgroupBroadcast(u[select(1u, 3u, TURNED == 1u)][select(3u, 4u % 4u, TURNED == 1u)], select(4u, (1u * SG + 4u) / 4u, TURNED == 1u))), v3, acc1_4);
    acc1_5 = fma(vec4f(subgroupBroadcast(u[select(1u, 0u, TURNED == 1u)][select(0u, 5u % 4u, TURNED == 1u)], select(5u, (1u * SG + 5u) / 4u, TURNED == 1u))), v0, acc1_5);
    acc1_5 = fma(vec4f(subgroupBroadcast(u[select(1u, 1u, TURNED == 1u)][select(1u, 5u % 4u, TURNED == 1u)], select(5u, (1u * SG + 5u) / 4u, TURNED == 1u))), v1, acc1_5);
    acc1_5 = fma(vec4f(subgroupBroadcast(u[select(1u, 2u, TURNED == 1u)][select(2u, 5u % 4u, TURNED == 1u)], select(5u, (1u * SG + 5u) / 4u, TURNED == 1u))), v2, acc1_5);
    acc1_5 = fma(vec4f(subgroupBroadcast(u[select(1u, 3u, TURNED == 1u)][select(3u, 5u % 4u, TURNED == 1u)], select(5u, (1u * SG + 5u) / 4u, TURNED == 1u))), v3, acc1_5);
    acc1_6 = fma(vec4f(subgroupBroadcast(u[select(1u, 0u, TURNED == 1u)][select(0u, 6u % 4u, TURNED == 1u)], select(6u, (1u * SG + 6u) / 4u, TURNED == 1u))), v0, acc1_6);
    acc1_6 = fma(vec4f(subgroupBroadcast(u[select(1u, 1u, TURNED == 1u)][select(1u, 6u % 4u, TURNED == 1u)], select(6u, (1u * SG + 6u) / 4u, TURNED == 1u))), v1, acc1_6);
    acc1_6 = fma(vec4f(subgroupBroadcast(u[select(1u, 2u, TURNED == 1u)][select(2u, 6u % 4u, TURNED == 1u)], select(6u, (1u * SG + 6u) / 4u, TURNED == 1u))), v2, acc1_6);
    acc1_6 = fma(vec4f(subgroupBroadcast(u[select(1u, 3u, TURNED == 1u)][select(3u, 6u % 4u, TURNED == 1u)], select(6u, (1u * SG + 6u) / 4u, TURNED == 1u))), v3, acc1_6);
    acc1_7 = fma(vec4f(subgroupBroadcast(u[select(1u, 0u, TURNED == 1u)][select(0u, 7u % 4u, TURNED == 1u)], select(7u, (1u * SG + 7u) / 4u, TURNED == 1u))), v0, acc1_7);
    acc1_7 = fma(vec4f(subgroupBroadcast(u[select(1u, 1u, TURNED == 1u)][select(1u, 7u % 4u, TURNED == 1u)], select(7u, (1u * SG + 7u) / 4u, TURNED == 1u))), v1, acc1_7);
    acc1_7 = fma(vec4f(subgroupBroadcast(u[select(1u, 2u, TURNED == 1u)][select(2u, 7u % 4u, TURNED == 1u)], select(7u, (1u * SG + 7u) / 4u, TURNED == 1u))), v2, acc1_7);
    acc1_7 = fma(vec4f(subgroupBroadcast(u[select(1u, 3u, TURNED == 1u)][select(3u, 7u % 4u, TURNED == 1u)], select(7u, (1u * SG + 7u) / 4u, TURNED == 1u))), v3, acc1_7);
    // @end
  }
  if (ADD == 0u || own < params.workgroups) {
    // @for b OB, i SI: y[yBase + min(row + {b}u * SG + {i}u, last) * params.yRow] = vec4f(act(acc{b}_{i}.x), act(acc{b}_{i}.y), act(acc{b}_{i}.z), act(acc{b}_{i}.w));
    y[yBase + min(row + 0u * SG + 0u, last) * params.yRow] = vec4f(act(acc0_0.x), act(acc0_0.y), act(acc0_0.z), act(acc0_0.w));
    y[yBase + min(row + 0u * SG + 1u, last) * params.yRow] = vec4f(act(acc0_1.x), act(acc0_1.y), act(acc0_1.z), act(acc0_1.w));
    y[yBase + min(row + 0u * SG + 2u, last) * params.yRow] = vec4f(act(acc0_2.x), act(acc0_2.y), act(acc0_2.z), act(acc0_2.w));
    y[yBase + min(row + 0u * SG + 3u, last) * params.yRow] = vec4f(act(acc0_3.x), act(acc0_3.y), act(acc0_3.z), act(acc0_3.w));
    y[yBase + min(row + 0u * SG + 4u, last) * params.yRow] = vec4f(act(acc0_4.x), act(acc0_4.y), act(acc0_4.z), act(acc0_4.w));
    y[yBase + min(row + 0u * SG + 5u, last) * params.yRow] = vec4f(act(acc0_5.x), act(acc0_5.y), act(acc0_5.z), act(acc0_5.w));
    y[yBase + min(row + 0u * SG + 6u, last) * params.yRow] = vec4f(act(acc0_6.x), act(acc0_6.y), act(acc0_6.z), act(acc0_6.w));
    y[yBase + min(row + 0u * SG + 7u, last) * params.yRow] = vec4f(act(acc0_7.x), act(acc0_7.y), act(acc0_7.z), act(acc0_7.w));
    y[yBase + min(row + 1u * SG + 0u, last) * params.yRow] = vec4f(act(acc1_0.x), act(acc1_0.y), act(acc1_0.z), act(acc1_0.w));
    y[yBase + min(row + 1u * SG + 1u, last) * params.yRow] = vec4f(act(acc1_1.x), act(acc1_1.y), act(acc1_1.z), act(acc1_1.w));
    y[yBase + min(row + 1u * SG + 2u, last) * params.yRow] = vec4f(act(acc1_2.x), act(acc1_2.y), act(acc1_2.z), act(acc1_2.w));
    y[yBase + min(row + 1u * SG + 3u, last) * params.yRow] = vec4f(act(acc1_3.x), act(acc1_3.y), act(acc1_3.z), act(acc1_3.w));
    y[yBase + min(row + 1u * SG + 4u, last) * params.yRow] = vec4f(act(acc1_4.x), act(acc1_4.y), act(acc1_4.z), act(acc1_4.w));
    y[yBase + min(row + 1u * SG + 5u, last) * params.yRow] = vec4f(act(acc1_5.x), act(acc1_5.y), act(acc1_5.z), act(acc1_5.w));
    y[yBase + min(row + 1u * SG + 6u, last) * params.yRow] = vec4f(act(acc1_6.x), act(acc1_6.y), act(acc1_6.z), act(acc1_6.w));
    y[yBase + min(row + 1u * SG + 7u, last) * params.yRow] = vec4f(act(acc1_7.x), act(acc1_7.y), act(acc1_7.z), act(acc1_7.w));
    // @end
  }
}
