// inputGrad [planes, d, h, w] of a max pooling: each input adds up the gradients g [planes, outD, outH, outW] of the windows
// around it that it won, in row-major order.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * d * h
  each: u32,
  d: u32,
  h: u32,
  w: u32,
  outD: u32,
  outH: u32,
  outW: u32,
  front: u32,
  top: u32,
  left: u32,
  sd: u32,
  sh: u32,
  sw: u32,
  ed: u32, // extent of a window: 1 + (kernel - 1) * dilation
  eh: u32,
  ew: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read> index: array<u32>;
@group(0) @binding(3) var<storage, read_write> inputGrad: array<f32>;

// Windows [from, to) along an axis that reach over the padded place p.
fn windows(p: u32, extent: u32, stride: u32, count: u32) -> vec2u {
  return vec2u(select((p + stride - extent) / stride, 0u, p < extent), min(p / stride + 1u, count));
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.w || first >= params.rows) {
    return;
  }
  let last = min(first + params.each, params.rows);
  var iy = first % params.h;
  var iz = first / params.h % params.d;
  var plane = first / params.h / params.d;
  let across = windows(id.x + params.left, params.ew, params.sw, params.outW);
  var deep = windows(iz + params.front, params.ed, params.sd, params.outD);
  for (var row = first; row < last; row++) {
    let here = (iz * params.h + iy) * params.w + id.x;
    let down = windows(iy + params.top, params.eh, params.sh, params.outH);
    var total = 0.0;
    for (var oz = deep.x; oz < deep.y; oz++) {
      for (var oy = down.x; oy < down.y; oy++) {
        let base = ((plane * params.outD + oz) * params.outH + oy) * params.outW;
        for (var ox = across.x; ox < across.y; ox++) {
          if (index[base + ox] == here) {
            total += g[base + ox];
          }
        }
      }
    }
    inputGrad[row * params.w + id.x] = total;
    iy++;
    if (iy == params.h) {
      iy = 0u;
      iz++;
      if (iz == params.d) {
        iz = 0u;
        plane++;
      }
      deep = windows(iz + params.front, params.ed, params.sd, params.outD);
    }
  }
}
