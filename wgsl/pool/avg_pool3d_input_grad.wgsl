// inputGrad [planes, d, h, w] of an average pooling: each input adds up its shares of the gradients g [planes, outD, outH, outW]
// of the windows that hold it, in row-major order.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // planes * d * h
  each: u32,
  d: i32,
  h: i32,
  w: i32,
  outD: i32,
  outH: i32,
  outW: i32,
  front: i32,
  top: i32,
  left: i32,
  endD: i32, // d and the padding behind it
  endH: i32,
  endW: i32,
  divisor: f32, // 0: the count
  kd: i32,
  kh: i32,
  kw: i32,
  sd: i32,
  sh: i32,
  sw: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> inputGrad: array<f32>;

override INCLUDE_PAD: u32 = 1u;

// Windows [from, to) along an axis that reach over the padded place p.
fn windows(p: i32, kernel: i32, stride: i32, count: i32) -> vec2i {
  return vec2i(select((p + stride - kernel) / stride, 0, p < kernel), min(p / stride + 1, count));
}
// How many taps of a window that begins at `start` count: those inside an axis of `size`, or up to `end` of its padding.
fn counted(start: i32, kernel: i32, size: i32, end: i32) -> i32 {
  return select(min(start + kernel, size) - max(start, 0), min(start + kernel, end) - start, INCLUDE_PAD == 1u);
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  let ix = i32(id.x);
  if (ix >= params.w || first >= params.rows) {
    return;
  }
  let last = min(first + params.each, params.rows);
  var iy = i32(first) % params.h;
  var iz = i32(first) / params.h % params.d;
  var plane = i32(first) / params.h / params.d;
  let across = windows(ix + params.left, params.kw, params.sw, params.outW);
  var deep = windows(iz + params.front, params.kd, params.sd, params.outD);
  for (var row = first; row < last; row++) {
    let down = windows(iy + params.top, params.kh, params.sh, params.outH);
    var total = 0.0;
    for (var oz = deep.x; oz < deep.y; oz++) {
      let thick = counted(oz * params.sd - params.front, params.kd, params.d, params.endD);
      for (var oy = down.x; oy < down.y; oy++) {
        let area = thick * counted(oy * params.sh - params.top, params.kh, params.h, params.endH);
        let base = ((plane * params.outD + oz) * params.outH + oy) * params.outW;
        for (var ox = across.x; ox < across.y; ox++) {
          let count = area * counted(ox * params.sw - params.left, params.kw, params.w, params.endW);
          total += g[base + ox] / select(f32(count), params.divisor, params.divisor != 0.0);
        }
      }
    }
    inputGrad[row * u32(params.w) + id.x] = total;
    iy++;
    if (iy == params.h) {
      iy = 0;
      iz++;
      if (iz == params.d) {
        iz = 0;
        plane++;
      }
      deep = windows(iz + params.front, params.kd, params.sd, params.outD);
    }
  }
}
