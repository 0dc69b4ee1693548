// y [outer, out, inner] = x [outer, size, inner] between its entries along the middle axis. With COLUMNS inner is 1 and the
// axis lies along the columns: each invocation works its taps out once, for all its rows.
import package::lib::rows::{WX, WY};
import package::lib::taps::{CUBIC, Axis, tapsOf};

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
  var taps = tapsOf(axis, t);
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
    taps = tapsOf(axis, t);
  }
}
