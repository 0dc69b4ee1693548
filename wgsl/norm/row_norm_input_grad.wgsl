// inputGrad of row_norm: 1 / sqrt(variance + eps) * (weight * g - a - normalized x * b), a and b the means over the row of weight
// * g and of weight * g * normalized x: the sums in `rows` over the length.
import package::lib::row_planes::{WX, WY, ELEMENT, WEIGHT};

struct Params {
  planes: u32,
  s: u32,
  rowPlanes: u32,
  channels: u32,
  each: u32,
  inverseLength: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read> stats: array<vec4f>;
@group(0) @binding(4) var<storage, read> rows: array<vec2f>;
@group(0) @binding(5) var<storage, read> weight: array<f32>;
@group(0) @binding(6) var<storage, read_write> inputGrad: array<f32>;

@compute @workgroup_size(WX, WY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let plane = (group.z * groups.y + group.y) * WY + lane.y;
  if (plane >= params.planes) {
    return;
  }
  let row = plane / params.rowPlanes;
  let origin = x[row * params.rowPlanes * params.s];
  let stat = stats[row];
  let means = rows[row] * params.inverseLength;
  let base = plane * params.s;
  let first = group.x * params.each * WX + lane.x;
  let last = min(params.s, first + params.each * WX);
  let channel = plane % params.channels;
  var scale = 1.0;
  if (WEIGHT == 1u && ELEMENT == 0u) {
    scale = weight[channel];
  }
  for (var i = first; i < last; i += WX) {
    var v = g[base + i] * scale;
    if (WEIGHT == 1u && ELEMENT == 1u) {
      v = g[base + i] * weight[channel * params.s + i];
    }
    let normal = ((x[base + i] - origin) - stat.x) * stat.y;
    inputGrad[base + i] = stat.y * (v - means.x - normal * means.y);
  }
}
