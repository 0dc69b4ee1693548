// y [planes, out_h, out_w] = x [planes, h, w] between its pixels. Along each axis the source of a target is the fraction
// (target * mul + add) / den, in whole numbers so that no rounding moves it; it is held inside the image.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * out_h
  each: u32,
  h: i32,
  w: i32,
  out_h: u32,
  out_w: u32,
  mul_y: i32,
  add_y: i32,
  den_y: i32,
  mul_x: i32,
  add_x: i32,
  den_x: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.out_w || first >= params.rows) {
    return;
  }
  var oy = first % params.out_h;
  var plane = first / params.out_h;
  let last = min(first + params.each, params.rows);
  let column = clamp(i32(id.x) * params.mul_x + params.add_x, 0, (params.w - 1) * params.den_x);
  let x0 = column / params.den_x;
  let x1 = min(x0 + 1, params.w - 1);
  let right = f32(column - x0 * params.den_x) / f32(params.den_x);
  // Neighbouring targets often lie between the same two rows: those are kept.
  var kept = -1;
  var low = 0.0;
  var high = 0.0;
  for (var row = first; row < last; row++) {
    let line = clamp(i32(oy) * params.mul_y + params.add_y, 0, (params.h - 1) * params.den_y);
    let iy = line / params.den_y;
    let below = f32(line - iy * params.den_y) / f32(params.den_y);
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
    y[row * params.out_w + id.x] = mix(low, high, below);
    oy++;
    if (oy == params.out_h) {
      oy = 0u;
      plane++;
    }
  }
}
