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
