// inputGrad [planes, h, w] of a bilinear resampling: the sum over the targets around each input of g [planes, outH, outW] times
// the weight with which the target took the input: a tent of height 1 and half-width 1 around it.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * h
  each: u32,
  h: i32,
  w: i32,
  outH: i32,
  outW: i32,
  mulY: i32,
  addY: i32,
  denY: i32,
  mulX: i32,
  addX: i32,
  denX: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> inputGrad: array<f32>;

struct Axis {
  mul: i32,
  add: i32,
  den: i32,
  size: i32,
  out: i32,
}

// Targets [from, to) that may have taken the input `at`; those at the ends may have weight 0.
fn targets(a: Axis, at: i32) -> vec2i {
  if (a.mul == 0) {
    return vec2i(0, a.out); // every source is 0
  }
  let fromAt = (at - 1) * a.den - a.add;
  let toAt = (at + 1) * a.den - a.add;
  return vec2i(select(0, fromAt / a.mul, fromAt > 0), select(0, min(toAt / a.mul + 1, a.out), toAt >= 0));
}
fn weight(a: Axis, t: i32, at: i32) -> f32 {
  let source = clamp(t * a.mul + a.add, 0, (a.size - 1) * a.den);
  return f32(max(a.den - abs(source - at * a.den), 0)) / f32(a.den);
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  let ix = i32(id.x);
  if (ix >= params.w || first >= params.rows) {
    return;
  }
  var iy = i32(first) % params.h;
  var plane = i32(first) / params.h;
  let last = min(first + params.each, params.rows);
  let across = Axis(params.mulX, params.addX, params.denX, params.w, params.outW);
  let down = Axis(params.mulY, params.addY, params.denY, params.h, params.outH);
  let columns = targets(across, ix);
  for (var row = first; row < last; row++) {
    let lines = targets(down, iy);
    var total = 0.0;
    for (var oy = lines.x; oy < lines.y; oy++) {
      let share = weight(down, oy, iy);
      if (share > 0.0) {
        let base = (plane * params.outH + oy) * params.outW;
        var part = 0.0;
        for (var ox = columns.x; ox < columns.y; ox++) {
          part += weight(across, ox, ix) * g[base + ox];
        }
        total += share * part;
      }
    }
    inputGrad[row * u32(params.w) + id.x] = total;
    iy++;
    if (iy == params.h) {
      iy = 0;
      plane++;
    }
  }
}
