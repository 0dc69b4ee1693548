// loss[0] = mean of ln(sum) - score / mass over the maps whose mass is not 0, from stats [maps]; share[0] = 1 / their number
// (0 where there is none). One workgroup.
import package::lib::nan::logOrNan;

struct Params {
  maps: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> stats: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> loss: array<f32>;
@group(0) @binding(3) var<storage, read_write> share: array<f32>;

var<workgroup> lanes: array<vec2f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  var all = vec2f(0.0);
  for (var i = lane; i < params.maps; i += 64u) {
    let s = stats[i];
    if (s.z != 0.0) {
      all += vec2f(logOrNan(s.y) - s.w / s.z, 1.0);
    }
  }
  lanes[lane] = all;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      lanes[lane] += lanes[lane + half];
    }
  }
  if (lane == 0u) {
    let part = select(1.0 / max(lanes[0].y, 1.0), 0.0, lanes[0].y == 0.0);
    loss[0] = lanes[0].x * part;
    share[0] = part;
  }
}
