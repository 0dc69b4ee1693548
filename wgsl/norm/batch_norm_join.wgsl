// Adds up the parts of batch_norm_sums, a workgroup a channel, always in the same order: the gradients of bias and weight.
struct Params {
  c: u32,
  parts: u32, // of a channel
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<vec2f>;
@group(0) @binding(2) var<storage, read> invstd: array<f32>;
@group(0) @binding(3) var<storage, read_write> weightGrad: array<f32>;
@group(0) @binding(4) var<storage, read_write> biasGrad: array<f32>;

var<workgroup> lanes: array<vec2f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let channel = group.y * groups.x + group.x;
  if (channel >= params.c) {
    return;
  }
  var all = vec2f(0.0, 0.0);
  for (var k = lane; k < params.parts; k += 64u) {
    all += parts[channel * params.parts + k];
  }
  lanes[lane] = all;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      lanes[lane] += lanes[lane + half];
    }
  }
  if (lane == 0u) {
    biasGrad[channel] = lanes[0].x;
    weightGrad[channel] = lanes[0].y * invstd[channel];
  }
}
