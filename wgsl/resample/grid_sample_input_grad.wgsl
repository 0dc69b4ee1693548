// inputGrad [n, c, h, w] of a grid sample: each pixel adds up g [n, c, points] of the points in the cells around it, times the
// weight they took it with: a tent of height 1 and half-width 1 around it. `order` holds the points by their cell and within
// it by their number, `starts` each cell's first place there (grid_sample_cells): so the order of every sum is fixed. Four
// channels share the work of a point.
import package::lib::rows::{WX, WY};
import package::lib::grid_place::placeOf;

struct Params {
  rows: u32, // n * blocks * h
  each: u32,
  blocks: u32, // channels / 4, rounded up
  channels: u32,
  h: u32,
  w: u32,
  points: u32,
  corners: u32, // lib/grid_place.wgsl
  padding: u32,
  nearest: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> grid: array<vec2f>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> starts: array<u32>;
@group(0) @binding(4) var<storage, read> g: array<f32>;
@group(0) @binding(5) var<storage, read_write> inputGrad: array<f32>;

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.w || first >= params.rows) {
    return;
  }
  let last = min(first + params.each, params.rows);
  let wide = params.w + 1u;
  let cells = (params.h + 1u) * wide;
  for (var row = first; row < last; row++) {
    let iy = row % params.h;
    let n = row / params.h / params.blocks;
    let c = (row / params.h % params.blocks) * 4u;
    // The channels beyond the last are the last once more, and are not written.
    let planes = n * params.channels + min(vec4u(c, c + 1u, c + 2u, c + 3u), vec4u(params.channels - 1u));
    let at = planes * params.points;
    var total = vec4f(0.0);
    for (var line = params.nearest; line < 2u; line++) {
      let cell = n * cells + (iy + line) * wide + id.x + params.nearest;
      let end = starts[cell + 2u - params.nearest];
      for (var k = starts[cell]; k < end; k++) {
        let i = order[k];
        let p = i - n * params.points;
        var weight = 1.0;
        if (params.nearest == 0u) {
          let column = placeOf(grid[i].x, i32(params.w)).at;
          let height = placeOf(grid[i].y, i32(params.h)).at;
          weight = max(1.0 - abs(column - f32(id.x)), 0.0) * max(1.0 - abs(height - f32(iy)), 0.0);
        }
        total += weight * vec4f(g[at.x + p], g[at.y + p], g[at.z + p], g[at.w + p]);
      }
    }
    for (var j = 0u; j < min(4u, params.channels - c); j++) {
      inputGrad[((n * params.channels + c + j) * params.h + iy) * params.w + id.x] = total[j];
    }
  }
}
