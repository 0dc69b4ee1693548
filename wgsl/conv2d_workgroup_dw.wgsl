// Partial gradients of the weights [split, o, c / groups, kh, kw] as a product of matrices through workgroup memory, for GPUs: a
// workgroup of 8 x 8 invocations makes BM output channels of BN weights, an invocation TM x TN of them, eight apart. KB outputs
// at a time go through workgroup memory. Piece s sums the s-th part of the n * outH * outW outputs; reduce adds the pieces.
// @include lib/conv2d_params.wgsl
// Sizes of a 2-D convolution: x [n, c, h, w], weights [o, c / groups, kh, kw], y and its gradient [n, o, outH, outW].
// `split` is how many pieces the sums of a weight gradient are cut into; `spacing` how far apart the outputs lie that a lane
// takes together (1 where nothing is taken together).
struct Params {
  n: u32,
  c: u32,
  h: u32,
  w: u32,
  o: u32,
  kh: u32,
  kw: u32,
  strideH: u32,
  strideW: u32,
  padTop: u32,
  padLeft: u32,
  dilationH: u32,
  dilationW: u32,
  groups: u32,
  outH: u32,
  outW: u32,
  split: u32,
  spacing: u32,
}
// @end
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> dw: array<f32>;

const TM: u32 = 4u; // @tile
const TN: u32 = 4u; // @tile
const KB: u32 = 8u;
const BM: u32 = 8u * TM;
const BN: u32 = 8u * TN;
// One more, so that invocations that write one row's outputs meet different banks.
const ROW: u32 = BM + 1u;
const COLUMN: u32 = BN + 1u;

var<workgroup> grads: array<f32, KB * ROW>;
var<workgroup> inputs: array<f32, KB * COLUMN>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) wg: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let cg = params.c / params.groups;
  let og = params.o / params.groups;
  let taps = params.kh * params.kw;
  let columns = cg * taps;
  let blocks = (og + BM - 1u) / BM;
  let group = wg.z / blocks;
  let o = wg.z % blocks * BM;
  let first = wg.x * BN;
  let height = params.h;
  let width = params.w;
  let outH = params.outH;
  let outW = params.outW;
  let area = outH * outW;
  let outputs = params.n * area;
  let each = (outputs + params.split - 1u) / params.split;
  let begin = min(outputs, wg.y * each);
  let end = min(outputs, begin + each);
  // The output that this invocation loads, for channels and weights from `loaded` on.
  let term = local % KB;
  let loaded = local / KB;
  var at = begin + term;
  var ox = at % outW;
  var oy = at / outW % outH;
  var n = at / area;
  let stepX = KB % outW;
  let stepY = KB / outW % outH;
  let stepN = KB / area;
  let strideH = params.strideH;
  let strideW = params.strideW;
  let perImage = params.c * height * width;
  let perGrad = params.o * area;
  // @for i TM: let g{i} = (group * og + min(o + loaded + {i}u * 8u, og - 1u)) * area;
  let g0 = (group * og + min(o + loaded + 0u * 8u, og - 1u)) * area;
  let g1 = (group * og + min(o + loaded + 1u * 8u, og - 1u)) * area;
  let g2 = (group * og + min(o + loaded + 2u * 8u, og - 1u)) * area;
  let g3 = (group * og + min(o + loaded + 3u * 8u, og - 1u)) * area;
  // @end
  // @for j TN: let column{j} = min(first + loaded + {j}u * 8u, columns - 1u);
  let column0 = min(first + loaded + 0u * 8u, columns - 1u);
  let column1 = min(first + loaded + 1u * 8u, columns - 1u);
  let column2 = min(first + loaded + 2u * 8u, columns - 1u);
  let column3 = min(first + loaded + 3u * 8u, columns - 1u);
  // @end
  // @for j TN: let plane{j} = (group * cg + column{j} / taps) * height * width;
  let plane0 = (group * cg + column0 / taps) * height * width;
  let plane1 = (group * cg + column1 / taps) * height * width;
  let plane2 = (group * cg + column2 / taps) * height * width;
  let plane3 = (group * cg + column3 / taps) * height * width;
  // @end
  // @for j TN: let p{j} = i32(column{j} % taps / params.kw * params.dilationH) - i32(params.padTop);
  let p0 = i32(column0 % taps / params.kw * params.dilationH) - i32(params.padTop);
  let p1 = i32(column1 % taps / params.kw * params.dilationH) - i32(params.padTop);
  let p2 = i32(column2 % taps / params.kw * params.dilationH) - i32(params.padTop);
  let p3 = i32(column3 % taps / params.kw * params.dilationH) - i32(params.padTop);
  // @end
  // @for j TN: let q{j} = i32(column{j} % params.kw * params.dilationW) - i32(params.padLeft);
  let q0 = i32(column0 % params.kw * params.dilationW) - i32(params.padLeft);
  let q1 = i32(column1 % params.kw * params.dilationW) - i32(params.padLeft);
  let q2 = i32(column2 % params.kw * params.dilationW) - i32(params.padLeft);
  let q3 = i32(column3 % params.kw * params.dilationW) - i32(params.padLeft);
  // @end
  let across = local % 8u;
  let down = local / 8u;
  // @for i TM, j TN: var acc{i}_{j} = 0.0;
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
  let rounds = (end - begin + KB - 1u) / KB;
  for (var round = 0u; round < rounds; round++) {
    let live = at < end;
    let image = select(0u, n, live);
    let top = i32(oy * strideH);
    let left = i32(ox * strideW);
    let here = image * perGrad + oy * outW + ox;
    // @for i TM: grads[term * ROW + loaded + {i}u * 8u] = select(0.0, g[g{i} + here], live);
    grads[term * ROW + loaded + 0u * 8u] = select(0.0, g[g0 + here], live);
    grads[term * ROW + loaded + 1u * 8u] = select(0.0, g[g1 + here], live);
    grads[term * ROW + loaded + 2u * 8u] = select(0.0, g[g2 + here], live);
    grads[term * ROW + loaded + 3u * 8u] = select(0.0, g[g3 + here], live);
    // @end
    // @for j TN: let iy{j} = u32(top + p{j}); let ix{j} = u32(left + q{j}); let in{j} = live && iy{j} < height && ix{j} < width; inputs[term * COLUMN + loaded + {j}u * 8u] = select(0.0, x[image * perImage + plane{j} + min(iy{j}, height - 1u) * width + min(ix{j}, width - 1u)], in{j});
    let iy0 = u32(top + p0); let ix0 = u32(left + q0); let in0 = live && iy0 < height && ix0 < width; inputs[term * COLUMN + loaded + 0u * 8u] = select(0.0, x[image * perImage + plane0 + min(iy0, height - 1u) * width + min(ix0, width - 1u)], in0);
    let iy1 = u32(top + p1); let ix1 = u32(left + q1); let in1 = live && iy1 < height && ix1 < width; inputs[term * COLUMN + loaded + 1u * 8u] = select(0.0, x[image * perImage + plane1 + min(iy1, height - 1u) * width + min(ix1, width - 1u)], in1);
    let iy2 = u32(top + p2); let ix2 = u32(left + q2); let in2 = live && iy2 < height && ix2 < width; inputs[term * COLUMN + loaded + 2u * 8u] = select(0.0, x[image * perImage + plane2 + min(iy2, height - 1u) * width + min(ix2, width - 1u)], in2);
    let iy3 = u32(top + p3); let ix3 = u32(left + q3); let in3 = live && iy3 < height && ix3 < width; inputs[term * COLUMN + loaded + 3u * 8u] = select(0.0, x[image * perImage + plane3 + min(iy3, height - 1u) * width + min(ix3, width - 1u)], in3);
    // @end
    workgroupBarrier();
    for (var k = 0u; k < KB; k++) {
      // @for i TM: let a{i} = grads[k * ROW + down + {i}u * 8u];
      let a0 = grads[k * ROW + down + 0u * 8u];
      let a1 = grads[k * ROW + down + 1u * 8u];
      let a2 = grads[k * ROW + down + 2u * 8u];
      let a3 = grads[k * ROW + down + 3u * 8u];
      // @end
      // @for j TN: let b{j} = inputs[k * COLUMN + across + {j}u * 8u];
      let b0 = inputs[k * COLUMN + across + 0u * 8u];
      let b1 = inputs[k * COLUMN + across + 1u * 8u];
      let b2 = inputs[k * COLUMN + across + 2u * 8u];
      let b3 = inputs[k * COLUMN + across + 3u * 8u];
      // @end
      // @for i TM, j TN: acc{i}_{j} = fma(a{i}, b{j}, acc{i}_{j});
      acc0_0 = fma(a0, b0, acc0_0);
      acc0_1 = fma(a0, b1, acc0_1);
      acc0_2 = fma(a0, b2, acc0_2);
      acc0_3 = fma(a0, b3, acc0_3);
      acc1_0 = fma(a1, b0, acc1_0);
      acc1_1 = fma(a1, b1, acc1_1);
      acc1_2 = fma(a1, b2, acc1_2);
      acc1_3 = fma(a1, b3, acc1_3);
      acc2_0 = fma(a2, b0, acc2_0);
      acc2_1 = fma(a2, b1, acc2_1);
      acc2_2 = fma(a2, b2, acc2_2);
      acc2_3 = fma(a2, b3, acc2_3);
      acc3_0 = fma(a3, b0, acc3_0);
      acc3_1 = fma(a3, b1, acc3_1);
      acc3_2 = fma(a3, b2, acc3_2);
      acc3_3 = fma(a3, b3, acc3_3);
      // @end
    }
    workgroupBarrier();
    at += KB;
    ox += stepX;
    let over = ox >= outW;
    ox -= select(0u, outW, over);
    oy += stepY + select(0u, 1u, over);
    let next = oy >= outH;
    oy -= select(0u, outH, next);
    n += stepN + select(0u, 1u, next);
  }
  // @for i TM, j TN: if (o + down + {i}u * 8u < og && first + across + {j}u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + {i}u * 8u) * columns + first + across + {j}u * 8u] = acc{i}_{j}; }
  if (o + down + 0u * 8u < og && first + across + 0u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 0u * 8u) * columns + first + across + 0u * 8u] = acc0_0; }
  if (o + down + 0u * 8u < og && first + across + 1u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 0u * 8u) * columns + first + across + 1u * 8u] = acc0_1; }
  if (o + down + 0u * 8u < og && first + across + 2u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 0u * 8u) * columns + first + across + 2u * 8u] = acc0_2; }
  if (o + down + 0u * 8u < og && first + across + 3u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 0u * 8u) * columns + first + across + 3u * 8u] = acc0_3; }
  if (o + down + 1u * 8u < og && first + across + 0u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 1u * 8u) * columns + first + across + 0u * 8u] = acc1_0; }
  if (o + down + 1u * 8u < og && first + across + 1u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 1u * 8u) * columns + first + across + 1u * 8u] = acc1_1; }
  if (o + down + 1u * 8u < og && first + across + 2u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 1u * 8u) * columns + first + across + 2u * 8u] = acc1_2; }
  if (o + down + 1u * 8u < og && first + across + 3u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 1u * 8u) * columns + first + across + 3u * 8u] = acc1_3; }
  if (o + down + 2u * 8u < og && first + across + 0u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 2u * 8u) * columns + first + across + 0u * 8u] = acc2_0; }
  if (o + down + 2u * 8u < og && first + across + 1u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 2u * 8u) * columns + first + across + 1u * 8u] = acc2_1; }
  if (o + down + 2u * 8u < og && first + across + 2u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 2u * 8u) * columns + first + across + 2u * 8u] = acc2_2; }
  if (o + down + 2u * 8u < og && first + across + 3u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 2u * 8u) * columns + first + across + 3u * 8u] = acc2_3; }
  if (o + down + 3u * 8u < og && first + across + 0u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 3u * 8u) * columns + first + across + 0u * 8u] = acc3_0; }
  if (o + down + 3u * 8u < og && first + across + 1u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 3u * 8u) * columns + first + across + 1u * 8u] = acc3_1; }
  if (o + down + 3u * 8u < og && first + across + 2u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 3u * 8u) * columns + first + across + 2u * 8u] = acc3_2; }
  if (o + down + 3u * 8u < og && first + across + 3u * 8u < columns) { dw[(wg.y * params.o + group * og + o + down + 3u * 8u) * columns + first + across + 3u * 8u] = acc3_3; }
  // @end
}
