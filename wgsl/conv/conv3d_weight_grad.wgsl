// Partial gradients of the weights of a conv3d, [split, o, c / groups, kd, kh, kw]: an invocation owns one tap of TC input
// channels, for TO output channels. Piece s sums the s-th part of the n * outD * outH rows of g, in order.
import package::lib::conv3d_params::Params;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> weightGrad: array<f32>;

const TO: u32 = 4u; // @tile
const TC: u32 = 4u; // @tile

fn store(o: u32, c: u32, at: u32, value: f32) {
  let cg = params.c / params.groups;
  if (o < params.o / params.groups && c < cg) {
    weightGrad[at + (o * cg + c) * params.kd * params.kh * params.kw] = value;
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
  // @for k TC: let c{k} = (group * cg + min(c + {k}u, cg - 1u)) * volume;
  // @for i TO, k TC: var acc{i}_{k} = 0.0;
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
      // @for i TO: let v{i} = g[g{i} + grad];
      // @for i TO, k TC: acc{i}_{k} = fma(v{i}, x{k}, acc{i}_{k});
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
}
