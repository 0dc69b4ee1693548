// The product of matrices in registers: a lane owns C columns of RB x SI rows. Each value of x is loaded once, a row a lane,
// and broadcast; each value of w is loaded once for all rows.
enable subgroups;
// @include lib/matmul.wgsl
// y[b, m, n] = sum over k of x[b, m, k] w[b, k, n], added to what y holds with ADD. Every operand has a
// stride for each index, so that transposed sides and broadcast batches need no copy. The sum may be cut in `splits` parts
// of `k_step` products each; part s goes to y at s * y_part.
struct Params {
  m: u32,
  n: u32,
  k: u32,
  x_m: u32,
  x_k: u32,
  w_k: u32,
  w_n: u32,
  y_m: u32,
  y_n: u32,
  x_offset: u32,
  w_offset: u32,
  y_offset: u32,
  batch_rank: u32,
  splits: u32,
  k_step: u32,
  y_part: u32,
  batch_shape: array<vec4u, 2>,
  batch_x: array<vec4u, 2>,
  batch_w: array<vec4u, 2>,
  batch_y: array<vec4u, 2>,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

// Where the matrices of a workgroup begin, and which products it sums.
struct Share {
  x: u32,
  w: u32,
  y: u32,
  k_from: u32,
  k_to: u32,
}

fn shareOf(z: u32) -> Share {
  let part = z % params.splits;
  var rest = z / params.splits;
  var share = Share(params.x_offset, params.w_offset, params.y_offset + part * params.y_part, part * params.k_step, 0u);
  share.k_to = min(params.k, share.k_from + params.k_step);
  for (var i = params.batch_rank; i > 0u; i--) {
    let d = i - 1u;
    let size = params.batch_shape[d / 4u][d % 4u];
    let index = rest % size;
    rest /= size;
    share.x += index * params.batch_x[d / 4u][d % 4u];
    share.w += index * params.batch_w[d / 4u][d % 4u];
    share.y += index * params.batch_y[d / 4u][d % 4u];
  }
  return share;
}

override ADD: u32 = 0u;

fn put(base: u32, m: u32, n: u32, value: f32) {
  if (m < params.m && n < params.n) {
    let at = base + m * params.y_m + n * params.y_n;
    if (ADD == 1u) {
      y[at] += value;
    } else {
      y[at] = value;
    }
  }
}
// @end

// One subgroup, so a multiple of SG: larger ones hold the same rows several times.
override WG: u32 = 8u;
const SG: u32 = 8u; // @tile
const RB: u32 = 1u; // @tile
// Rows of a block that are wanted, at most SG.
const SI: u32 = 8u; // @tile
const C: u32 = 2u; // @tile

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) invocation: u32,
) {
  let share = shareOf(group.z);
  let lane = invocation % SG;
  let n0 = group.x * WG * C + local;
  let m0 = group.y * RB * SI;
  let next_x = params.x_k;
  let next_w = params.w_k;
  // Rows and columns beyond the edge read the last one and are not stored.
  // @for b RB: var row_{b} = share.x + min(m0 + {b}u * SI + min(lane, SI - 1u), params.m - 1u) * params.x_m + share.k_from * next_x;
  var row_0 = share.x + min(m0 + 0u * SI + min(lane, SI - 1u), params.m - 1u) * params.x_m + share.k_from * next_x;
  // @end
  // @for c C: var column_{c} = share.w + min(n0 + {c}u * WG, params.n - 1u) * params.w_n + share.k_from * next_w;
  var column_0 = share.w + min(n0 + 0u * WG, params.n - 1u) * params.w_n + share.k_from * next_w;
  var column_1 = share.w + min(n0 + 1u * WG, params.n - 1u) * params.w_n + share.k_from * next_w;
  // @end
  // @for b RB, i SI, c C: var sum_{b}_{i}_{c} = 0.0;
  var sum_0_0_0 = 0.0;
  var sum_0_0_1 = 0.0;
  var sum_0_1_0 = 0.0;
  var sum_0_1_1 = 0.0;
  var sum_0_2_0 = 0.0;
  var sum_0_2_1 = 0.0;
  var sum_0_3_0 = 0.0;
  var sum_0_3_1 = 0.0;
  var sum_0_4_0 = 0.0;
  var sum_0_4_1 = 0.0;
  var sum_0_5_0 = 0.0;
  var sum_0_5_1 = 0.0;
  var sum_0_6_0 = 0.0;
  var sum_0_6_1 = 0.0;
  var sum_0_7_0 = 0.0;
  var sum_0_7_1 = 0.0;
  // @end
  for (var k = share.k_from; k < share.k_to; k++) {
    // @for b RB: let a_{b} = x[row_{b}];
    let a_0 = x[row_0];
    // @end
    // @for c C: let w_{c} = w[column_{c}];
    let w_0 = w[column_0];
    let w_1 = w[column_1];
    // @end
    // @for b RB, i SI, c C: sum_{b}_{i}_{c} = fma(subgroupBroadcast(a_{b}, {i}u), w_{c}, sum_{b}_{i}_{c});
    sum_0_0_0 = fma(subgroupBroadcast(a_0, 0u), w_0, sum_0_0_0);
    sum_0_0_1 = fma(subgroupBroadcast(a_0, 0u), w_1, sum_0_0_1);
    sum_0_1_0 = fma(subgroupBroadcast(a_0, 1u), w_0, sum_0_1_0);
    sum_0_1_1 = fma(subgroupBroadcast(a_0, 1u), w_1, sum_0_1_1);
    sum_0_2_0 = fma(subgroupBroadcast(a_0, 2u), w_0, sum_0_2_0);
    sum_0_2_1 = fma(subgroupBroadcast(a_0, 2u), w_1, sum_0_2_1);
    sum_0_3_0 = fma(subgroupBroadcast(a_0, 3u), w_0, sum_0_3_0);
    sum_0_3_1 = fma(subgroupBroadcast(a_0, 3u), w_1, sum_0_3_1);
    sum_0_4_0 = fma(subgroupBroadcast(a_0, 4u), w_0, sum_0_4_0);
    sum_0_4_1 = fma(subgroupBroadcast(a_0, 4u), w_1, sum_0_4_1);
    sum_0_5_0 = fma(subgroupBroadcast(a_0, 5u), w_0, sum_0_5_0);
    sum_0_5_1 = fma(subgroupBroadcast(a_0, 5u), w_1, sum_0_5_1);
    sum_0_6_0 = fma(subgroupBroadcast(a_0, 6u), w_0, sum_0_6_0);
    sum_0_6_1 = fma(subgroupBroadcast(a_0, 6u), w_1, sum_0_6_1);
    sum_0_7_0 = fma(subgroupBroadcast(a_0, 7u), w_0, sum_0_7_0);
    sum_0_7_1 = fma(subgroupBroadcast(a_0, 7u), w_1, sum_0_7_1);
    // @end
    // @for b RB: row_{b} += next_x;
    row_0 += next_x;
    // @end
    // @for c C: column_{c} += next_w;
    column_0 += next_w;
    column_1 += next_w;
    // @end
  }
  // @for b RB, i SI, c C: put(share.y, m0 + {b}u * SI + {i}u, n0 + {c}u * WG, sum_{b}_{i}_{c});
  put(share.y, m0 + 0u * SI + 0u, n0 + 0u * WG, sum_0_0_0);
  put(share.y, m0 + 0u * SI + 0u, n0 + 1u * WG, sum_0_0_1);
  put(share.y, m0 + 0u * SI + 1u, n0 + 0u * WG, sum_0_1_0);
  put(share.y, m0 + 0u * SI + 1u, n0 + 1u * WG, sum_0_1_1);
  put(share.y, m0 + 0u * SI + 2u, n0 + 0u * WG, sum_0_2_0);
  put(share.y, m0 + 0u * SI + 2u, n0 + 1u * WG, sum_0_2_1);
  put(share.y, m0 + 0u * SI + 3u, n0 + 0u * WG, sum_0_3_0);
  put(share.y, m0 + 0u * SI + 3u, n0 + 1u * WG, sum_0_3_1);
  put(share.y, m0 + 0u * SI + 4u, n0 + 0u * WG, sum_0_4_0);
  put(share.y, m0 + 0u * SI + 4u, n0 + 1u * WG, sum_0_4_1);
  put(share.y, m0 + 0u * SI + 5u, n0 + 0u * WG, sum_0_5_0);
  put(share.y, m0 + 0u * SI + 5u, n0 + 1u * WG, sum_0_5_1);
  put(share.y, m0 + 0u * SI + 6u, n0 + 0u * WG, sum_0_6_0);
  put(share.y, m0 + 0u * SI + 6u, n0 + 1u * WG, sum_0_6_1);
  put(share.y, m0 + 0u * SI + 7u, n0 + 0u * WG, sum_0_7_0);
  put(share.y, m0 + 0u * SI + 7u, n0 + 1u * WG, sum_0_7_1);
  // @end
}
