// Partial gradients of the weights [split, o, c / groups, kh, kw] as a product of matrices through workgroup memory, for GPUs: a
// workgroup of 8 x 8 invocations makes BM output channels of BN weights, an invocation TM x TN of them, eight apart. KB outputs
// at a time go through workgroup memory. Piece s sums the s-th part of the n * outH * outW outputs; reduce adds the pieces.
import package::lib::conv2d_params::Params;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> weightGrad: array<f32>;

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
  // @for j TN: let column{j} = min(first + loaded + {j}u * 8u, columns - 1u);
  // @for j TN: let plane{j} = (group * cg + column{j} / taps) * height * width;
  // @for j TN: let p{j} = i32(column{j} % taps / params.kw * params.dilationH) - i32(params.padTop);
  // @for j TN: let q{j} = i32(column{j} % params.kw * params.dilationW) - i32(params.padLeft);
  let across = local % 8u;
  let down = local / 8u;
  // @for i TM, j TN: var acc{i}_{j} = 0.0;
  let rounds = (end - begin + KB - 1u) / KB;
  for (var round = 0u; round < rounds; round++) {
    let live = at < end;
    let image = select(0u, n, live);
    let top = i32(oy * strideH);
    let left = i32(ox * strideW);
    let here = image * perGrad + oy * outW + ox;
    // @for i TM: grads[term * ROW + loaded + {i}u * 8u] = select(0.0, g[g{i} + here], live);
    // @for j TN: let iy{j} = u32(top + p{j}); let ix{j} = u32(left + q{j}); let in{j} = live && iy{j} < height && ix{j} < width; inputs[term * COLUMN + loaded + {j}u * 8u] = select(0.0, x[image * perImage + plane{j} + min(iy{j}, height - 1u) * width + min(ix{j}, width - 1u)], in{j});
    workgroupBarrier();
    for (var k = 0u; k < KB; k++) {
      // @for i TM: let a{i} = grads[k * ROW + down + {i}u * 8u];
      // @for j TN: let b{j} = inputs[k * COLUMN + across + {j}u * 8u];
      // @for i TM, j TN: acc{i}_{j} = fma(a{i}, b{j}, acc{i}_{j});
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
  // @for i TM, j TN: if (o + down + {i}u * 8u < og && first + across + {j}u * 8u < columns) { weightGrad[(wg.y * params.o + group * og + o + down + {i}u * 8u) * columns + first + across + {j}u * 8u] = acc{i}_{j}; }
}
