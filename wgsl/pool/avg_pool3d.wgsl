// y [planes, outD, outH, outW] = the mean of x [planes, d, h, w] in each window: over all its taps within the padded
// volume with INCLUDE_PAD, else over those that lie inside; with a divisor above 0 the sum by that.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * outD * outH
  each: u32,
  d: i32,
  h: i32,
  w: i32,
  outD: u32,
  outH: u32,
  outW: u32,
  front: i32,
  top: i32,
  left: i32,
  endD: i32, // d and the padding behind it
  endH: i32,
  endW: i32,
  divisor: f32, // 0: the count
  kd: i32,
  kh: i32,
  kw: i32,
  sd: i32,
  sh: i32,
  sw: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

override INCLUDE_PAD: u32 = 1u;

// How many taps of a window that begins at `start` count: those inside an axis of `size`, or up to `end` of its padding.
fn counted(start: i32, kernel: i32, size: i32, end: i32) -> i32 {
  return select(min(start + kernel, size) - max(start, 0), min(start + kernel, end) - start, INCLUDE_PAD == 1u);
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.outW || first >= params.rows) {
    return;
  }
  let last = min(first + params.each, params.rows);
  var oy = first % params.outH;
  var oz = first / params.outH % params.outD;
  var plane = first / params.outH / params.outD;
  let left = i32(id.x) * params.sw - params.left;
  let fromX = max(left, 0);
  let toX = min(left + params.kw, params.w);
  for (var row = first; row < last; row++) {
    let top = i32(oy) * params.sh - params.top;
    let front = i32(oz) * params.sd - params.front;
    var total = 0.0;
    for (var iz = max(front, 0); iz < min(front + params.kd, params.d); iz++) {
      for (var iy = max(top, 0); iy < min(top + params.kh, params.h); iy++) {
        let base = ((i32(plane) * params.d + iz) * params.h + iy) * params.w;
        for (var ix = fromX; ix < toX; ix++) {
          total += x[base + ix];
        }
      }
    }
    let count = counted(front, params.kd, params.d, params.endD) * counted(top, params.kh, params.h, params.endH) *
      counted(left, params.kw, params.w, params.endW);
    y[row * params.outW + id.x] = total / select(f32(count), params.divisor, params.divisor != 0.0);
    oy++;
    if (oy == params.outH) {
      oy = 0u;
      oz++;
      if (oz == params.outD) {
        oz = 0u;
        plane++;
      }
    }
  }
}
