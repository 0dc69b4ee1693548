// dx [n, c, h, w] of a grid sample: each pixel adds up g [n, c, points] of the points in the cells around it, times the
// weight they took it with: a tent of height 1 and half-width 1 around it. `order` holds the points by their cell and within
// it by their number, `starts` each cell's first place there (grid_sample_cells): so the order of every sum is fixed. Four
// channels share the work of a point.
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
@group(0) @binding(5) var<storage, read_write> dx: array<f32>;

// @include lib/rows.wgsl
// Images as rows of columns: WX lanes along the columns, WY invocations beside each other along the rows, and
// params.each rows one after the other in an invocation (starting a workgroup costs as much as dozens of loads).
override WX: u32 = 64u;
override WY: u32 = 1u;
// @end

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
          let column = place_of(grid[i].x, i32(params.w)).at;
          let height = place_of(grid[i].y, i32(params.h)).at;
          weight = max(1.0 - abs(column - f32(id.x)), 0.0) * max(1.0 - abs(height - f32(iy)), 0.0);
        }
        total += weight * vec4f(g[at.x + p], g[at.y + p], g[at.z + p], g[at.w + p]);
      }
    }
    for (var j = 0u; j < min(4u, params.channels - c); j++) {
      dx[((n * params.channels + c + j) * params.h + iy) * params.w + id.x] = total[j];
    }
  }
}
