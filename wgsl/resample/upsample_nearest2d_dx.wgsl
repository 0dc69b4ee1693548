// dx [planes, h, w] of a nearest-neighbour resampling: the sum of g [planes, out_h, out_w] over the targets of each input.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * h
  each: u32,
  h: u32,
  w: u32,
  out_h: u32,
  out_w: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

// The first target along an axis whose source is `at` or beyond.
fn first_target(at: u32, size: u32, out: u32) -> u32 {
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
  let from_x = first_target(id.x, params.w, params.out_w);
  let to_x = first_target(id.x + 1u, params.w, params.out_w);
  for (var row = first; row < last; row++) {
    let from_y = first_target(iy, params.h, params.out_h);
    let to_y = first_target(iy + 1u, params.h, params.out_h);
    var total = 0.0;
    for (var oy = from_y; oy < to_y; oy++) {
      let base = (plane * params.out_h + oy) * params.out_w;
      for (var ox = from_x; ox < to_x; ox++) {
        total += g[base + ox];
      }
    }
    dx[row * params.w + id.x] = total;
    iy++;
    if (iy == params.h) {
      iy = 0u;
      plane++;
    }
  }
}
