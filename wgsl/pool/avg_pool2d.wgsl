// y [planes, outH, outW] = the mean of x [planes, h, w] in each window: over all its taps within the padded image with
// INCLUDE_PAD, else over those that lie inside; with a divisor above 0 the sum by that.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * outH
  each: u32,
  h: i32,
  w: i32,
  outH: u32,
  outW: u32,
  top: i32,
  left: i32,
  endH: i32, // h and the padding below it
  endW: i32,
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
  if (id.x >= params.outW || first >= params.rows) {
    return;
  }
  var oy = first % params.outH;
  var plane = first / params.outH;
  let last = min(first + params.each, params.rows);
  let left = i32(id.x) * SW - params.left;
  let fromX = max(left, 0);
  let toX = min(left + KW, params.w);
  for (var row = first; row < last; row++) {
    let base = i32(plane) * params.h * params.w;
    let top = i32(oy) * SH - params.top;
    let fromY = max(top, 0);
    let toY = min(top + KH, params.h);
    var total = 0.0;
    for (var iy = fromY; iy < toY; iy++) {
      for (var ix = fromX; ix < toX; ix++) {
        total += x[base + iy * params.w + ix];
      }
    }
    var count = (toY - fromY) * (toX - fromX);
    if (INCLUDE_PAD == 1u) {
      count = (min(top + KH, params.endH) - top) * (min(left + KW, params.endW) - left);
    }
    y[row * params.outW + id.x] = total / select(f32(count), params.divisor, params.divisor != 0.0);
    oy++;
    if (oy == params.outH) {
      oy = 0u;
      plane++;
    }
  }
}
