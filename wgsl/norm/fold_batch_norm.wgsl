// A batch norm with fixed statistics taken into the convolution in front of it:
//   s = gamma / sqrt(variance + eps); folded weights [o, k] = weight s; folded bias [o] = beta + (bias - mean) s.
struct Params {
  n: u32,
  k: u32,
  eps: f32,
  hasBias: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read> gamma: array<f32>;
@group(0) @binding(4) var<storage, read> beta: array<f32>;
@group(0) @binding(5) var<storage, read> mean: array<f32>;
@group(0) @binding(6) var<storage, read> variance: array<f32>;
@group(0) @binding(7) var<storage, read_write> foldedWeight: array<f32>;
@group(0) @binding(8) var<storage, read_write> foldedBias: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let at = id.y * grid.x * 64u + id.x;
  if (at >= params.n) {
    return;
  }
  let o = at / params.k;
  let s = gamma[o] / sqrt(variance[o] + params.eps);
  foldedWeight[at] = weight[at] * s;
  if (at % params.k == 0u) {
    let own = select(0.0, bias[o], params.hasBias == 1u);
    foldedBias[o] = fma(own - mean[o], s, beta[o]);
  }
}
