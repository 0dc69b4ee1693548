// y [planes, outH, outW] = x [planes, h, w] between its pixels. Along each axis the source of a target is the fraction
// (target * mul + add) / den, in whole numbers so that no rounding moves it; it is held inside the image.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * outH
  each: u32,
  h: i32,
  w: i32,
  outH: u32,
  outW: u32,
  mulY: i32,
  addY: i32,
  denY: i32,
  mulX: i32,
  addX: i32,
  denX: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.outW || first >= params.rows) {
    return;
  }
  var oy = first % params.outH;
  var plane = first / params.outH;
  let last = min(first + params.each, params.rows);
  let column = clamp(i32(id.x) * params.mulX + params.addX, 0, (params.w - 1) * params.denX);
  let x0 = column / params.denX;
  let x1 = min(x0 + 1, params.w - 1);
  let right = f32(column - x0 * params.denX) / f32(params.denX);
  // Neighboring targets often lie between the same two rows: those are kept.
  var kept = -1;
  var low = 0.0;
  var high = 0.0;
  for (var row = first; row < last; row++) {
    let line = clamp(i32(oy) * params.mulY + params.addY, 0, (params.h - 1) * params.denY);
    let iy = line / params.denY;
    let below = f32(line - iy * params.denY) / f32(params.denY);
    let here = i32(plane) * params.h + iy;
    if (here != kept) {
      let base = here * params.w;
      let next = base + select(0, params.w, iy + 1 < params.h);
      if (here == kept + 1 && kept >= 0 && iy > 0) {
        low = high;
      } else {
        low = mix(x[base + x0], x[base + x1], right);
      }
      high = mix(x[next + x0], x[next + x1], right);
      kept = here;
    }
    y[row * params.outW + id.x] = mix(low, high, below);
    oy++;
    if (oy == params.outH) {
      oy = 0u;
      plane++;
    }
  }
}
