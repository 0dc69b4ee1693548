// y [planes, out_h, out_w] = the mean of x [planes, h, w] in each window: over all its taps within the padded image with
// INCLUDE_PAD, else over those that lie inside; with a divisor above 0 the sum by that.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * out_h
  each: u32,
  h: i32,
  w: i32,
  out_h: u32,
  out_w: u32,
  top: i32,
  left: i32,
  end_h: i32, // h and the padding below it
  end_w: i32,
  divisor: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

override KH: i32 = 2;
override KW: i32 = 2;
override SH: i32 = 2;
override SW: i32 = 2;
override INCLUDE_PAD: u32 = 1u;

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.out_w || first >= params.rows) {
    return;
  }
  var oy = first % params.out_h;
  var plane = first / params.out_h;
  let last = min(first + params.each, params.rows);
  let left = i32(id.x) * SW - params.left;
  let from_x = max(left, 0);
  let to_x = min(left + KW, params.w);
  for (var row = first; row < last; row++) {
    let base = i32(plane) * params.h * params.w;
    let top = i32(oy) * SH - params.top;
    let from_y = max(top, 0);
    let to_y = min(top + KH, params.h);
    var total = 0.0;
    for (var iy = from_y; iy < to_y; iy++) {
      for (var ix = from_x; ix < to_x; ix++) {
        total += x[base + iy * params.w + ix];
      }
    }
    var count = (to_y - from_y) * (to_x - from_x);
    if (INCLUDE_PAD == 1u) {
      count = (min(top + KH, params.end_h) - top) * (min(left + KW, params.end_w) - left);
    }
    y[row * params.out_w + id.x] = total / select(f32(count), params.divisor, params.divisor != 0.0);
    oy++;
    if (oy == params.out_h) {
      oy = 0u;
      plane++;
    }
  }
}
