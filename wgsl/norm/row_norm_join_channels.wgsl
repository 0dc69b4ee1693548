// The gradients of weight and bias from the parts [outer, channels, chunks] of row_norm_sums, a workgroup a channel, always
// in the same order.
struct Params {
  outer: u32,
  channels: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> weightGrad: array<f32>;
@group(0) @binding(3) var<storage, read_write> biasGrad: array<f32>;

var<workgroup> lanes: array<vec2f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let channel = group.y * groups.x + group.x;
  var sums = vec2f(0.0);
  if (channel < params.channels) {
    for (var k = lane; k < params.outer * params.chunks; k += 64u) {
      sums += parts[(k / params.chunks * params.channels + channel) * params.chunks + k % params.chunks];
    }
  }
  lanes[lane] = sums;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      lanes[lane] += lanes[lane + half];
    }
  }
  if (lane == 0u && channel < params.channels) {
    biasGrad[channel] = lanes[0].x;
    weightGrad[channel] = lanes[0].y;
  }
}
