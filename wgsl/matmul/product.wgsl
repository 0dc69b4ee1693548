// A batch of matrix products in registers: a lane owns four columns i of OB x SG rows o. Each w of SG rows is loaded once, one a
// lane, and broadcast. No bounds are tested on the way: rows and columns beyond the last repeat it, and are not stored.
import package::lib::product_params::Params;
import package::lib::channel_end::{NORM, normOf, normed, act};

enable subgroups;
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read> x: array<f32>;
@group(0) @binding(6) var<storage, read> weight: array<f32>;
@group(0) @binding(7) var<storage, read> bias: array<f32>;
@group(0) @binding(8) var<storage, read_write> y: array<f32>;

// One subgroup, so a multiple of SG: larger ones hold the same SG weights several times.
override WG: u32 = 8u;
const SG: u32 = 8u; // @tile
const OB: u32 = 2u; // @tile
// Terms of a sum taken at a time.
const KU: u32 = 2u; // @tile

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
  let wBase = params.wFirst + batch / params.pieces * params.wBatch + begin * params.wStep + group * params.wGroup;
  // @for b OB: var w{b} = wBase + min(row + {b}u * SG + lane, params.rows - 1u) * params.wRow;
  // @for b OB, i SG: var acc{b}_{i} = vec4f();
  if (params.hasBias == 1u) {
    // @for b OB: let bias{b} = bias[group * params.rows + min(row + {b}u * SG + lane, params.rows - 1u)];
    // @for b OB, i SG: acc{b}_{i} = vec4f(subgroupBroadcast(bias{b}, {i}u));
  }
  let xStep = params.xStep;
  let wStep = params.wStep;
  for (var k = 0u; k < count; k += KU) {
    // @for s KU: let k{s} = min({s}u, count - 1u - k); let in{s} = k + {s}u < count;
    // @for s KU: let v{s} = select(vec4f(), vec4f(x[x0 + k{s} * xStep], x[x1 + k{s} * xStep], x[x2 + k{s} * xStep], x[x3 + k{s} * xStep]), in{s});
    // @for s KU, b OB: let u{b}_{s} = select(0.0, weight[w{b} + k{s} * wStep], in{s});
    // @for b OB, i SG, s KU: acc{b}_{i} = fma(vec4f(subgroupBroadcast(u{b}_{s}, {i}u)), v{s}, acc{b}_{i});
    // @for u 4: x{u} += KU * xStep;
    // @for b OB: w{b} += KU * wStep;
  }
  if (NORM > 0u) {
    // @for b OB: let norm{b} = normOf(group * params.rows + min(row + {b}u * SG + lane, params.rows - 1u));
    // @for b OB, i SG: acc{b}_{i} = normed(acc{b}_{i}, subgroupBroadcast(norm{b}, {i}u));
  }
  let yBase = params.yFirst + batch * params.yBatch + group * params.yGroup;
  // @for u 4: let c{u} = min(column + {u}u * WG, last);
  // @for b OB, i SG: let y{b}_{i} = yBase + min(row + {b}u * SG + {i}u, params.rows - 1u) * params.yRow;
  // @for b OB, i SG, u 4: y[y{b}_{i} + c{u}] = act(acc{b}_{i}[{u}u]);
}
