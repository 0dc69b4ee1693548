// inputGrad [planes, h, w] of an average pooling: each input adds up its shares of the gradients g [planes, outH, outW] of the
// windows that hold it, in row-major order.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * h
  each: u32,
  h: i32,
  w: i32,
  outH: i32,
  outW: i32,
  top: i32,
  left: i32,
  endH: i32, // h and the padding below it
  endW: i32,
  divisor: f32, // 0: the count
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> inputGrad: array<f32>;

override KH: i32 = 2;
override KW: i32 = 2;
override SH: i32 = 2;
override SW: i32 = 2;
override INCLUDE_PAD: u32 = 1u;

// First window along an axis that reaches the padded place p; the last is p / stride.
fn firstWindow(p: i32, kernel: i32, stride: i32) -> i32 {
  return select((p + stride - kernel) / stride, 0, p < kernel);
}
// How many taps of a window that begins at `start` count: those inside an axis of `size`, or up to `end` of its padding.
fn counted(start: i32, kernel: i32, size: i32, end: i32) -> i32 {
  return select(min(start + kernel, size) - max(start, 0), min(start + kernel, end) - start, INCLUDE_PAD == 1u);
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
  let fromX = firstWindow(ix + params.left, KW, SW);
  let toX = min((ix + params.left) / SW + 1, params.outW);
  for (var row = first; row < last; row++) {
    let fromY = firstWindow(iy + params.top, KH, SH);
    let toY = min((iy + params.top) / SH + 1, params.outH);
    var total = 0.0;
    for (var oy = fromY; oy < toY; oy++) {
      let base = (plane * params.outH + oy) * params.outW;
      let high = counted(oy * SH - params.top, KH, params.h, params.endH);
      for (var ox = fromX; ox < toX; ox++) {
        let count = high * counted(ox * SW - params.left, KW, params.w, params.endW);
        total += g[base + ox] / select(f32(count), params.divisor, params.divisor != 0.0);
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
