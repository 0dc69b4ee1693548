// inputGrad, the gradient of the input, from g, the gradient of the output: one element of inputGrad a thread, gathering every
// output it went into.
import package::lib::conv2d_params::Params;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read_write> inputGrad: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let at = id.y * grid.x * 64u + id.x;
  if (at >= params.n * params.c * params.h * params.w) {
    return;
  }
  let ix = at % params.w;
  let iy = (at / params.w) % params.h;
  let c = (at / (params.w * params.h)) % params.c;
  let n = at / (params.w * params.h * params.c);
  let cg = params.c / params.groups;
  let og = params.o / params.groups;
  let group = c / cg;
  let taps = params.kh * params.kw;
  var sum = 0.0;
  for (var p = 0u; p < params.kh; p++) {
    // The output row whose tap p met this input row, if there is one.
    let ty = i32(iy + params.padTop) - i32(p * params.dilationH);
    if (ty < 0 || ty % i32(params.strideH) != 0 || ty / i32(params.strideH) >= i32(params.outH)) {
      continue;
    }
    let oy = u32(ty) / params.strideH;
    for (var q = 0u; q < params.kw; q++) {
      let tx = i32(ix + params.padLeft) - i32(q * params.dilationW);
      if (tx < 0 || tx % i32(params.strideW) != 0 || tx / i32(params.strideW) >= i32(params.outW)) {
        continue;
      }
      let ox = u32(tx) / params.strideW;
      var base = ((n * params.o + group * og) * params.outH + oy) * params.outW + ox;
      var tap = (group * og * cg + c % cg) * taps + p * params.kw + q;
      for (var o = 0u; o < og; o++) {
        sum = fma(g[base], weight[tap], sum);
        base += params.outH * params.outW;
        tap += cg * taps;
      }
    }
  }
  inputGrad[at] = sum;
}
