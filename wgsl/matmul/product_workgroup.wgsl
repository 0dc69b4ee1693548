// wgsl/matmul/product_vec4.wgsl through workgroup memory, as GPUs want it: LR x LC invocations make LR * TM rows of LC * TN fours of
// columns, KB terms at a time. All is in fours as there.
import package::lib::product_params::Params;
import package::lib::channel_end::{NORM, normOf, normed, act};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read> x: array<vec4f>;
@group(0) @binding(6) var<storage, read> weight: array<vec4f>;
@group(0) @binding(7) var<storage, read> bias: array<f32>;
@group(0) @binding(8) var<storage, read_write> y: array<vec4f>;

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
  for (var k0 = begin; k0 < end; k0 += KB) {
    if (TURNED == 0u) {
      // @for q LOADS_W: { let i = local + {q}u * LANES; let r = i / (KB / 4u); let k = i % (KB / 4u) * 4u; let v = select(vec4f(), weight[wBase + min(firstRow + r, lastRow) * params.wRow + (k0 + k) / 4u], vec4u(k0 + k) + vec4u(0u, 1u, 2u, 3u) < vec4u(end)); @(c 4: rows[(k + {c}u) * LINE + r] = v[{c}];) }
    } else {
      // @for q LOADS_W: { let i = local + {q}u * LANES; let r = i % (ROWS / 4u); let k = i / (ROWS / 4u); let v = select(vec4f(), weight[wBase + (k0 + k) * params.wStep + min(firstRow / 4u + r, lastRow / 4u)], vec4<bool>(k0 + k < end)); @(c 4: rows[k * LINE + 4u * r + {c}u] = v[{c}];) }
    }
    if (ALONG == 0u) {
      // @for q LOADS_X: { let i = local + {q}u * LANES; let k = i / FOURS; columns[i] = select(vec4f(), x[xBase + (k0 + k) * params.xStep + min(firstFour + i % FOURS, lastFour)], vec4<bool>(k0 + k < end)); }
    } else {
      // @for q LOADS_X: { let i = local + {q}u * LANES; let c = i / (KB / 4u); let k = i % (KB / 4u) * 4u; let v = select(vec4f(), x[xBase + min(4u * firstFour + c, 4u * lastFour + 3u) * params.xColumn + (k0 + k) / 4u], vec4u(k0 + k) + vec4u(0u, 1u, 2u, 3u) < vec4u(end)); @(s 4: columns[(k + {s}u) * FOURS + c / 4u][c % 4u] = v[{s}];) }
    }
    workgroupBarrier();
    // @for k KB: { @(i TM: let a{i} = rows[{k}u * LINE + {i}u / 4u * 4u * LR + 4u * down + {i}u % 4u];) @(j TN: let b{j} = columns[{k}u * FOURS + {j}u * LC + across];) @(i TM, j TN: acc{i}_{j} = fma(vec4f(a{i}), b{j}, acc{i}_{j});) }
    workgroupBarrier();
  }
  let yBase = params.yFirst + batch * params.yBatch + group * params.yGroup;
  // @for i TM: let row{i} = firstRow + {i}u / 4u * 4u * LR + 4u * down + {i}u % 4u; var plus{i} = 0.0; if (params.hasBias == 1u) { plus{i} = bias[group * params.rows + min(row{i}, lastRow)]; }
  // @for i TM: var norm{i} = vec3f(); if (NORM > 0u) { norm{i} = normOf(group * params.rows + min(row{i}, lastRow)); }
  // @for i TM, j TN: { let four = firstFour + {j}u * LC + across; if (row{i} <= lastRow && four <= lastFour) { let place = yBase + row{i} * params.yRow + four; var v = acc{i}_{j} + plus{i}; if (ADD == 1u) { v += y[place]; } if (NORM > 0u) { v = normed(v, norm{i}); } y[place] = vec4f(act(v.x), act(v.y), act(v.z), act(v.w)); } }
}
