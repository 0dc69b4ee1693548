// Products of matrices by subgroup matrices, which multiply float16 numbers and add up in float32 (Dawn's experimental
// feature): a workgroup of four subgroups makes 64 x 64 outputs, a subgroup 32 x 32, KB terms at a time through workgroup
// memory. Rows and columns come in 64, terms in KB; the terms of a row and the columns of a term lie side by side.
enable f16;
enable subgroups;
enable chromium_experimental_subgroup_matrix;
import package::lib::product_params::Params;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> weight: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

const SIDE: u32 = 64u;
const KB: u32 = 32u;
// Invocations: four subgroups.
const LANES: u32 = 128u; // @tile
// Rows, columns and terms of a subgroup matrix.
const M: u32 = 16u;
const N: u32 = 16u;
const K: u32 = 16u;
// Eight more than a line needs, so that neighboring lines lie in different banks.
const ROW: u32 = KB + 8u;
const TERM: u32 = SIDE + 8u;
const LOADS: u32 = 4u; // @tile

var<workgroup> rows: array<f16, SIDE * ROW>;
var<workgroup> columns: array<f16, KB * TERM>;
// A subgroup matrix of each subgroup on its way to float16.
var<workgroup> sums: array<f32, 4u * M * N>;

// Stores the i-th four of what the subgroups hold; rows and columns of subgroups lie 32 apart.
fn put(base: u32, row: u32, four: u32, i: u32) {
  let owner = i / (M * N / 4u);
  let r = i / (N / 4u) % M;
  let c = i % (N / 4u);
  let at = 4u * i;
  let place = base + (row + owner / 2u * 32u + r) * params.yRow + four + owner % 2u * 8u + c;
  y[place] = vec4f(sums[at], sums[at + 1u], sums[at + 2u], sums[at + 3u]);
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) wg: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_id) subgroup: u32,
) {
  let own = wg.y * grid.x + wg.x;
  if (own >= params.workgroups) {
    return;
  }
  let blocks = params.rows / SIDE;
  let at = own % params.lines;
  let group = own / params.lines / blocks;
  let firstRow = own / params.lines % blocks * SIDE;
  let batch = at / params.across;
  let firstFour = at % params.across * (SIDE / 4u);
  let wBase = params.wFirst + batch * params.wBatch + group * params.wGroup;
  let xBase = params.xFirst + batch * params.xBatch + group * params.xGroup;
  let down = subgroup / 2u * 32u;
  let right = subgroup % 2u * 32u;
  // @for i 2, j 2: var acc{i}{j}: subgroup_matrix_result<f32, N, M>;
  for (var k0 = 0u; k0 < params.inner; k0 += KB) {
    // @for q LOADS: { let i = local + {q}u * LANES; let r = i / (KB / 4u); let k = i % (KB / 4u); let v = weight[wBase + (firstRow + r) * params.wRow + k0 / 4u + k]; @(c 4: rows[r * ROW + 4u * k + {c}u] = f16(v[{c}]);) }
    // @for q LOADS: { let i = local + {q}u * LANES; let k = i / (SIDE / 4u); let c = i % (SIDE / 4u); let v = x[xBase + (k0 + k) * params.xStep + firstFour + c]; @(s 4: columns[k * TERM + 4u * c + {s}u] = f16(v[{s}]);) }
    workgroupBarrier();
    // @for s 2: { @(i 2: let a{i} = subgroupMatrixLoad<subgroup_matrix_left<f16, K, M>>(&rows, (down + {i}u * M) * ROW + {s}u * K, false, ROW);) @(j 2: let b{j} = subgroupMatrixLoad<subgroup_matrix_right<f16, N, K>>(&columns, {s}u * K * TERM + right + {j}u * N, false, TERM);) @(i 2, j 2: acc{i}{j} = subgroupMatrixMultiplyAccumulate(a{i}, b{j}, acc{i}{j});) }
    workgroupBarrier();
  }
  let yBase = params.yFirst + batch * params.yBatch + group * params.yGroup;
  // @for i 2, j 2: subgroupMatrixStore(&sums, subgroup * M * N, acc{i}{j}, false, N); workgroupBarrier(); @(q 2: put(yBase, firstRow + {i}u * M, firstFour + {j}u * N / 4u, local + {q}u * LANES);) workgroupBarrier();
}
