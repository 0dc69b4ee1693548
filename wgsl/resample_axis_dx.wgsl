// dx [outer, size, inner] of a resampling along the middle axis: the sum over the targets that took each entry of
// g [outer, out, inner] times the weight they took it with, in their order. With COLUMNS inner is 1 and the axis lies along
// the columns.
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
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

override COLUMNS: u32 = 0u;

// @include lib/rows.wgsl
// Images as rows of columns: WX lanes along the columns, WY invocations beside each other along the rows, and
// params.each rows one after the other in an invocation (starting a workgroup costs as much as dozens of loads).
override WX: u32 = 64u;
override WY: u32 = 1u;
// @end

// @include lib/taps.wgsl
// Resampling along one axis from `size` to `out` entries. The source of target t is the fraction (t * mul + add) / den, in
// whole numbers so that no rounding moves it. CUBIC: four taps of the cubic convolution with a = -0.75; else the two of
// linear interpolation, with the source held inside. Taps beyond an end take the entry there.
override CUBIC: u32 = 0u;
struct Axis {
  mul: i32,
  add: i32,
  den: i32,
  size: i32,
  out: i32,
}
struct Taps {
  at: vec4i,
  weight: vec4f,
}
// Cubic convolution at a distance of at most 1, and from 1 to 2.
fn cubic_near(d: f32) -> f32 {
  return ((1.25 * d - 2.25) * d) * d + 1.0;
}
fn cubic_far(d: f32) -> f32 {
  return ((-0.75 * d + 3.75) * d - 6.0) * d + 3.0;
}
fn taps_of(a: Axis, t: i32) -> Taps {
  if (CUBIC == 1u) {
    let source = t * a.mul + a.add + a.den; // one entry on, so that it is not negative
    let low = source / a.den - 1;
    let f = f32(source - (low + 1) * a.den) / f32(a.den);
    let at = clamp(vec4i(low - 1, low, low + 1, low + 2), vec4i(0), vec4i(a.size - 1));
    return Taps(at, vec4f(cubic_far(1.0 + f), cubic_near(f), cubic_near(1.0 - f), cubic_far(2.0 - f)));
  }
  let source = clamp(t * a.mul + a.add, 0, (a.size - 1) * a.den);
  let low = source / a.den;
  let f = f32(source - low * a.den) / f32(a.den);
  return Taps(vec4i(low, min(low + 1, a.size - 1), 0, 0), vec4f(1.0 - f, f, 0.0, 0.0));
}
// @end

// The first target whose source is not below `entry`; sources only grow.
fn first_target(a: Axis, entry: i32) -> i32 {
  let wanted = entry * a.den - a.add;
  return select(0, min((wanted + a.mul - 1) / max(a.mul, 1), a.out), wanted > 0);
}
// Targets [from, to) that may have taken the entry `at`: all beyond it, at an end.
fn targets(a: Axis, at: i32) -> vec2i {
  if (a.mul == 0) {
    return vec2i(0, a.out); // every target has the same source
  }
  let reach = 1 + i32(CUBIC);
  return vec2i(
    select(first_target(a, at - reach), 0, at == 0),
    select(first_target(a, at + reach), a.out, at == a.size - 1),
  );
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
  for (var row = first; row < last; row++) {
    var at = i32(id.x);
    var base = i32(row) * params.out;
    if (!across) {
      let outer = i32(row) / params.size;
      at = i32(row) - outer * params.size;
      base = outer * params.out * inner + i32(id.x);
    }
    let range = targets(axis, at);
    var total = 0.0;
    for (var t = range.x; t < range.y; t++) {
      let taps = taps_of(axis, t);
      let share = dot(select(vec4f(0.0), taps.weight, taps.at == vec4i(at)), vec4f(1.0));
      if (share != 0.0) {
        total += share * g[base + t * inner];
      }
    }
    dx[row * params.columns + id.x] = total;
  }
}
