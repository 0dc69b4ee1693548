// The product of matrices in register tiles of TM x TN outputs a thread; threads of a work-group lie along n, so that they
// read w side by side.
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

const TM: u32 = 4u; // @tile
const TN: u32 = 2u; // @tile
override LANES: u32 = 16;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_id) lane: vec3u, @builtin(workgroup_id) group: vec3u) {
  let n0 = group.x * LANES * TN + lane.x;
  let m0 = group.y * TM;
  let share = shareOf(group.z);
  // Rows and columns beyond the edge read the last one and are not stored.
  // @for i TM: let row_{i} = share.x + min(m0 + {i}u, params.m - 1u) * params.x_m;
  let row_0 = share.x + min(m0 + 0u, params.m - 1u) * params.x_m;
  let row_1 = share.x + min(m0 + 1u, params.m - 1u) * params.x_m;
  let row_2 = share.x + min(m0 + 2u, params.m - 1u) * params.x_m;
  let row_3 = share.x + min(m0 + 3u, params.m - 1u) * params.x_m;
  // @end
  // @for j TN: let column_{j} = share.w + min(n0 + {j}u * LANES, params.n - 1u) * params.w_n;
  let column_0 = share.w + min(n0 + 0u * LANES, params.n - 1u) * params.w_n;
  let column_1 = share.w + min(n0 + 1u * LANES, params.n - 1u) * params.w_n;
  // @end
  // @for i TM, j TN: var sum_{i}_{j} = 0.0;
  var sum_0_0 = 0.0;
  var sum_0_1 = 0.0;
  var sum_1_0 = 0.0;
  var sum_1_1 = 0.0;
  var sum_2_0 = 0.0;
  var sum_2_1 = 0.0;
  var sum_3_0 = 0.0;
  var sum_3_1 = 0.0;
  // @end
  for (var k = share.k_from; k < share.k_to; k++) {
    let xk = k * params.x_k;
    let wk = k * params.w_k;
    // @for i TM: let a_{i} = x[row_{i} + xk];
    let a_0 = x[row_0 + xk];
    let a_1 = x[row_1 + xk];
    let a_2 = x[row_2 + xk];
    let a_3 = x[row_3 + xk];
    // @end
    // @for j TN: let b_{j} = w[column_{j} + wk];
    let b_0 = w[column_0 + wk];
    let b_1 = w[column_1 + wk];
    // @end
    // @for i TM, j TN: sum_{i}_{j} = fma(a_{i}, b_{j}, sum_{i}_{j});
    sum_0_0 = fma(a_0, b_0, sum_0_0);
    sum_0_1 = fma(a_0, b_1, sum_0_1);
    sum_1_0 = fma(a_1, b_0, sum_1_0);
    sum_1_1 = fma(a_1, b_1, sum_1_1);
    sum_2_0 = fma(a_2, b_0, sum_2_0);
    sum_2_1 = fma(a_2, b_1, sum_2_1);
    sum_3_0 = fma(a_3, b_0, sum_3_0);
    sum_3_1 = fma(a_3, b_1, sum_3_1);
    // @end
  }
  // @for i TM, j TN: put(share.y, m0 + {i}u, n0 + {j}u * LANES, sum_{i}_{j});
  put(share.y, m0 + 0u, n0 + 0u * LANES, sum_0_0);
  put(share.y, m0 + 0u, n0 + 1u * LANES, sum_0_1);
  put(share.y, m0 + 1u, n0 + 0u * LANES, sum_1_0);
  put(share.y, m0 + 1u, n0 + 1u * LANES, sum_1_1);
  put(share.y, m0 + 2u, n0 + 0u * LANES, sum_2_0);
  put(share.y, m0 + 2u, n0 + 1u * LANES, sum_2_1);
  put(share.y, m0 + 3u, n0 + 0u * LANES, sum_3_0);
  put(share.y, m0 + 3u, n0 + 1u * LANES, sum_3_1);
  // @end
}
