// Joins the parts of batch_norm_stats, a workgroup a channel, always in the same order, with Chan's formula for two
// means and sums of squared deviations. mean, invstd = 1 / sqrt(variance + eps) [c]; with UPDATE the running statistics
// move towards the batch's by `momentum`, the variance in its unbiased form.
struct Params {
  parts: u32, // of a channel
  eps: f32,
  momentum: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> mean: array<f32>;
@group(0) @binding(3) var<storage, read_write> invstd: array<f32>;
@group(0) @binding(4) var<storage, read_write> running_mean: array<f32>;
@group(0) @binding(5) var<storage, read_write> running_var: array<f32>;

override UPDATE: u32 = 1u;

// @include lib/join_moments.wgsl
// (count, mean, sum of squared deviations) of two sets taken together: Chan, Golub, LeVeque 1983.
fn join_moments(a: vec3f, b: vec3f) -> vec3f {
  let n = a.x + b.x;
  let share = select(b.x / max(n, 1.0), 0.0, b.x == 0.0);
  let d = b.y - a.y;
  return vec3f(n, a.y + d * share, a.z + b.z + d * d * a.x * share);
}
// The middle one of three entries: sums of squares are measured from it, so that one entry far from all others spoils none.
fn middle_of(a: f32, b: f32, c: f32) -> f32 {
  return max(min(a, b), min(max(a, b), c));
}
// @end

var<workgroup> lanes: array<vec3f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = group.x;
  var all = vec3f(0.0, 0.0, 0.0);
  for (var k = lane; k < params.parts; k += 64u) {
    all = join_moments(all, parts[channel * params.parts + k].xyz);
  }
  lanes[lane] = all;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      lanes[lane] = join_moments(lanes[lane], lanes[lane + half]);
    }
  }
  if (lane == 0u) {
    let total = lanes[0];
    mean[channel] = total.y;
    invstd[channel] = 1.0 / sqrt(total.z / total.x + params.eps);
    if (UPDATE == 1u) {
      let unbiased = total.z / max(total.x - 1.0, 1.0);
      running_mean[channel] += params.momentum * (total.y - running_mean[channel]);
      running_var[channel] += params.momentum * (unbiased - running_var[channel]);
    }
  }
}
