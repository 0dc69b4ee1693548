// inputGrad [outer, size, inner] of a resampling along the middle axis: the sum over the targets that took each entry of
// g [outer, out, inner] times the weight they took it with, in their order. With COLUMNS inner is 1 and the axis lies along
// the columns.
import package::lib::rows::{WX, WY};
import package::lib::taps::{CUBIC, Axis, cubicNear, cubicFar};

struct Params {
  rows: u32, // COLUMNS: outer; else outer * size
  columns: u32, // COLUMNS: size; else inner
  each: u32,
  size: i32,
  out: i32,
  mul: i32,
  add: i32,
  den: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> inputGrad: array<f32>;

override COLUMNS: u32 = 0u;

// Targets [from, to) that may have taken the entry `at`: all beyond it, at an end. Worked out in float32, since integers
// divide slowly, and so one wider: targets that did not take it weigh 0.
fn targets(a: Axis, at: i32) -> vec2i {
  if (a.mul == 0) {
    return vec2i(0, a.out); // every target has the same source
  }
  let reach = 1 + i32(CUBIC);
  let low = f32((at - reach) * a.den - a.add) / f32(a.mul);
  let high = f32((at + reach) * a.den - a.add) / f32(a.mul);
  return vec2i(
    select(max(i32(floor(low)), 0), 0, at == 0),
    select(min(i32(floor(high)) + 2, a.out), a.out, at == a.size - 1),
  );
}
// The cubic convolution at any distance.
fn cubic(d: f32) -> f32 {
  return select(select(0.0, cubicFar(d), d < 2.0), cubicNear(d), d <= 1.0);
}
// The weight with which target t took the entry `at`, whose taps beyond an end are that end's.
fn shareOf(a: Axis, t: i32, at: i32, step: f32) -> f32 {
  let source = t * a.mul + a.add;
  if (CUBIC == 0u) {
    return max(1.0 - f32(abs(clamp(source, 0, (a.size - 1) * a.den) - at * a.den)) * step, 0.0);
  }
  let d = f32(source - at * a.den) * step;
  var share = cubic(abs(d));
  if (at == 0) {
    share += cubic(abs(d + 1.0)) + cubic(abs(d + 2.0));
  }
  if (at == a.size - 1) {
    share += cubic(abs(d - 1.0)) + cubic(abs(d - 2.0));
  }
  return share;
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.columns || first >= params.rows) {
    return;
  }
  let last = min(first + params.each, params.rows);
  let axis = Axis(params.mul, params.add, params.den, params.size, params.out);
  let across = COLUMNS == 1u;
  let inner = select(i32(params.columns), 1, across);
  let step = 1.0 / f32(params.den);
  var outer = i32(first) / params.size;
  var at = i32(first) - outer * params.size;
  if (across) {
    outer = i32(first);
    at = i32(id.x);
  }
  var range = targets(axis, at);
  for (var row = first; row < last; row++) {
    let base = outer * params.out * inner + select(i32(id.x), 0, across);
    var total = 0.0;
    for (var t = range.x; t < range.y; t++) {
      let share = shareOf(axis, t, at, step);
      if (share != 0.0) {
        total += share * g[base + t * inner];
      }
    }
    inputGrad[row * params.columns + id.x] = total;
    if (across) {
      outer++;
      continue;
    }
    at++;
    if (at == params.size) {
      at = 0;
      outer++;
    }
    range = targets(axis, at);
  }
}
