// Joins the parts of batch_norm_stats, a workgroup a channel, always in the same order, with Chan's formula for two
// means and sums of squared deviations. mean, invstd = 1 / sqrt(variance + eps) [c]; with UPDATE the running statistics
// move towards the batch's by `momentum`, the variance in its unbiased form.
import package::lib::join_moments::joinMoments;

struct Params {
  c: u32,
  parts: u32, // of a channel
  eps: f32,
  momentum: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> mean: array<f32>;
@group(0) @binding(3) var<storage, read_write> invstd: array<f32>;
@group(0) @binding(4) var<storage, read_write> runningMean: array<f32>;
@group(0) @binding(5) var<storage, read_write> runningVar: array<f32>;

override UPDATE: u32 = 1u;

var<workgroup> lanes: array<vec3f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let channel = group.y * groups.x + group.x;
  if (channel >= params.c) {
    return;
  }
  var all = vec3f(0.0, 0.0, 0.0);
  for (var k = lane; k < params.parts; k += 64u) {
    all = joinMoments(all, parts[channel * params.parts + k].xyz);
  }
  lanes[lane] = all;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      lanes[lane] = joinMoments(lanes[lane], lanes[lane + half]);
    }
  }
  if (lane == 0u) {
    let total = lanes[0];
    mean[channel] = total.y;
    invstd[channel] = 1.0 / sqrt(total.z / total.x + params.eps);
    if (UPDATE == 1u) {
      let unbiased = total.z / max(total.x - 1.0, 1.0);
      runningMean[channel] += params.momentum * (total.y - runningMean[channel]);
      runningVar[channel] += params.momentum * (unbiased - runningVar[channel]);
    }
  }
}
