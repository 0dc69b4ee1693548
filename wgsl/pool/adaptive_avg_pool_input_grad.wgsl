// inputGrad [planes, d, h, w] of an adaptive mean: each input adds up its shares of the gradients g [planes, outD, outH, outW] of
// the targets whose cells hold it, in row-major order. Cells overlap where the sizes do not divide.
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
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> inputGrad: array<f32>;

// Targets [from, to) whose cells hold input i.
fn targets(i: u32, size: u32, out: u32) -> vec2u {
  return vec2u(i * out / size, ((i + 1u) * out - 1u) / size + 1u);
}
// How many inputs the cell of target t holds.
fn held(t: u32, size: u32, out: u32) -> u32 {
  return ((t + 1u) * size + out - 1u) / out - t * size / out;
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
  let across = targets(id.x, params.w, params.outW);
  let firstHeld = held(across.x, params.w, params.outW); // mostly the only one; integers divide slowly
  var deep = targets(iz, params.d, params.outD);
  for (var row = first; row < last; row++) {
    let down = targets(iy, params.h, params.outH);
    var total = 0.0;
    for (var oz = deep.x; oz < deep.y; oz++) {
      let thick = held(oz, params.d, params.outD);
      for (var oy = down.x; oy < down.y; oy++) {
        let area = thick * held(oy, params.h, params.outH);
        let base = ((plane * params.outD + oz) * params.outH + oy) * params.outW;
        for (var ox = across.x; ox < across.y; ox++) {
          var wide = firstHeld;
          if (ox > across.x) {
            wide = held(ox, params.w, params.outW);
          }
          total += g[base + ox] / f32(area * wide);
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
      deep = targets(iz, params.d, params.outD);
    }
  }
}
