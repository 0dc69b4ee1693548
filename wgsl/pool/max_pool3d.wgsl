// y [planes, out_d, out_h, out_w] = the largest x [planes, d, h, w] in each window; padding counts as -infinity. A NaN
// beats all. With SAVE, index holds where in its volume the winner stands (the first of equals), 0xffffffff in a window of
// padding.
import package::lib::math::is_nan;
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * out_d * out_h
  each: u32,
  d: i32,
  h: i32,
  w: i32,
  out_d: u32,
  out_h: u32,
  out_w: u32,
  front: i32,
  top: i32,
  left: i32,
  kd: i32,
  kh: i32,
  kw: i32,
  sd: i32,
  sh: i32,
  sw: i32,
  dilate_d: i32,
  dilate_h: i32,
  dilate_w: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> index: array<u32>;

override SAVE: u32 = 1u;

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.out_w || first >= params.rows) {
    return;
  }
  let last = min(first + params.each, params.rows);
  var oy = first % params.out_h;
  var oz = first / params.out_h % params.out_d;
  var plane = first / params.out_h / params.out_d;
  let left = i32(id.x) * params.sw - params.left;
  for (var row = first; row < last; row++) {
    let top = i32(oy) * params.sh - params.top;
    let front = i32(oz) * params.sd - params.front;
    let base = plane * u32(params.d * params.h * params.w);
    var bits = 0xff800000u; // -infinity, which WGSL cannot write as a constant
    var best = bitcast<f32>(bits);
    var at = 0xffffffffu;
    for (var kz = 0; kz < params.kd; kz++) {
      let iz = front + kz * params.dilate_d;
      if (iz < 0 || iz >= params.d) {
        continue;
      }
      for (var ky = 0; ky < params.kh; ky++) {
        let iy = top + ky * params.dilate_h;
        if (iy < 0 || iy >= params.h) {
          continue;
        }
        for (var kx = 0; kx < params.kw; kx++) {
          let ix = left + kx * params.dilate_w;
          if (ix >= 0 && ix < params.w) {
            let here = u32((iz * params.h + iy) * params.w + ix);
            let v = x[base + here];
            if (v > best || at == 0xffffffffu || is_nan(v)) {
              best = v;
              at = here;
            }
          }
        }
      }
    }
    y[row * params.out_w + id.x] = best;
    if (SAVE == 1u) {
      index[row * params.out_w + id.x] = at;
    }
    oy++;
    if (oy == params.out_h) {
      oy = 0u;
      oz++;
      if (oz == params.out_d) {
        oz = 0u;
        plane++;
      }
    }
  }
}
