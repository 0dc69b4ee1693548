// y [n, c, points] = x [n, c, h, w] at the points of grid [n, points] = (column, row), each from -1 to 1 across the image:
// between its four neighbors, or with `nearest` at the nearest (ties to even). `per` channels share the work of a point.
import package::lib::rows::{WX, WY};
import package::lib::grid_place::placeOf;

struct Params {
  rows: u32, // n * blocks
  each: u32,
  blocks: u32, // channels / per, rounded up
  per: u32,
  channels: u32,
  h: i32,
  w: i32,
  points: u32,
  corners: u32, // lib/grid_place.wgsl
  padding: u32,
  nearest: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> grid: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn inside(ix: i32, iy: i32) -> bool {
  return ix >= 0 && ix < params.w && iy >= 0 && iy < params.h;
}
fn pixel(ix: i32, iy: i32) -> u32 {
  return u32(clamp(iy, 0, params.h - 1) * params.w + clamp(ix, 0, params.w - 1));
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.points || first >= params.rows) {
    return;
  }
  let last = min(first + params.each, params.rows);
  let size = u32(params.h * params.w);
  for (var row = first; row < last; row++) {
    let n = row / params.blocks;
    let fromC = (row - n * params.blocks) * params.per;
    let toC = min(fromC + params.per, params.channels);
    let point = grid[n * params.points + id.x];
    let column = placeOf(point.x, params.w);
    let line = placeOf(point.y, params.h);
    let lost = column.lost || line.lost;
    if (params.nearest == 1u) {
      let ix = i32(round(column.at));
      let iy = i32(round(line.at));
      let take = inside(ix, iy) && !lost;
      let at = pixel(ix, iy);
      for (var c = fromC; c < toC; c++) {
        let plane = n * params.channels + c;
        y[plane * params.points + id.x] = select(0.0, x[plane * size + at], take);
      }
      continue;
    }
    let ix = i32(floor(column.at));
    let iy = i32(floor(line.at));
    let right = column.at - f32(ix);
    let below = line.at - f32(iy);
    let take = vec4<bool>(inside(ix, iy), inside(ix + 1, iy), inside(ix, iy + 1), inside(ix + 1, iy + 1));
    let at = vec4u(pixel(ix, iy), pixel(ix + 1, iy), pixel(ix, iy + 1), pixel(ix + 1, iy + 1));
    let weight = vec4f((1.0 - right) * (1.0 - below), right * (1.0 - below), (1.0 - right) * below, right * below);
    for (var c = fromC; c < toC; c++) {
      let plane = n * params.channels + c;
      let base = plane * size;
      let values = vec4f(x[base + at.x], x[base + at.y], x[base + at.z], x[base + at.w]);
      let total = dot(weight, select(vec4f(0.0), values, take)); // not weight 0: infinity times it would be NaN
      var bits = 0x7fc00000u; // NaN, which WGSL cannot write as a constant
      y[plane * params.points + id.x] = select(total, bitcast<f32>(bits), lost);
    }
  }
}
