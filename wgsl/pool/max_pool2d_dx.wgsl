// dx [planes, h, w] of a max pooling: each input adds up the gradients g [planes, out_h, out_w] of the windows around it
// that it won, in row-major order.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * h
  each: u32,
  h: u32,
  w: u32,
  out_h: u32,
  out_w: u32,
  top: u32,
  left: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read> index: array<u32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

override SH: u32 = 2u;
override SW: u32 = 2u;
override EH: u32 = 2u; // extent of a window: 1 + (kernel - 1) * dilation
override EW: u32 = 2u;

// First window along an axis that reaches the padded place p; the last is p / stride.
fn first_window(p: u32, extent: u32, stride: u32) -> u32 {
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
  let from_x = first_window(id.x + params.left, EW, SW);
  let to_x = min((id.x + params.left) / SW + 1u, params.out_w);
  for (var row = first; row < last; row++) {
    let here = iy * params.w + id.x;
    let from_y = first_window(iy + params.top, EH, SH);
    let to_y = min((iy + params.top) / SH + 1u, params.out_h);
    var total = 0.0;
    for (var oy = from_y; oy < to_y; oy++) {
      let base = (plane * params.out_h + oy) * params.out_w;
      for (var ox = from_x; ox < to_x; ox++) {
        if (index[base + ox] == here) {
          total += g[base + ox];
        }
      }
    }
    dx[row * params.w + id.x] = total;
    iy++;
    if (iy == params.h) {
      iy = 0u;
      plane++;
    }
  }
}
