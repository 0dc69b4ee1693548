// y [n, c, s] = (x - mean) * invstd * weight + bias, by channel. WX lanes along s, WY planes (n, c) beside each other.
struct Params {
  planes: u32, // n * c
  c: u32,
  s: u32,
  each: u32, // entries an invocation walks
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> mean: array<f32>;
@group(0) @binding(3) var<storage, read> invstd: array<f32>;
@group(0) @binding(4) var<storage, read> weight: array<f32>;
@group(0) @binding(5) var<storage, read> bias: array<f32>;
@group(0) @binding(6) var<storage, read_write> y: array<f32>;

override WX: u32 = 64u;
override WY: u32 = 1u;

@compute @workgroup_size(WX, WY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let plane = (group.z * groups.y + group.y) * WY + lane.y;
  if (plane >= params.planes) {
    return;
  }
  let channel = plane % params.c;
  let centre = mean[channel];
  let scale = invstd[channel] * weight[channel];
  let shift = bias[channel];
  let base = plane * params.s;
  let first = group.x * params.each * WX + lane.x;
  let last = min(params.s, first + params.each * WX);
  for (var i = first; i < last; i += WX) {
    y[base + i] = (x[base + i] - centre) * scale + shift;
  }
}
