// Partial gradients of the weights [split, o, c / groups, kh, kw]: one weight a thread; piece s sums the s-th part of the
// n * outH rows of g, and reduce adds the pieces in order.
import package::lib::conv2d_params::Params;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> weightGrad: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let at = id.y * grid.x * 64u + id.x;
  let cg = params.c / params.groups;
  let weights = params.o * cg * params.kh * params.kw;
  if (at >= weights * params.split) {
    return;
  }
  let q = at % params.kw;
  let p = (at / params.kw) % params.kh;
  let c = (at / (params.kw * params.kh)) % cg;
  let o = (at / (params.kw * params.kh * cg)) % params.o;
  let rows = params.n * params.outH;
  let each = (rows + params.split - 1u) / params.split;
  let begin = at / weights * each;
  let end = min(rows, begin + each);
  let channel = o / (params.o / params.groups) * cg + c;
  // Outputs ox whose input column lies inside the image.
  let shift = i32(q * params.dilationW) - i32(params.padLeft);
  let stride = i32(params.strideW);
  let left = select(0, (-shift + stride - 1) / stride, shift < 0);
  let right = min(i32(params.outW), select(0, (i32(params.w) - 1 - shift) / stride + 1, shift < i32(params.w)));
  var sum = 0.0;
  for (var row = begin; row < end; row++) {
    let n = row / params.outH;
    let oy = row % params.outH;
    let iy = i32(oy * params.strideH + p * params.dilationH) - i32(params.padTop);
    if (iy < 0 || iy >= i32(params.h)) {
      continue;
    }
    let base = ((n * params.c + channel) * params.h + u32(iy)) * params.w;
    let grad = ((n * params.o + o) * params.outH + oy) * params.outW;
    for (var ox = left; ox < right; ox++) {
      sum = fma(x[u32(i32(base) + ox * stride + shift)], g[grad + u32(ox)], sum);
    }
  }
  weightGrad[at] = sum;
}
