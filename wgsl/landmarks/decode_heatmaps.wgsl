// points [maps, 3] of (column, row, value) of the largest pixel of each map, a workgroup a map: the first of equals in
// row-major order; a NaN beats all. With PARABOLA the place is moved, along each axis where it is no border, to the vertex of
// the parabola through the three pixels.
import package::lib::math::isNan;

struct Params {
  maps: u32,
  h: u32,
  w: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> points: array<f32>;

override PARABOLA: u32 = 0u;

var<workgroup> values: array<f32, 64>;
var<workgroup> places: array<u32, 64>;

// Whether value v at place i goes before w at place j.
fn beats(v: f32, i: u32, w: f32, j: u32) -> bool {
  if (isNan(v) || isNan(w)) {
    return isNan(v) && (!isNan(w) || i < j);
  }
  return v > w || (v == w && i < j);
}
// Vertex of the parabola through (-1, a), (0, b), (1, c); 0 where it is flat or not finite.
fn vertex(a: f32, b: f32, c: f32) -> f32 {
  let bend = a - 2.0 * b + c;
  if (bend < 0.0 && bend > -3.0e38) {
    return clamp(0.5 * (a - c) / bend, -0.5, 0.5);
  }
  return 0.0;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let map = group.y * groups.x + group.x;
  let size = params.h * params.w;
  let base = min(map, params.maps - 1u) * size;
  var bits = 0xff800000u; // -infinity
  var best = bitcast<f32>(bits);
  var at = 0xffffffffu;
  for (var l = lane; l < size; l += 64u) {
    let v = x[base + l];
    if (beats(v, l, best, at)) {
      best = v;
      at = l;
    }
  }
  values[lane] = best;
  places[lane] = at;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      if (beats(values[lane + half], places[lane + half], values[lane], places[lane])) {
        values[lane] = values[lane + half];
        places[lane] = places[lane + half];
      }
    }
  }
  if (lane == 0u && map < params.maps) {
    let place = places[0];
    let column = place % params.w;
    let row = place / params.w;
    let b = values[0];
    var px = f32(column);
    var py = f32(row);
    if (PARABOLA == 1u) {
      if (column > 0u && column + 1u < params.w) {
        px += vertex(x[base + place - 1u], b, x[base + place + 1u]);
      }
      if (row > 0u && row + 1u < params.h) {
        py += vertex(x[base + place - params.w], b, x[base + place + params.w]);
      }
    }
    points[map * 3u] = px;
    points[map * 3u + 1u] = py;
    points[map * 3u + 2u] = b;
  }
}
