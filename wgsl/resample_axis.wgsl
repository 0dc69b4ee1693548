// y [outer, out, inner] = x [outer, size, inner] between its entries along the middle axis. With COLUMNS inner is 1 and the
// axis lies along the columns: each invocation works its taps out once, for all its rows.
struct Params {
  rows: u32, // COLUMNS: outer; else outer * out
  columns: u32, // COLUMNS: out; else inner
  each: u32,
  size: i32,
  out: i32,
  mul: i32,
  add: i32,
  den: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

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
  var outer = i32(first) / params.out;
  var t = i32(first) - outer * params.out;
  if (across) {
    outer = i32(first);
    t = i32(id.x);
  }
  var taps = taps_of(axis, t);
  for (var row = first; row < last; row++) {
    let base = outer * params.size * inner + select(i32(id.x), 0, across);
    var total = taps.weight.x * x[base + taps.at.x * inner] + taps.weight.y * x[base + taps.at.y * inner];
    if (CUBIC == 1u) {
      total += taps.weight.z * x[base + taps.at.z * inner] + taps.weight.w * x[base + taps.at.w * inner];
    }
    y[row * params.columns + id.x] = total;
    if (across) {
      outer++;
      continue;
    }
    t++;
    if (t == params.out) {
      t = 0;
      outer++;
    }
    taps = taps_of(axis, t);
  }
}
