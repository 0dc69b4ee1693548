// y [planes, out_d, out_h, out_w] = x [planes, d, h, w] at floor(target * in / out), in whole numbers.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * out_d * out_h
  each: u32,
  d: u32,
  h: u32,
  w: u32,
  out_d: u32,
  out_h: u32,
  out_w: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

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
  let ix = id.x * params.w / params.out_w;
  var iz = oz * params.d / params.out_d;
  for (var row = first; row < last; row++) {
    let iy = oy * params.h / params.out_h;
    y[row * params.out_w + id.x] = x[((plane * params.d + iz) * params.h + iy) * params.w + ix];
    oy++;
    if (oy == params.out_h) {
      oy = 0u;
      oz++;
      if (oz == params.out_d) {
        oz = 0u;
        plane++;
      }
      iz = oz * params.d / params.out_d;
    }
  }
}
