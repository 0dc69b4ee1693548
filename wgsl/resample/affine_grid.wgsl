// y [n, h, w] = (column, row), each from -1 to 1: theta [n, 2, 3] times (column, row, 1) of each pixel.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // n * h
  each: u32,
  h: u32,
  w: u32,
  corners: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> theta: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec2f>;

// Where pixel i of `size` lies from -1 to 1: the middles of the outer pixels at the ends with `corners`, else their edges.
fn baseOf(i: u32, size: u32) -> f32 {
  if (params.corners == 1u) {
    return f32(2 * i32(i) + 1 - i32(size)) / f32(max(size, 2u) - 1u);
  }
  return f32(2 * i32(i) + 1 - i32(size)) / f32(size);
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.w || first >= params.rows) {
    return;
  }
  let last = min(first + params.each, params.rows);
  let column = baseOf(id.x, params.w);
  for (var row = first; row < last; row++) {
    let t = row / params.h * 6u;
    let line = baseOf(row % params.h, params.h);
    let a = vec2f(theta[t], theta[t + 3u]);
    let b = vec2f(theta[t + 1u], theta[t + 4u]);
    y[row * params.w + id.x] = a * column + b * line + vec2f(theta[t + 2u], theta[t + 5u]);
  }
}
