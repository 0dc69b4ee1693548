// inputGrad [planes, h, w] of a max pooling whose windows do not overlap: an invocation reads one window's gradient and winner
// and writes the SH x SW inputs that belong to it alone; inputs beyond the last window get 0.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * tilesH
  each: u32,
  tilesH: u32,
  tilesW: u32,
  h: i32,
  w: i32,
  outH: u32,
  outW: u32,
  top: i32,
  left: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read> index: array<u32>;
@group(0) @binding(3) var<storage, read_write> inputGrad: array<f32>;

override SH: i32 = 2;
override SW: i32 = 2;

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.tilesW || first >= params.rows) {
    return;
  }
  let last = min(first + params.each, params.rows);
  let left = i32(id.x) * SW - params.left;
  for (var row = first; row < last; row++) {
    let tile = row % params.tilesH;
    let plane = row / params.tilesH;
    var at = 0xffffffffu;
    var value = 0.0;
    if (tile < params.outH && id.x < params.outW) {
      let o = (plane * params.outH + tile) * params.outW + id.x;
      at = index[o];
      value = g[o];
    }
    let base = plane * u32(params.h * params.w);
    for (var r = 0; r < SH; r++) {
      let iy = i32(tile) * SH - params.top + r;
      if (iy < 0 || iy >= params.h) {
        continue;
      }
      for (var s = 0; s < SW; s++) {
        let ix = left + s;
        if (ix >= 0 && ix < params.w) {
          let here = u32(iy * params.w + ix);
          inputGrad[base + here] = select(0.0, value, at == here);
        }
      }
    }
  }
}
