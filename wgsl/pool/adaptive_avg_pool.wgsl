// y [planes, outD, outH, outW] = the mean of x [planes, d, h, w] over the cell of each target; an image has d = outD = 1.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * outD * outH
  each: u32,
  d: u32,
  h: u32,
  w: u32,
  outD: u32,
  outH: u32,
  outW: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

// Inputs [from, to) of target t: from floor(t * size / out) to the ceiling of (t + 1) * size / out.
fn cell(t: u32, size: u32, out: u32) -> vec2u {
  return vec2u(t * size / out, ((t + 1u) * size + out - 1u) / out);
}

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
  let across = cell(id.x, params.w, params.outW);
  var deep = cell(oz, params.d, params.outD);
  for (var row = first; row < last; row++) {
    let down = cell(oy, params.h, params.outH);
    var total = 0.0;
    for (var iz = deep.x; iz < deep.y; iz++) {
      for (var iy = down.x; iy < down.y; iy++) {
        let base = ((plane * params.d + iz) * params.h + iy) * params.w;
        var line = 0.0; // a sum of its own: short sums keep float32's error small
        for (var ix = across.x; ix < across.y; ix++) {
          line += x[base + ix];
        }
        total += line;
      }
    }
    let count = (deep.y - deep.x) * (down.y - down.x) * (across.y - across.x);
    y[row * params.outW + id.x] = total / f32(count);
    oy++;
    if (oy == params.outH) {
      oy = 0u;
      oz++;
      if (oz == params.outD) {
        oz = 0u;
        plane++;
      }
      deep = cell(oz, params.d, params.outD);
    }
  }
}
