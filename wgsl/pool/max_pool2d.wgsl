// y [planes, outH, outW] = the largest x [planes, h, w] in each window; padding counts as -infinity. A NaN beats all.
// With SAVE, index holds where in its plane the winner stands (the first of equals), 0xffffffff in a window of padding.
import package::lib::math::isNan;
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
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> index: array<u32>;

override KH: i32 = 2;
override KW: i32 = 2;
override SH: i32 = 2;
override SW: i32 = 2;
override DH: i32 = 1;
override DW: i32 = 1;
override SAVE: u32 = 1u;

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
  for (var row = first; row < last; row++) {
    let base = plane * u32(params.h * params.w);
    let top = i32(oy) * SH - params.top;
    var bits = 0xff800000u; // -infinity, which WGSL cannot write as a constant
    var best = bitcast<f32>(bits);
    var at = 0xffffffffu;
    for (var ky = 0; ky < KH; ky++) {
      let iy = top + ky * DH;
      if (iy < 0 || iy >= params.h) {
        continue;
      }
      for (var kx = 0; kx < KW; kx++) {
        let ix = left + kx * DW;
        if (ix >= 0 && ix < params.w) {
          let here = u32(iy * params.w + ix);
          let v = x[base + here];
          if (v > best || at == 0xffffffffu || isNan(v)) {
            best = v;
            at = here;
          }
        }
      }
    }
    y[row * params.outW + id.x] = best;
    if (SAVE == 1u) {
      index[row * params.outW + id.x] = at;
    }
    oy++;
    if (oy == params.outH) {
      oy = 0u;
      plane++;
    }
  }
}
