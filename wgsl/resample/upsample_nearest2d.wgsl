// y [planes, outH, outW] = x [planes, h, w] at floor(target * in / out), in whole numbers.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * outH
  each: u32,
  h: u32,
  w: u32,
  outH: u32,
  outW: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.outW || first >= params.rows) {
    return;
  }
  var oy = first % params.outH;
  var plane = first / params.outH;
  let last = min(first + params.each, params.rows);
  let ix = id.x * params.w / params.outW;
  for (var row = first; row < last; row++) {
    let iy = oy * params.h / params.outH;
    y[row * params.outW + id.x] = x[(plane * params.h + iy) * params.w + ix];
    oy++;
    if (oy == params.outH) {
      oy = 0u;
      plane++;
    }
  }
}
