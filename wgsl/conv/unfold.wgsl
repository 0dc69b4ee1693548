// y [n, c * KH * KW, outH * outW]: column l holds the entries of window l, zero where it reaches into the padding.
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
  let columns = params.outH * params.outW;
  if (id.x >= columns || first >= params.rows) {
    return;
  }
  // Places before the image wrap to numbers far beyond it.
  let top = id.x / params.outW * SH - params.top;
  let left = id.x % params.outW * SW - params.left;
  var kx = first % KW;
  var ky = first / KW % KH;
  var plane = first / (KW * KH);
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    let iy = top + ky * DH;
    let ix = left + kx * DW;
    let at = (plane * params.h + min(iy, params.h - 1u)) * params.w + min(ix, params.w - 1u);
    y[row * columns + id.x] = select(0.0, x[at], iy < params.h && ix < params.w);
    kx++;
    if (kx == KW) {
      kx = 0u;
      ky++;
      if (ky == KH) {
        ky = 0u;
        plane++;
      }
    }
  }
}
