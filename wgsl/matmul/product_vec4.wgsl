// wgsl/matmul/product.wgsl where rows, columns and terms come in fours: a lane owns four neighboring columns, and every load and store
// moves four numbers. Columns and distances count in fours, but for those between terms, rows or columns that lie side by side,
// which are not asked for; rows, terms and pieces of terms count one by one.
import package::lib::product_params::Params;
import package::lib::channel_end::{NORM, normOf, normed, act};

enable subgroups;
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read> x: array<vec4f>;
@group(0) @binding(6) var<storage, read> weight: array<vec4f>;
@group(0) @binding(7) var<storage, read> bias: array<f32>;
@group(0) @binding(8) var<storage, read_write> y: array<vec4f>;

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
  // @for b OB, i SI: var acc{b}_{i} = vec4f();
  let yBase = params.yFirst + batch * params.yBatch + group * params.yGroup + column;
  if (ADD == 1u) {
    // @for b OB, i SI: acc{b}_{i} = y[yBase + min(row + {b}u * SG + {i}u, last) * params.yRow];
  }
  if (params.hasBias == 1u) {
    // @for b OB: let bias{b} = bias[group * params.rows + min(row + {b}u * SG + lane, last)];
    // @for b OB, i SI: acc{b}_{i} += vec4f(subgroupBroadcast(bias{b}, {i}u));
  }
  for (var k = 0u; k < count; k += 4u) {
    // Beyond the last term lies memory that is no part of the operand.
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
      xAt += 1u;
    } else {
      // @for s 4: v{s} = x[xAt + {s}u * xStep];
      xAt += 4u * xStep;
    }
    var u: array<vec4f, 4>;
    if (TURNED == 1u) {
      // @for s 4: u[{s}u] = select(vec4f(), weight[w0 + {s}u * wStep], vec4<bool>(inside[{s}u]));
      w0 += 4u * wStep;
    } else {
      // @for b OB: u[{b}u] = select(vec4f(), weight[w{b}], inside);
      // @for b OB: w{b} += 1u;
    }
    // @for b OB, i SI, s 4: acc{b}_{i} = fma(vec4f(subgroupBroadcast(u[select({b}u, {s}u, TURNED == 1u)][select({s}u, {i}u % 4u, TURNED == 1u)], select({i}u, ({b}u * SG + {i}u) / 4u, TURNED == 1u))), v{s}, acc{b}_{i});
  }
  if (NORM > 0u) {
    // @for b OB: let norm{b} = normOf(group * params.rows + min(row + {b}u * SG + lane, last));
    // @for b OB, i SI: acc{b}_{i} = normed(acc{b}_{i}, subgroupBroadcast(norm{b}, {i}u));
  }
  if (ADD == 0u || own < params.workgroups) {
    // @for b OB, i SI: y[yBase + min(row + {b}u * SG + {i}u, last) * params.yRow] = vec4f(act(acc{b}_{i}.x), act(acc{b}_{i}.y), act(acc{b}_{i}.z), act(acc{b}_{i}.w));
  }
}
