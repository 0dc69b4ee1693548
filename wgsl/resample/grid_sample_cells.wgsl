// keys [n * points]: which cell of its image each point of a grid falls into. Cells have pixels at their corners and are
// counted row by row from (-1, -1) on, (h + 1) * (w + 1) an image; with `nearest` a cell is a pixel and those of row and column
// -1 stay empty. A point that takes nothing from x gets the last key, n * cells.
import package::lib::grid_place::placeOf;

struct Params {
  n: u32,
  h: i32,
  w: i32,
  points: u32,
  corners: u32, // lib/grid_place.wgsl
  padding: u32,
  nearest: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> grid: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> keys: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.n * params.points) {
    return;
  }
  let column = placeOf(grid[i].x, params.w);
  let line = placeOf(grid[i].y, params.h);
  let ix = i32(select(floor(column.at), round(column.at), params.nearest == 1u));
  let iy = i32(select(floor(line.at), round(line.at), params.nearest == 1u));
  let least = select(-1, 0, params.nearest == 1u);
  let cells = u32((params.h + 1) * (params.w + 1));
  let inside = ix >= least && ix < params.w && iy >= least && iy < params.h && !column.lost && !line.lost;
  let cell = u32((iy + 1) * (params.w + 1) + ix + 1);
  keys[i] = select(params.n * cells, (i / params.points) * cells + cell, inside);
}
