// gridGrad [n, points] of a bilinear grid sample: over the channels in their order, g [n, c, points] times the slopes of x
// [n, c, h, w] along the columns and the rows at the point.
import package::lib::grid_place::placeOf;

struct Params {
  n: u32,
  channels: u32,
  h: i32,
  w: i32,
  points: u32,
  corners: u32, // lib/grid_place.wgsl
  padding: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> grid: array<vec2f>;
@group(0) @binding(3) var<storage, read> g: array<f32>;
@group(0) @binding(4) var<storage, read_write> gridGrad: array<vec2f>;

fn inside(ix: i32, iy: i32) -> bool {
  return ix >= 0 && ix < params.w && iy >= 0 && iy < params.h;
}
fn pixel(ix: i32, iy: i32) -> u32 {
  return u32(clamp(iy, 0, params.h - 1) * params.w + clamp(ix, 0, params.w - 1));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.n * params.points) {
    return;
  }
  let n = i / params.points;
  let size = u32(params.h * params.w);
  let column = placeOf(grid[i].x, params.w);
  let line = placeOf(grid[i].y, params.h);
  let ix = i32(floor(column.at));
  let iy = i32(floor(line.at));
  let right = column.at - f32(ix);
  let below = line.at - f32(iy);
  let take = vec4<bool>(inside(ix, iy), inside(ix + 1, iy), inside(ix, iy + 1), inside(ix + 1, iy + 1));
  let at = vec4u(pixel(ix, iy), pixel(ix + 1, iy), pixel(ix, iy + 1), pixel(ix + 1, iy + 1));
  let across = vec4f(below - 1.0, 1.0 - below, -below, below);
  let down = vec4f(right - 1.0, -right, 1.0 - right, right);
  var total = vec2f(0.0);
  for (var c = 0u; c < params.channels; c++) {
    let plane = n * params.channels + c;
    let base = plane * size;
    let loaded = vec4f(x[base + at.x], x[base + at.y], x[base + at.z], x[base + at.w]);
    let values = select(vec4f(0.0), loaded, take);
    total += g[i + plane * params.points - n * params.points] * vec2f(dot(across, values), dot(down, values));
  }
  // A weight that is NaN tells in the gradient along the other axis, as in PyTorch.
  var bits = 0x7fc00000u;
  let slopes = total * vec2f(column.slope, line.slope);
  gridGrad[i] = select(slopes, vec2f(bitcast<f32>(bits)), vec2<bool>(line.lost, column.lost));
}
