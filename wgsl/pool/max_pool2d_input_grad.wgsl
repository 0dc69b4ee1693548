// inputGrad [planes, h, w] of a max pooling: each input adds up the gradients g [planes, outH, outW] of the windows around it
// that it won, in row-major order.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * h
  each: u32,
  h: u32,
  w: u32,
  outH: u32,
  outW: u32,
  top: u32,
  left: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read> index: array<u32>;
@group(0) @binding(3) var<storage, read_write> inputGrad: array<f32>;

override SH: u32 = 2u;
override SW: u32 = 2u;
override EH: u32 = 2u; // extent of a window: 1 + (kernel - 1) * dilation
override EW: u32 = 2u;

// First window along an axis that reaches the padded place p; the last is p / stride.
fn firstWindow(p: u32, extent: u32, stride: u32) -> u32 {
  return select((p + stride - extent) / stride, 0u, p < extent);
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.w || first >= params.rows) {
    return;
  }
  var iy = first % params.h;
  var plane = first / params.h;
  let last = min(first + params.each, params.rows);
  let fromX = firstWindow(id.x + params.left, EW, SW);
  let toX = min((id.x + params.left) / SW + 1u, params.outW);
  for (var row = first; row < last; row++) {
    let here = iy * params.w + id.x;
    let fromY = firstWindow(iy + params.top, EH, SH);
    let toY = min((iy + params.top) / SH + 1u, params.outH);
    var total = 0.0;
    for (var oy = fromY; oy < toY; oy++) {
      let base = (plane * params.outH + oy) * params.outW;
      for (var ox = fromX; ox < toX; ox++) {
        if (index[base + ox] == here) {
          total += g[base + ox];
        }
      }
    }
    inputGrad[row * params.w + id.x] = total;
    iy++;
    if (iy == params.h) {
      iy = 0u;
      plane++;
    }
  }
}
