// y [planes, outD, outH, outW] = the largest x [planes, d, h, w] in each window; padding counts as -infinity. A NaN
// beats all. With SAVE, index holds where in its volume the winner stands (the first of equals), 0xffffffff in a window of
// padding.
import package::lib::math::isNan;
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
  kd: i32,
  kh: i32,
  kw: i32,
  sd: i32,
  sh: i32,
  sw: i32,
  dilateD: i32,
  dilateH: i32,
  dilateW: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> index: array<u32>;

override SAVE: u32 = 1u;

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
  for (var row = first; row < last; row++) {
    let top = i32(oy) * params.sh - params.top;
    let front = i32(oz) * params.sd - params.front;
    let base = plane * u32(params.d * params.h * params.w);
    var bits = 0xff800000u; // -infinity, which WGSL cannot write as a constant
    var best = bitcast<f32>(bits);
    var at = 0xffffffffu;
    for (var kz = 0; kz < params.kd; kz++) {
      let iz = front + kz * params.dilateD;
      if (iz < 0 || iz >= params.d) {
        continue;
      }
      for (var ky = 0; ky < params.kh; ky++) {
        let iy = top + ky * params.dilateH;
        if (iy < 0 || iy >= params.h) {
          continue;
        }
        for (var kx = 0; kx < params.kw; kx++) {
          let ix = left + kx * params.dilateW;
          if (ix >= 0 && ix < params.w) {
            let here = u32((iz * params.h + iy) * params.w + ix);
            let v = x[base + here];
            if (v > best || at == 0xffffffffu || isNan(v)) {
              best = v;
              at = here;
            }
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
      oz++;
      if (oz == params.outD) {
        oz = 0u;
        plane++;
      }
    }
  }
}
