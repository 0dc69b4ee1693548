// dx [n, c, s] of a batch norm with the batch's statistics:
// weight * invstd * (g - (dbias + (x - mean) * invstd * dweight) / (n * s)).
struct Params {
  planes: u32, // n * c
  c: u32,
  s: u32,
  each: u32,
  inverse_length: f32, // 1 / (n * s)
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read> mean: array<f32>;
@group(0) @binding(4) var<storage, read> invstd: array<f32>;
@group(0) @binding(5) var<storage, read> weight: array<f32>;
@group(0) @binding(6) var<storage, read> dweight: array<f32>;
@group(0) @binding(7) var<storage, read> dbias: array<f32>;
@group(0) @binding(8) var<storage, read_write> dx: array<f32>;

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
  let level = dbias[channel] * params.inverse_length;
  let slope = dweight[channel] * invstd[channel] * params.inverse_length;
  let base = plane * params.s;
  let first = group.x * params.each * WX + lane.x;
  let last = min(params.s, first + params.each * WX);
  for (var i = first; i < last; i += WX) {
    dx[base + i] = scale * (g[base + i] - level - (x[base + i] - centre) * slope);
  }
}
