// Moves running statistics [c] towards those of the n images of a batch: the mean of the images' means, and of their unbiased
// variances, from the stats [n, c] of row_norm_stats.
struct Params {
  n: u32,
  c: u32,
  length: u32,
  momentum: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> stats: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> runningMean: array<f32>;
@group(0) @binding(4) var<storage, read_write> runningVar: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let channel = id.x;
  if (channel >= params.c) {
    return;
  }
  let before = runningMean[channel];
  var means = 0.0;
  var variances = 0.0;
  for (var n = 0u; n < params.n; n++) {
    let row = n * params.c + channel;
    means += (x[row * params.length] - before) + stats[row].x;
    variances += stats[row].z / f32(params.length - 1u);
  }
  runningMean[channel] = before + params.momentum * (means / f32(params.n));
  runningVar[channel] += params.momentum * (variances / f32(params.n) - runningVar[channel]);
}
