// y = conv2d(x, weight) + bias, one output a thread: right for every configuration, and the yardstick of the faster ones.
import package::lib::conv2d_params::Params;
import package::lib::channel_end::{NORM, normOf, normed, act};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read> x: array<f32>;
@group(0) @binding(6) var<storage, read> weight: array<f32>;
@group(0) @binding(7) var<storage, read> bias: array<f32>;
@group(0) @binding(8) var<storage, read_write> y: array<f32>;

override HAS_BIAS: u32 = 0u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let at = id.y * grid.x * 64u + id.x;
  if (at >= params.n * params.o * params.outH * params.outW) {
    return;
  }
  let ox = at % params.outW;
  let oy = (at / params.outW) % params.outH;
  let o = (at / (params.outW * params.outH)) % params.o;
  let n = at / (params.outW * params.outH * params.o);
  let cg = params.c / params.groups;
  let first = o / (params.o / params.groups) * cg;
  let y0 = i32(oy * params.strideH) - i32(params.padTop);
  let x0 = i32(ox * params.strideW) - i32(params.padLeft);
  var sum = 0.0;
  for (var c = 0u; c < cg; c++) {
    let plane = (n * params.c + first + c) * params.h;
    let taps = (o * cg + c) * params.kh * params.kw;
    for (var p = 0u; p < params.kh; p++) {
      let iy = y0 + i32(p * params.dilationH);
      if (iy < 0 || iy >= i32(params.h)) {
        continue;
      }
      let row = (plane + u32(iy)) * params.w;
      for (var q = 0u; q < params.kw; q++) {
        let ix = x0 + i32(q * params.dilationW);
        if (ix >= 0 && ix < i32(params.w)) {
          sum = fma(x[row + u32(ix)], weight[taps + p * params.kw + q], sum);
        }
      }
    }
  }
  if (HAS_BIAS == 1u) {
    sum += bias[o];
  }
  if (NORM > 0u) {
    sum = normed(vec4f(sum), normOf(o)).x;
  }
  y[at] = act(sum);
}
