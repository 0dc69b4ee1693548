// parts [planes, chunks] of the sums of g and of g times the normalized x over each plane; with ELEMENT and WEIGHT g is
// multiplied by its weight first. WX lanes share a plane, WY planes lie beside each other.
import package::lib::row_planes::{WX, WY, ELEMENT, WEIGHT};

struct Params {
  planes: u32,
  s: u32,
  rowPlanes: u32,
  channels: u32,
  each: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read> stats: array<vec4f>;
@group(0) @binding(4) var<storage, read> weight: array<f32>;
@group(0) @binding(5) var<storage, read_write> parts: array<vec2f>;

var<workgroup> lanes: array<vec2f, 64>;

@compute @workgroup_size(WX, WY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let plane = (group.z * groups.y + group.y) * WY + lane.y;
  let first = group.x * params.each * WX + lane.x;
  var sums = vec2f(0.0);
  if (plane < params.planes && first < params.s) {
    let row = plane / params.rowPlanes;
    let origin = x[row * params.rowPlanes * params.s];
    let stat = stats[row];
    let base = plane * params.s;
    let channel = plane % params.channels * params.s;
    let last = min(params.s, first + params.each * WX);
    for (var i = first; i < last; i += WX) {
      var v = g[base + i];
      if (ELEMENT == 1u && WEIGHT == 1u) {
        v *= weight[channel + i];
      }
      sums += vec2f(v, v * ((x[base + i] - origin) - stat.x));
    }
    sums.y *= stat.y;
  }
  let at = lane.y * WX + lane.x;
  lanes[at] = sums;
  for (var half = WX / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane.x < half) {
      lanes[at] += lanes[at + half];
    }
  }
  if (lane.x == 0u && plane < params.planes) {
    parts[plane * params.chunks + group.x] = lanes[at];
  }
}
