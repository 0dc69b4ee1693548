// y [n, c, h, w]: each pixel adds up the entries of the columns x [n, c * KH * KW, outH * outW] that lie on it, tap by tap.
import package::lib::unfold_params::Params;
import package::lib::rows::{WX, WY};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

override KH: u32 = 3u;
override KW: u32 = 3u;
override SH: u32 = 1u;
override SW: u32 = 1u;
override DH: u32 = 1u;
override DW: u32 = 1u;

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.w || first >= params.rows) {
    return;
  }
  let columns = params.outH * params.outW;
  var iy = first % params.h;
  var plane = first / params.h;
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    var total = 0.0;
    for (var ky = 0u; ky < KH; ky++) {
      // How far the window that has this pixel under its tap lies from the first; negative numbers wrap far beyond the last.
      let down = iy + params.top - ky * DH;
      if (down % SH != 0u || down / SH >= params.outH || iy + params.top < ky * DH) {
        continue;
      }
      let base = (plane * KH + ky) * KW * columns + down / SH * params.outW;
      for (var kx = 0u; kx < KW; kx++) {
        let right = id.x + params.left - kx * DW;
        if (right % SW == 0u && right / SW < params.outW && id.x + params.left >= kx * DW) {
          total += x[base + kx * columns + right / SW];
        }
      }
    }
    y[row * params.w + id.x] = total;
    iy++;
    if (iy == params.h) {
      iy = 0u;
      plane++;
    }
  }
}
