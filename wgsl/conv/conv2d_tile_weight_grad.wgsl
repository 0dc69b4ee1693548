// Partial gradients of the weights [split, o, c / groups, kh, kw] without subgroups: a lane owns QW neighboring taps of one row
// of the kernel and one input channel, for TO output channels. Piece s sums the s-th part of the n * outH rows of g, four
// outputs `spacing` apart at a time; reduce adds the pieces.
import package::lib::conv2d_params::Params;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> weightGrad: array<f32>;

const TO: u32 = 4u; // @tile
const QW: u32 = 3u; // @tile
// Input k of a row's COLS = 3 * KQ + QW lies at k / KQ outputs and k % KQ taps from the first.
const KQ: u32 = 1u; // @tile
const COLS: u32 = 6u; // @tile

fn store(o: u32, at: u32, value: f32, live: bool) {
  if (live && o < params.o / params.groups) {
    weightGrad[at + o * (params.c / params.groups) * params.kh * params.kw] = value;
  }
}

@compute @workgroup_size(32)
fn main(
  @builtin(workgroup_id) wg: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let cg = params.c / params.groups;
  let og = params.o / params.groups;
  let blocks = (og + TO - 1u) / (TO);
  let group = wg.z / blocks;
  let o = wg.z % blocks * (TO);
  let chunks = params.kw / QW;
  let item = wg.x * 32u + local;
  let live = item < cg * params.kh * chunks;
  let mine = select(0u, item, live);
  let q = mine % chunks * QW;
  let p = mine / chunks % params.kh;
  let c = mine / (chunks * params.kh);
  let area = params.outH * params.outW;
  // @for i TO: let g{i} = (group * og + min(o + {i}u, og - 1u)) * area;
  // Uniforms are read here, as a compiler may not move the reads out of the loops.
  let spacing = params.spacing;
  let stride = params.strideW;
  let width = params.w;
  let strideH = params.strideH;
  let height = params.h;
  let outH = params.outH;
  let outW = params.outW;
  let image = params.c * params.h * params.w;
  let gradients = params.o * area;
  let channel = (group * cg + c) * params.h * params.w;
  let top = i32(p * params.dilationH) - i32(params.padTop);
  let first = i32(q * params.dilationW) - i32(params.padLeft);
  // @for k COLS: let off{k} = i32(({k}u / KQ) * spacing * stride + ({k}u % KQ) * params.dilationW);
  var tiles = 0u;
  for (var phase = 0u; phase < spacing; phase++) {
    tiles += (outW - min(phase, outW) + 4u * spacing - 1u) / (4u * spacing);
  }
  let rows = params.n * params.outH;
  let each = (rows + params.split - 1u) / params.split;
  let begin = min(rows, wg.y * each);
  let end = min(rows, begin + each);
  // @for i TO, q QW: var acc{i}_{q} = 0.0;
  // One loop, as each level of a nest would copy every sum; counters instead of divisions, which cost as much as several loads.
  var n = begin / params.outH;
  var oy = begin % params.outH;
  var phase = 0u;
  var ox = 0u;
  let steps = (end - begin) * tiles;
  for (var step = 0u; step < steps; step++) {
    let iy = u32(i32(oy * strideH) + top);
    let inside = iy < height;
    let plane = n * image + channel + min(iy, height - 1u) * width;
    let grads = n * gradients + oy * outW;
    let left = first + i32(ox * stride);
    // @for k COLS: let k{k} = u32(left + off{k});
    var v: array<f32, COLS>;
    // @for k COLS: v[{k}u] = select(0.0, x[plane + min(k{k}, width - 1u)], inside && k{k} < width);
    // @for u 4: let x{u} = ox + {u}u * spacing; let at{u} = grads + min(x{u}, outW - 1u);
    // @for i TO, u 4: let g{u}_{i} = select(0.0, g[g{i} + at{u}], x{u} < outW);
    // @for i TO, u 4, q QW: acc{i}_{q} = fma(g{u}_{i}, v[{u}u * KQ + {q}u], acc{i}_{q});
    ox += 4u * spacing;
    let over = ox >= outW;
    phase += select(0u, 1u, over);
    let down = phase == spacing;
    phase = select(phase, 0u, down);
    ox = select(ox, phase, over);
    oy += select(0u, 1u, down);
    let next = oy == outH;
    oy = select(oy, 0u, next);
    n += select(0u, 1u, next);
  }
  let at = wg.y * params.o * cg * params.kh * params.kw + ((group * og * cg + c) * params.kh + p) * params.kw + q;
  // @for i TO, q QW: store(o + {i}u, at + {q}u, acc{i}_{q}, live);
}
