// keys [n * points]: which cell of its image each point of a grid falls into. Cells have pixels at their corners and are
// counted row by row from (-1, -1) on, (h + 1) * (w + 1) an image; with `nearest` a cell is a pixel and those of row and column
// -1 stay empty. A point that takes nothing from x gets the last key, n * cells.
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

// @include lib/nan.wgsl
fn is_nan(a: f32) -> bool {
  return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u; // "a != a" is folded away by drivers
}
// exp and log that hand a NaN on; SwiftShader's own make a number of it.
fn exp_or_nan(a: f32) -> f32 {
  return select(exp(a), a, is_nan(a));
}
fn log_or_nan(a: f32) -> f32 {
  return select(log(a), a, is_nan(a));
}
// @end

// @include lib/grid_place.wgsl
// Where a point of a grid falls along an axis of `size` pixels: -1 and 1 are the middles of the outer pixels where
// params.corners is 1, else their outer edges. params.padding 0: outside are zeros; 1: held at the border; 2: reflected
// there. (Params, not overrides: twelve pipelines of each kernel would take longer to compile than they save.)
struct Place {
  at: f32, // in pixels
  slope: f32, // of `at` over the point's coordinate
  lost: bool, // no finite number, and no padding to catch it
}
fn finite(a: f32) -> bool {
  return (bitcast<u32>(a) & 0x7f800000u) != 0x7f800000u;
}
fn place_of(c: f32, size: i32) -> Place {
  let n = f32(size);
  let corners = params.corners == 1u;
  let raw = select(((c + 1.0) * n - 1.0) * 0.5, (c + 1.0) * 0.5 * (n - 1.0), corners);
  var slope = 0.5 * select(n, n - 1.0, corners);
  if (params.padding == 0u) {
    return Place(select(-2.0, clamp(raw, -2.0, n + 1.0), finite(raw)), slope, !finite(raw));
  }
  if (is_nan(raw) || (params.padding == 2u && !finite(raw))) {
    return Place(0.0, 0.0, false); // as PyTorch: the first pixel
  }
  var at = raw;
  if (params.padding == 2u) {
    let low = select(-0.5, 0.0, corners);
    let span = select(n, n - 1.0, corners);
    if (span == 0.0) {
      return Place(0.0, 0.0, false);
    }
    let far = abs(raw - low);
    let flips = floor(far / span);
    let odd = flips - 2.0 * floor(flips * 0.5) == 1.0;
    let extra = far - flips * span;
    at = low + select(extra, span - extra, odd);
    slope *= select(1.0, -1.0, odd != (raw < low));
  }
  if (at <= 0.0) {
    return Place(0.0, 0.0, false);
  }
  if (at >= n - 1.0) {
    return Place(n - 1.0, 0.0, false);
  }
  return Place(at, slope, false);
}
// @end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.n * params.points) {
    return;
  }
  let column = place_of(grid[i].x, params.w);
  let line = place_of(grid[i].y, params.h);
  let ix = i32(select(floor(column.at), round(column.at), params.nearest == 1u));
  let iy = i32(select(floor(line.at), round(line.at), params.nearest == 1u));
  let least = select(-1, 0, params.nearest == 1u);
  let cells = u32((params.h + 1) * (params.w + 1));
  let inside = ix >= least && ix < params.w && iy >= least && iy < params.h && !column.lost && !line.lost;
  let cell = u32((iy + 1) * (params.w + 1) + ix + 1);
  keys[i] = select(params.n * cells, (i / params.points) * cells + cell, inside);
}
