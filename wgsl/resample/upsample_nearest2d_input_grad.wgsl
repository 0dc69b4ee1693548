// inputGrad [planes, h, w] of a nearest-neighbor resampling: the sum of g [planes, outH, outW] over the targets of each input.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * h
  each: u32,
  h: u32,
  w: u32,
  outH: u32,
  outW: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> inputGrad: array<f32>;

// The first target along an axis whose source is `at` or beyond.
fn firstTarget(at: u32, size: u32, out: u32) -> u32 {
  return (at * out + size - 1u) / size;
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.w || first >= params.rows) {
    return;
  }
  var iy = first % params.h;
  var plane = first / params.h;
  let last = min(first + params.each, params.rows);
  let fromX = firstTarget(id.x, params.w, params.outW);
  let toX = firstTarget(id.x + 1u, params.w, params.outW);
  for (var row = first; row < last; row++) {
    let fromY = firstTarget(iy, params.h, params.outH);
    let toY = firstTarget(iy + 1u, params.h, params.outH);
    var total = 0.0;
    for (var oy = fromY; oy < toY; oy++) {
      let base = (plane * params.outH + oy) * params.outW;
      for (var ox = fromX; ox < toX; ox++) {
        total += g[base + ox];
      }
    }
    inputGrad[row * params.w + id.x] = total;
    iy++;
    if (iy == params.h) {
      iy = 0u;
      plane++;
    }
  }
}
