// y = (x - mean) / sqrt(variance + eps) * weight + bias from the stats of each row. WX lanes along a plane, WY planes beside
// each other.
import package::lib::row_planes::{WX, WY, ELEMENT, WEIGHT};

struct Params {
  planes: u32,
  s: u32,
  rowPlanes: u32,
  channels: u32,
  each: u32, // entries an invocation walks
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> stats: array<vec4f>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

override BIAS: u32 = 0u;

@compute @workgroup_size(WX, WY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let plane = (group.z * groups.y + group.y) * WY + lane.y;
  if (plane >= params.planes) {
    return;
  }
  let row = plane / params.rowPlanes;
  let origin = x[row * params.rowPlanes * params.s];
  let stat = stats[row];
  let base = plane * params.s;
  let first = group.x * params.each * WX + lane.x;
  let last = min(params.s, first + params.each * WX);
  if (ELEMENT == 1u) {
    let channel = plane % params.channels * params.s;
    for (var i = first; i < last; i += WX) {
      var v = ((x[base + i] - origin) - stat.x) * stat.y;
      if (WEIGHT == 1u) {
        v *= weight[channel + i];
      }
      if (BIAS == 1u) {
        v += bias[channel + i];
      }
      y[base + i] = v;
    }
  } else {
    let channel = plane % params.channels;
    var scale = stat.y;
    if (WEIGHT == 1u) {
      scale *= weight[channel];
    }
    var shift = 0.0;
    if (BIAS == 1u) {
      shift = bias[channel];
    }
    for (var i = first; i < last; i += WX) {
      y[base + i] = ((x[base + i] - origin) - stat.x) * scale + shift;
    }
  }
}
