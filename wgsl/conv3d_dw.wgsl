// Partial gradients of the weights of a conv3d, [split, o, c / groups, kd, kh, kw]: an invocation owns one tap of TC input
// channels, for TO output channels. Piece s sums the s-th part of the n * outD * outH rows of g, in order.
// @include lib/conv3d_params.wgsl
// Sizes of a 3-D convolution: x [n, c, d, h, w], weights [o, c / groups, kd, kh, kw], y and its gradient [n, o, outD, outH, outW].
// `tilesX` is how many invocations share a row of what is made; `split` how many pieces the sums of a weight gradient are cut
// into; a stride and its dilation meet the same place every `periodD` (H, W) taps.
struct Params {
  n: u32,
  c: u32,
  d: u32,
  h: u32,
  w: u32,
  o: u32,
  kd: u32,
  kh: u32,
  kw: u32,
  strideD: u32,
  strideH: u32,
  strideW: u32,
  padFront: u32,
  padTop: u32,
  padLeft: u32,
  dilationD: u32,
  dilationH: u32,
  dilationW: u32,
  groups: u32,
  outD: u32,
  outH: u32,
  outW: u32,
  tilesX: u32,
  split: u32,
  periodD: u32,
  periodH: u32,
  periodW: u32,
}
// @end
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> dw: array<f32>;

const TO: u32 = 4u; // @tile
const TC: u32 = 4u; // @tile

fn store(o: u32, c: u32, at: u32, value: f32) {
  let cg = params.c / params.groups;
  if (o < params.o / params.groups && c < cg) {
    dw[at + (o * cg + c) * params.kd * params.kh * params.kw] = value;
  }
}

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) local: u32) {
  let cg = params.c / params.groups;
  let og = params.o / params.groups;
  let taps = params.kd * params.kh * params.kw;
  let item = wg.x * 32u + local;
  if (item >= taps * ((cg + TC - 1u) / (TC))) {
    return;
  }
  let tap = item % taps;
  let c = item / taps * (TC);
  let r = tap % params.kw;
  let q = tap / params.kw % params.kh;
  let p = tap / (params.kw * params.kh);
  let blocks = (og + TO - 1u) / (TO);
  let group = wg.z / blocks;
  let o = wg.z % blocks * (TO);
  let area = params.outD * params.outH * params.outW;
  let volume = params.d * params.h * params.w;
  // @for i TO: let g{i} = (group * og + min(o + {i}u, og - 1u)) * area;
  let g0 = (group * og + min(o + 0u, og - 1u)) * area;
  let g1 = (group * og + min(o + 1u, og - 1u)) * area;
  let g2 = (group * og + min(o + 2u, og - 1u)) * area;
  let g3 = (group * og + min(o + 3u, og - 1u)) * area;
  // @end
  // @for k TC: let c{k} = (group * cg + min(c + {k}u, cg - 1u)) * volume;
  let c0 = (group * cg + min(c + 0u, cg - 1u)) * volume;
  let c1 = (group * cg + min(c + 1u, cg - 1u)) * volume;
  let c2 = (group * cg + min(c + 2u, cg - 1u)) * volume;
  let c3 = (group * cg + min(c + 3u, cg - 1u)) * volume;
  // @end
  // @for i TO, k TC: var acc{i}_{k} = 0.0;
  var acc0_0 = 0.0;
  var acc0_1 = 0.0;
  var acc0_2 = 0.0;
  var acc0_3 = 0.0;
  var acc1_0 = 0.0;
  var acc1_1 = 0.0;
  var acc1_2 = 0.0;
  var acc1_3 = 0.0;
  var acc2_0 = 0.0;
  var acc2_1 = 0.0;
  var acc2_2 = 0.0;
  var acc2_3 = 0.0;
  var acc3_0 = 0.0;
  var acc3_1 = 0.0;
  var acc3_2 = 0.0;
  var acc3_3 = 0.0;
  // @end
  // Uniforms are read here, as a compiler may not move the reads out of the loop.
  let depth = params.d;
  let height = params.h;
  let width = params.w;
  let strideD = params.strideD;
  let strideH = params.strideH;
  let strideW = params.strideW;
  let outD = params.outD;
  let outH = params.outH;
  let outW = params.outW;
  let front = i32(p * params.dilationD) - i32(params.padFront);
  let top = i32(q * params.dilationH) - i32(params.padTop);
  let left = i32(r * params.dilationW) - i32(params.padLeft);
  let image = params.c * volume;
  let gradients = params.o * area;
  let rows = params.n * outD * outH;
  let each = (rows + params.split - 1u) / params.split;
  let begin = min(rows, wg.y * each);
  let end = min(rows, begin + each);
  var oy = begin % outH;
  var oz = begin / outH % outD;
  var n = begin / (outH * outD);
  for (var row = begin; row < end; row++) {
    let iz = u32(front + i32(oz * strideD));
    let iy = u32(top + i32(oy * strideH));
    let inside = iz < depth && iy < height;
    let base = n * image + (min(iz, depth - 1u) * height + min(iy, height - 1u)) * width;
    var grad = n * gradients + (oz * outH + oy) * outW;
    var ix = u32(left);
    for (var ox = 0u; ox < outW; ox++) {
      let live = inside && ix < width;
      let at = base + min(ix, width - 1u);
      // @for k TC: let x{k} = select(0.0, x[c{k} + at], live);
      let x0 = select(0.0, x[c0 + at], live);
      let x1 = select(0.0, x[c1 + at], live);
      let x2 = select(0.0, x[c2 + at], live);
      let x3 = select(0.0, x[c3 + at], live);
      // @end
      // @for i TO: let v{i} = g[g{i} + grad];
      let v0 = g[g0 + grad];
      let v1 = g[g1 + grad];
      let v2 = g[g2 + grad];
      let v3 = g[g3 + grad];
      // @end
      // @for i TO, k TC: acc{i}_{k} = fma(v{i}, x{k}, acc{i}_{k});
      acc0_0 = fma(v0, x0, acc0_0);
      acc0_1 = fma(v0, x1, acc0_1);
      acc0_2 = fma(v0, x2, acc0_2);
      acc0_3 = fma(v0, x3, acc0_3);
      acc1_0 = fma(v1, x0, acc1_0);
      acc1_1 = fma(v1, x1, acc1_1);
      acc1_2 = fma(v1, x2, acc1_2);
      acc1_3 = fma(v1, x3, acc1_3);
      acc2_0 = fma(v2, x0, acc2_0);
      acc2_1 = fma(v2, x1, acc2_1);
      acc2_2 = fma(v2, x2, acc2_2);
      acc2_3 = fma(v2, x3, acc2_3);
      acc3_0 = fma(v3, x0, acc3_0);
      acc3_1 = fma(v3, x1, acc3_1);
      acc3_2 = fma(v3, x2, acc3_2);
      acc3_3 = fma(v3, x3, acc3_3);
      // @end
      grad++;
      ix += strideW;
    }
    oy++;
    if (oy == outH) {
      oy = 0u;
      oz++;
      if (oz == outD) {
        oz = 0u;
        n++;
      }
    }
  }
  let at = wg.y * params.o * cg * taps + group * og * cg * taps + tap;
  // @for i TO, k TC: store(o + {i}u, c + {k}u, at, acc{i}_{k});
  store(o + 0u, c + 0u, at, acc0_0);
  store(o + 0u, c + 1u, at, acc0_1);
  store(o + 0u, c + 2u, at, acc0_2);
  store(o + 0u, c + 3u, at, acc0_3);
  store(o + 1u, c + 0u, at, acc1_0);
  store(o + 1u, c + 1u, at, acc1_1);
  store(o + 1u, c + 2u, at, acc1_2);
  store(o + 1u, c + 3u, at, acc1_3);
  store(o + 2u, c + 0u, at, acc2_0);
  store(o + 2u, c + 1u, at, acc2_1);
  store(o + 2u, c + 2u, at, acc2_2);
  store(o + 2u, c + 3u, at, acc2_3);
  store(o + 3u, c + 0u, at, acc3_0);
  store(o + 3u, c + 1u, at, acc3_1);
  store(o + 3u, c + 2u, at, acc3_2);
  store(o + 3u, c + 3u, at, acc3_3);
  // @end
}
