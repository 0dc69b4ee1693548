// The product of matrices through workgroup memory, as GPUs want it: 256 threads make 64 x 64 outputs, 4 x 4 each, from
// tiles of 64 x 16 and 16 x 64 that all of them load together.
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

// A line of each has 65 places, so that threads which fill it across do not meet in one bank.
var<workgroup> xs: array<f32, 1040>;
var<workgroup> ws: array<f32, 1040>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) group: vec3u) {
  let share = shareOf(group.z);
  let m0 = group.y * 64u;
  let n0 = group.x * 64u;
  let across = local % 16u;
  let down = local / 16u;
  let x_m = params.x_m;
  let x_k = params.x_k;
  let w_k = params.w_k;
  let w_n = params.w_n;
  let m = params.m;
  let n = params.n;
  // Neighbouring threads load what lies side by side in memory.
  let x_across = x_k <= x_m;
  let w_across = w_n <= w_k;
  // @for i 4, j 4: var sum_{i}_{j} = 0.0;
  var sum_0_0 = 0.0;
  var sum_0_1 = 0.0;
  var sum_0_2 = 0.0;
  var sum_0_3 = 0.0;
  var sum_1_0 = 0.0;
  var sum_1_1 = 0.0;
  var sum_1_2 = 0.0;
  var sum_1_3 = 0.0;
  var sum_2_0 = 0.0;
  var sum_2_1 = 0.0;
  var sum_2_2 = 0.0;
  var sum_2_3 = 0.0;
  var sum_3_0 = 0.0;
  var sum_3_1 = 0.0;
  var sum_3_2 = 0.0;
  var sum_3_3 = 0.0;
  // @end
  for (var k0 = share.k_from; k0 < share.k_to; k0 += 16u) {
    for (var part = 0u; part < 4u; part++) {
      let at = part * 256u + local;
      let x_row = select(at % 64u, at / 16u, x_across);
      let x_depth = select(at / 64u, at % 16u, x_across);
      let x_in = m0 + x_row < m && k0 + x_depth < share.k_to;
      let x_at = share.x + min(m0 + x_row, m - 1u) * x_m + min(k0 + x_depth, share.k_to - 1u) * x_k;
      xs[x_depth * 65u + x_row] = select(0.0, x[x_at], x_in);
      let w_column = select(at / 16u, at % 64u, w_across);
      let w_depth = select(at % 16u, at / 64u, w_across);
      let w_in = n0 + w_column < n && k0 + w_depth < share.k_to;
      let w_at = share.w + min(n0 + w_column, n - 1u) * w_n + min(k0 + w_depth, share.k_to - 1u) * w_k;
      ws[w_depth * 65u + w_column] = select(0.0, w[w_at], w_in);
    }
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) {
      // @for i 4: let a_{i} = xs[k * 65u + down * 4u + {i}u];
      let a_0 = xs[k * 65u + down * 4u + 0u];
      let a_1 = xs[k * 65u + down * 4u + 1u];
      let a_2 = xs[k * 65u + down * 4u + 2u];
      let a_3 = xs[k * 65u + down * 4u + 3u];
      // @end
      // @for j 4: let b_{j} = ws[k * 65u + across + {j}u * 16u];
      let b_0 = ws[k * 65u + across + 0u * 16u];
      let b_1 = ws[k * 65u + across + 1u * 16u];
      let b_2 = ws[k * 65u + across + 2u * 16u];
      let b_3 = ws[k * 65u + across + 3u * 16u];
      // @end
      // @for i 4, j 4: sum_{i}_{j} = fma(a_{i}, b_{j}, sum_{i}_{j});
      sum_0_0 = fma(a_0, b_0, sum_0_0);
      sum_0_1 = fma(a_0, b_1, sum_0_1);
      sum_0_2 = fma(a_0, b_2, sum_0_2);
      sum_0_3 = fma(a_0, b_3, sum_0_3);
      sum_1_0 = fma(a_1, b_0, sum_1_0);
      sum_1_1 = fma(a_1, b_1, sum_1_1);
      sum_1_2 = fma(a_1, b_2, sum_1_2);
      sum_1_3 = fma(a_1, b_3, sum_1_3);
      sum_2_0 = fma(a_2, b_0, sum_2_0);
      sum_2_1 = fma(a_2, b_1, sum_2_1);
      sum_2_2 = fma(a_2, b_2, sum_2_2);
      sum_2_3 = fma(a_2, b_3, sum_2_3);
      sum_3_0 = fma(a_3, b_0, sum_3_0);
      sum_3_1 = fma(a_3, b_1, sum_3_1);
      sum_3_2 = fma(a_3, b_2, sum_3_2);
      sum_3_3 = fma(a_3, b_3, sum_3_3);
      // @end
    }
    workgroupBarrier();
  }
  // @for i 4, j 4: put(share.y, m0 + down * 4u + {i}u, n0 + across + {j}u * 16u, sum_{i}_{j});
  put(share.y, m0 + down * 4u + 0u, n0 + across + 0u * 16u, sum_0_0);
  put(share.y, m0 + down * 4u + 0u, n0 + across + 1u * 16u, sum_0_1);
  put(share.y, m0 + down * 4u + 0u, n0 + across + 2u * 16u, sum_0_2);
  put(share.y, m0 + down * 4u + 0u, n0 + across + 3u * 16u, sum_0_3);
  put(share.y, m0 + down * 4u + 1u, n0 + across + 0u * 16u, sum_1_0);
  put(share.y, m0 + down * 4u + 1u, n0 + across + 1u * 16u, sum_1_1);
  put(share.y, m0 + down * 4u + 1u, n0 + across + 2u * 16u, sum_1_2);
  put(share.y, m0 + down * 4u + 1u, n0 + across + 3u * 16u, sum_1_3);
  put(share.y, m0 + down * 4u + 2u, n0 + across + 0u * 16u, sum_2_0);
  put(share.y, m0 + down * 4u + 2u, n0 + across + 1u * 16u, sum_2_1);
  put(share.y, m0 + down * 4u + 2u, n0 + across + 2u * 16u, sum_2_2);
  put(share.y, m0 + down * 4u + 2u, n0 + across + 3u * 16u, sum_2_3);
  put(share.y, m0 + down * 4u + 3u, n0 + across + 0u * 16u, sum_3_0);
  put(share.y, m0 + down * 4u + 3u, n0 + across + 1u * 16u, sum_3_1);
  put(share.y, m0 + down * 4u + 3u, n0 + across + 2u * 16u, sum_3_2);
  put(share.y, m0 + down * 4u + 3u, n0 + across + 3u * 16u, sum_3_3);
  // @end
}
