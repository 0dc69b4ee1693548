// A batch of matrix products in registers: a lane owns four columns i of OB x SG rows o. Each w of SG rows is loaded once, one a lane,
// and broadcast. No bounds are tested on the way: rows and columns beyond the last repeat it, and are not stored.
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
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

// One subgroup, so a multiple of SG: larger ones hold the same SG weights several times.
override WG: u32 = 8u;
const SG: u32 = 8u; // @tile
const OB: u32 = 2u; // @tile
// Terms of a sum taken at a time.
const KU: u32 = 2u; // @tile

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
  let item = min(wg.y * grid.x + wg.x, params.workgroups - 1u);
  let blocks = (params.rows + OB * SG - 1u) / (OB * SG);
  let at = item % params.lines;
  let group = item / params.lines / blocks;
  let row = item / params.lines % blocks * (OB * SG);
  let batch = at / params.across;
  let column = at % params.across * WG * 4u + local;
  let lane = invocation % SG;
  let begin = min(batch % params.pieces * params.each, params.inner);
  let count = min(params.inner - begin, params.each);
  let last = params.columns - 1u;
  let xBase = params.xFirst + batch / params.pieces * params.xBatch + begin * params.xStep + group * params.xGroup;
  // @for u 4: var x{u} = xBase + min(column + {u}u * WG, last) * params.xColumn;
  var x0 = xBase + min(column + 0u * WG, last) * params.xColumn;
  var x1 = xBase + min(column + 1u * WG, last) * params.xColumn;
  var x2 = xBase + min(column + 2u * WG, last) * params.xColumn;
  var x3 = xBase + min(column + 3u * WG, last) * params.xColumn;
  // @end
  let wBase = params.wFirst + batch / params.pieces * params.wBatch + begin * params.wStep + group * params.wGroup;
  // @for b OB: var w{b} = wBase + min(row + {b}u * SG + lane, params.rows - 1u) * params.wRow;
  var w0 = wBase + min(row + 0u * SG + lane, params.rows - 1u) * params.wRow;
  var w1 = wBase + min(row + 1u * SG + lane, params.rows - 1u) * params.wRow;
  // @end
  // @for b OB, i SG: var acc{b}_{i} = vec4f();
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
  if (params.hasBias == 1u) {
    // @for b OB: let bias{b} = bias[group * params.rows + min(row + {b}u * SG + lane, params.rows - 1u)];
    let bias0 = bias[group * params.rows + min(row + 0u * SG + lane, params.rows - 1u)];
    let bias1 = bias[group * params.rows + min(row + 1u * SG + lane, params.rows - 1u)];
    // @end
    // @for b OB, i SG: acc{b}_{i} = vec4f(subgroupBroadcast(bias{b}, {i}u));
    acc0_0 = vec4f(subgroupBroadcast(bias0, 0u));
    acc0_1 = vec4f(subgroupBroadcast(bias0, 1u));
    acc0_2 = vec4f(subgroupBroadcast(bias0, 2u));
    acc0_3 = vec4f(subgroupBroadcast(bias0, 3u));
    acc0_4 = vec4f(subgroupBroadcast(bias0, 4u));
    acc0_5 = vec4f(subgroupBroadcast(bias0, 5u));
    acc0_6 = vec4f(subgroupBroadcast(bias0, 6u));
    acc0_7 = vec4f(subgroupBroadcast(bias0, 7u));
    acc1_0 = vec4f(subgroupBroadcast(bias1, 0u));
    acc1_1 = vec4f(subgroupBroadcast(bias1, 1u));
    acc1_2 = vec4f(subgroupBroadcast(bias1, 2u));
    acc1_3 = vec4f(subgroupBroadcast(bias1, 3u));
    acc1_4 = vec4f(subgroupBroadcast(bias1, 4u));
    acc1_5 = vec4f(subgroupBroadcast(bias1, 5u));
    acc1_6 = vec4f(subgroupBroadcast(bias1, 6u));
    acc1_7 = vec4f(subgroupBroadcast(bias1, 7u));
    // @end
  }
  let xStep = params.xStep;
  let wStep = params.wStep;
  for (var k = 0u; k < count; k += KU) {
    // @for s KU: let k{s} = min({s}u, count - 1u - k); let in{s} = k + {s}u < count;
    let k0 = min(0u, count - 1u - k); let in0 = k + 0u < count;
    let k1 = min(1u, count - 1u - k); let in1 = k + 1u < count;
    // @end
    // @for s KU: let v{s} = select(vec4f(), vec4f(x[x0 + k{s} * xStep], x[x1 + k{s} * xStep], x[x2 + k{s} * xStep], x[x3 + k{s} * xStep]), in{s});
    let v0 = select(vec4f(), vec4f(x[x0 + k0 * xStep], x[x1 + k0 * xStep], x[x2 + k0 * xStep], x[x3 + k0 * xStep]), in0);
    let v1 = select(vec4f(), vec4f(x[x0 + k1 * xStep], x[x1 + k1 * xStep], x[x2 + k1 * xStep], x[x3 + k1 * xStep]), in1);
    // @end
    // @for s KU, b OB: let u{b}_{s} = select(0.0, weight[w{b} + k{s} * wStep], in{s});
    let u0_0 = select(0.0, weight[w0 + k0 * wStep], in0);
    let u1_0 = select(0.0, weight[w1 + k0 * wStep], in0);
    let u0_1 = select(0.0, weight[w0 + k1 * wStep], in1);
    let u1_1 = select(0.0, weight[w1 + k1 * wStep], in1);
    // @end
    // @for b OB, i SG, s KU: acc{b}_{i} = fma(vec4f(subgroupBroadcast(u{b}_{s}, {i}u)), v{s}, acc{b}_{i});
    acc0_0 = fma(vec4f(subgroupBroadcast(u0_0, 0u)), v0, acc0_0);
    acc0_0 = fma(vec4f(subgroupBroadcast(u0_1, 0u)), v1, acc0_0);
    acc0_1 = fma(vec4f(subgroupBroadcast(u0_0, 1u)), v0, acc0_1);
    acc0_1 = fma(vec4f(subgroupBroadcast(u0_1, 1u)), v1, acc0_1);
    acc0_2 = fma(vec4f(subgroupBroadcast(u0_0, 2u)), v0, acc0_2);
    acc0_2 = fma(vec4f(subgroupBroadcast(u0_1, 2u)), v1, acc0_2);
    acc0_3 = fma(vec4f(subgroupBroadcast(u0_0, 3u)), v0, acc0_3);
    acc0_3 = fma(vec4f(subgroupBroadcast(u0_1, 3u)), v1, acc0_3);
    acc0_4 = fma(vec4f(subgroupBroadcast(u0_0, 4u)), v0, acc0_4);
    acc0_4 = fma(vec4f(subgroupBroadcast(u0_1, 4u)), v1, acc0_4);
    acc0_5 = fma(vec4f(subgroupBroadcast(u0_0, 5u)), v0, acc0_5);
    acc0_5 = fma(vec4f(subgroupBroadcast(u0_1, 5u)), v1, acc0_5);
    acc0_6 = fma(vec4f(subgroupBroadcast(u0_0, 6u)), v0, acc0_6);
    acc0_6 = fma(vec4f(subgroupBroadcast(u0_1, 6u)), v1, acc0_6);
    acc0_7 = fma(vec4f(subgroupBroadcast(u0_0, 7u)), v0, acc0_7);
    acc0_7 = fma(vec4f(subgroupBroadcast(u0_1, 7u)), v1, acc0_7);
    acc1_0 = fma(vec4f(subgroupBroadcast(u1_0, 0u)), v0, acc1_0);
    acc1_0 = fma(vec4f(subgroupBroadcast(u1_1, 0u)), v1, acc1_0);
    acc1_1 = fma(vec4f(subgroupBroadcast(u1_0, 1u)), v0, acc1_1);
    acc1_1 = fma(vec4f(subgroupBroadcast(u1_1, 1u)), v1, acc1_1);
    acc1_2 = fma(vec4f(subgroupBroadcast(u1_0, 2u)), v0, acc1_2);
    acc1_2 = fma(vec4f(subgroupBroadcast(u1_1, 2u)), v1, acc1_2);
    acc1_3 = fma(vec4f(subgroupBroadcast(u1_0, 3u)), v0, acc1_3);
    acc1_3 = fma(vec4f(subgroupBroadcast(u1_1, 3u)), v1, acc1_3);
    acc1_4 = fma(vec4f(subgroupBroadcast(u1_0, 4u)), v0, acc1_4);
    acc1_4 = fma(vec4f(subgroupBroadcast(u1_1, 4u)), v1, acc1_4);
    acc1_5 = fma(vec4f(subgroupBroadcast(u1_0, 5u)), v0, acc1_5);
    acc1_5 = fma(vec4f(subgroupBroadcast(u1_1, 5u)), v1, acc1_5);
    acc1_6 = fma(vec4f(subgroupBroadcast(u1_0, 6u)), v0, acc1_6);
    acc1_6 = fma(vec4f(subgroupBroadcast(u1_1, 6u)), v1, acc1_6);
    acc1_7 = fma(vec4f(subgroupBroadcast(u1_0, 7u)), v0, acc1_7);
    acc1_7 = fma(vec4f(subgroupBroadcast(u1_1, 7u)), v1, acc1_7);
    // @end
    // @for u 4: x{u} += KU * xStep;
    x0 += KU * xStep;
    x1 += KU * xStep;
    x2 += KU * xStep;
    x3 += KU * xStep;
    // @end
    // @for b OB: w{b} += KU * wStep;
    w0 += KU * wStep;
    w1 += KU * wStep;
    // @end
  }
  let yBase = params.yFirst + batch * params.yBatch + group * params.yGroup;
  // @for u 4: let c{u} = min(column + {u}u * WG, last);
  let c0 = min(column + 0u * WG, last);
  let c1 = min(column + 1u * WG, last);
  let c2 = min(column + 2u * WG, last);
  let c3 = min(column + 3u * WG, last);
  // @end
  // @for b OB, i SG: let y{b}_{i} = yBase + min(row + {b}u * SG + {i}u, params.rows - 1u) * params.yRow;
  let y0_0 = yBase + min(row + 0u * SG + 0u, params.rows - 1u) * params.yRow;
  let y0_1 = yBase + min(row + 0u * SG + 1u, params.rows - 1u) * params.yRow;
  let y0_2 = yBase + min(row + 0u * SG + 2u, params.rows - 1u) * params.yRow;
  let y0_3 = yBase + min(row + 0u * SG + 3u, params.rows - 1u) * params.yRow;
  let y0_4 = yBase + min(row + 0u * SG + 4u, params.rows - 1u) * params.yRow;
  let y0_5 = yBase + min(row + 0u * SG + 5u, params.rows - 1u) * params.yRow;
  let y0_6 = yBase + min(row + 0u * SG + 6u, params.rows - 1u) * params.yRow;
  let y0_7 = yBase + min(row + 0u * SG + 7u, params.rows - 1u) * params.yRow;
  let y1_0 = yBase + min(row + 1u * SG + 0u, params.rows - 1u) * params.yRow;
  let y1_1 = yBase + min(row + 1u * SG + 1u, params.rows - 1u) * params.yRow;
  let y1_2 = yBase + min(row + 1u * SG + 2u, params.rows - 1u) * params.yRow;
  let y1_3 = yBase + min(row + 1u * SG + 3u, params.rows - 1u) * params.yRow;
  let y1_4 = yBase + min(row + 1u * SG + 4u, params.rows - 1u) * params.yRow;
  let y1_5 = yBase + min(row + 1u * SG + 5u, params.rows - 1u) * params.yRow;
  let y1_6 = yBase + min(row + 1u * SG + 6u, params.rows - 1u) * params.yRow;
  let y1_7 = yBase + min(row + 1u * SG + 7u, params.rows - 1u) * params.yRow;
  // @end
  // @for b OB, i SG, u 4: y[y{b}_{i} + c{u}] = act(acc{b}_{i}[{u}u]);
  y[y0_0 + c0] = act(acc0_0[0u]);
  y[y0_0 + c1] = act(acc0_0[1u]);
  y[y0_0 + c2] = act(acc0_0[2u]);
  y[y0_0 + c3] = act(acc0_0[3u]);
  y[y0_1 + c0] = act(acc0_1[0u]);
  y[y0_1 + c1] = act(acc0_1[1u]);
  y[y0_1 + c2] = act(acc0_1[2u]);
  y[y0_1 + c3] = act(acc0_1[3u]);
  y[y0_2 + c0] = act(acc0_2[0u]);
  y[y0_2 + c1] = act(acc0_2[1u]);
  y[y0_2 + c2] = act(acc0_2[2u]);
  y[y0_2 + c3] = act(acc0_2[3u]);
  y[y0_3 + c0] = act(acc0_3[0u]);
  y[y0_3 + c1] = act(acc0_3[1u]);
  y[y0_3 + c2] = act(acc0_3[2u]);
  y[y0_3 + c3] = act(acc0_3[3u]);
  y[y0_4 + c0] = act(acc0_4[0u]);
  y[y0_4 + c1] = act(acc0_4[1u]);
  y[y0_4 + c2] = act(acc0_4[2u]);
  y[y0_4 + c3] = act(acc0_4[3u]);
  y[y0_5 + c0] = act(acc0_5[0u]);
  y[y0_5 + c1] = act(acc0_5[1u]);
  y[y0_5 + c2] = act(acc0_5[2u]);
  y[y0_5 + c3] = act(acc0_5[3u]);
  y[y0_6 + c0] = act(acc0_6[0u]);
  y[y0_6 + c1] = act(acc0_6[1u]);
  y[y0_6 + c2] = act(acc0_6[2u]);
  y[y0_6 + c3] = act(acc0_6[3u]);
  y[y0_7 + c0] = act(acc0_7[0u]);
  y[y0_7 + c1] = act(acc0_7[1u]);
  y[y0_7 + c2] = act(acc0_7[2u]);
  y[y0_7 + c3] = act(acc0_7[3u]);
  y[y1_0 + c0] = act(acc1_0[0u]);
  y[y1_0 + c1] = act(acc1_0[1u]);
  y[y1_0 + c2] = act(acc1_0[2u]);
  y[y1_0 + c3] = act(acc1_0[3u]);
  y[y1_1 + c0] = act(acc1_1[0u]);
  y[y1_1 + c1] = act(acc1_1[1u]);
  y[y1_1 + c2] = act(acc1_1[2u]);
  y[y1_1 + c3] = act(acc1_1[3u]);
  y[y1_2 + c0] = act(acc1_2[0u]);
  y[y1_2 + c1] = act(acc1_2[1u]);
  y[y1_2 + c2] = act(acc1_2[2u]);
  y[y1_2 + c3] = act(acc1_2[3u]);
  y[y1_3 + c0] = act(acc1_3[0u]);
  y[y1_3 + c1] = act(acc1_3[1u]);
  y[y1_3 + c2] = act(acc1_3[2u]);
  y[y1_3 + c3] = act(acc1_3[3u]);
  y[y1_4 + c0] = act(acc1_4[0u]);
  y[y1_4 + c1] = act(acc1_4[1u]);
  y[y1_4 + c2] = act(acc1_4[2u]);
  y[y1_4 + c3] = act(acc1_4[3u]);
  y[y1_5 + c0] = act(acc1_5[0u]);
  y[y1_5 + c1] = act(acc1_5[1u]);
  y[y1_5 + c2] = act(acc1_5[2u]);
  y[y1_5 + c3] = act(acc1_5[3u]);
  y[y1_6 + c0] = act(acc1_6[0u]);
  y[y1_6 + c1] = act(acc1_6[1u]);
  y[y1_6 + c2] = act(acc1_6[2u]);
  y[y1_6 + c3] = act(acc1_6[3u]);
  y[y1_7 + c0] = act(acc1_7[0u]);
  y[y1_7 + c1] = act(acc1_7[1u]);
  y[y1_7 + c2] = act(acc1_7[2u]);
  y[y1_7 + c3] = act(acc1_7[3u]);
  // @end
}
