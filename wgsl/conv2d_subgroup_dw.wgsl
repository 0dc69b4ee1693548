// Partial gradients of the weights [split, o, c / groups, kh, kw] in registers: a lane owns QW neighbouring taps of one row of
// the kernel and one input channel, for OB x SG output channels. Each g of SG channels is loaded once, one a lane, and broadcast.
// Piece s sums the s-th part of the n * outH rows of g, four outputs `spacing` apart at a time; reduce adds the pieces.
enable subgroups;
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

// One subgroup, so a multiple of SG: larger ones hold the same SG weights several times.
override WG: u32 = 8u;
const SG: u32 = 8u; // @tile
const OB: u32 = 1u; // @tile
const QW: u32 = 3u; // @tile
// Input k of a row's COLS = 3 * KQ + QW lies at k / KQ outputs and k % KQ taps from the first.
const KQ: u32 = 1u; // @tile
const COLS: u32 = 6u; // @tile

fn store(o: u32, at: u32, value: f32, live: bool) {
  if (live && o < params.o / params.groups) {
    dw[at + o * (params.c / params.groups) * params.kh * params.kw] = value;
  }
}

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) wg: vec3u,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) invocation: u32,
) {
  let cg = params.c / params.groups;
  let og = params.o / params.groups;
  let blocks = (og + SG * OB - 1u) / (SG * OB);
  let group = wg.z / blocks;
  let o = wg.z % blocks * (SG * OB);
  let chunks = params.kw / QW;
  let item = wg.x * WG + local;
  let live = item < cg * params.kh * chunks;
  let mine = select(0u, item, live);
  let q = mine % chunks * QW;
  let p = mine / chunks % params.kh;
  let c = mine / (chunks * params.kh);
  let area = params.outH * params.outW;
  let lane = invocation % SG;
  // @for b OB: let g{b} = (group * og + min(o + {b}u * SG + lane, og - 1u)) * area;
  let g0 = (group * og + min(o + 0u * SG + lane, og - 1u)) * area;
  // @end
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
  let off0 = i32((0u / KQ) * spacing * stride + (0u % KQ) * params.dilationW);
  let off1 = i32((1u / KQ) * spacing * stride + (1u % KQ) * params.dilationW);
  let off2 = i32((2u / KQ) * spacing * stride + (2u % KQ) * params.dilationW);
  let off3 = i32((3u / KQ) * spacing * stride + (3u % KQ) * params.dilationW);
  let off4 = i32((4u / KQ) * spacing * stride + (4u % KQ) * params.dilationW);
  let off5 = i32((5u / KQ) * spacing * stride + (5u % KQ) * params.dilationW);
  // @end
  var tiles = 0u;
  for (var phase = 0u; phase < spacing; phase++) {
    tiles += (outW - min(phase, outW) + 4u * spacing - 1u) / (4u * spacing);
  }
  let rows = params.n * params.outH;
  let each = (rows + params.split - 1u) / params.split;
  let begin = min(rows, wg.y * each);
  let end = min(rows, begin + each);
  // @for b OB, i SG, q QW: var acc{b}_{i}_{q} = 0.0;
  var acc0_0_0 = 0.0;
  var acc0_0_1 = 0.0;
  var acc0_0_2 = 0.0;
  var acc0_1_0 = 0.0;
  var acc0_1_1 = 0.0;
  var acc0_1_2 = 0.0;
  var acc0_2_0 = 0.0;
  var acc0_2_1 = 0.0;
  var acc0_2_2 = 0.0;
  var acc0_3_0 = 0.0;
  var acc0_3_1 = 0.0;
  var acc0_3_2 = 0.0;
  var acc0_4_0 = 0.0;
  var acc0_4_1 = 0.0;
  var acc0_4_2 = 0.0;
  var acc0_5_0 = 0.0;
  var acc0_5_1 = 0.0;
  var acc0_5_2 = 0.0;
  var acc0_6_0 = 0.0;
  var acc0_6_1 = 0.0;
  var acc0_6_2 = 0.0;
  var acc0_7_0 = 0.0;
  var acc0_7_1 = 0.0;
  var acc0_7_2 = 0.0;
  // @end
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
    let k0 = u32(left + off0);
    let k1 = u32(left + off1);
    let k2 = u32(left + off2);
    let k3 = u32(left + off3);
    let k4 = u32(left + off4);
    let k5 = u32(left + off5);
    // @end
    var v: array<f32, COLS>;
    // @for k COLS: v[{k}u] = select(0.0, x[plane + min(k{k}, width - 1u)], inside && k{k} < width);
    v[0u] = select(0.0, x[plane + min(k0, width - 1u)], inside && k0 < width);
    v[1u] = select(0.0, x[plane + min(k1, width - 1u)], inside && k1 < width);
    v[2u] = select(0.0, x[plane + min(k2, width - 1u)], inside && k2 < width);
    v[3u] = select(0.0, x[plane + min(k3, width - 1u)], inside && k3 < width);
    v[4u] = select(0.0, x[plane + min(k4, width - 1u)], inside && k4 < width);
    v[5u] = select(0.0, x[plane + min(k5, width - 1u)], inside && k5 < width);
    // @end
    // @for u 4: let x{u} = ox + {u}u * spacing; let at{u} = grads + min(x{u}, outW - 1u);
    let x0 = ox + 0u * spacing; let at0 = grads + min(x0, outW - 1u);
    let x1 = ox + 1u * spacing; let at1 = grads + min(x1, outW - 1u);
    let x2 = ox + 2u * spacing; let at2 = grads + min(x2, outW - 1u);
    let x3 = ox + 3u * spacing; let at3 = grads + min(x3, outW - 1u);
    // @end
    // @for b OB, u 4: let g{u}_{b} = select(0.0, g[g{b} + at{u}], x{u} < outW);
    let g0_0 = select(0.0, g[g0 + at0], x0 < outW);
    let g1_0 = select(0.0, g[g0 + at1], x1 < outW);
    let g2_0 = select(0.0, g[g0 + at2], x2 < outW);
    let g3_0 = select(0.0, g[g0 + at3], x3 < outW);
    // @end
    // @for b OB, i SG, u 4, q QW: acc{b}_{i}_{q} = fma(subgroupBroadcast(g{u}_{b}, {i}u), v[{u}u * KQ + {q}u], acc{b}_{i}_{q});
    acc0_0_0 = fma(subgroupBroadcast(g0_0, 0u), v[0u * KQ + 0u], acc0_0_0);
    acc0_0_1 = fma(subgroupBroadcast(g0_0, 0u), v[0u * KQ + 1u], acc0_0_1);
    acc0_0_2 = fma(subgroupBroadcast(g0_0, 0u), v[0u * KQ + 2u], acc0_0_2);
    acc0_0_0 = fma(subgroupBroadcast(g1_0, 0u), v[1u * KQ + 0u], acc0_0_0);
    acc0_0_1 = fma(subgroupBroadcast(g1_0, 0u), v[1u * KQ + 1u], acc0_0_1);
    acc0_0_2 = fma(subgroupBroadcast(g1_0, 0u), v[1u * KQ + 2u], acc0_0_2);
    acc0_0_0 = fma(subgroupBroadcast(g2_0, 0u), v[2u * KQ + 0u], acc0_0_0);
    acc0_0_1 = fma(subgroupBroadcast(g2_0, 0u), v[2u * KQ + 1u], acc0_0_1);
    acc0_0_2 = fma(subgroupBroadcast(g2_0, 0u), v[2u * KQ + 2u], acc0_0_2);
    acc0_0_0 = fma(subgroupBroadcast(g3_0, 0u), v[3u * KQ + 0u], acc0_0_0);
    acc0_0_1 = fma(subgroupBroadcast(g3_0, 0u), v[3u * KQ + 1u], acc0_0_1);
    acc0_0_2 = fma(subgroupBroadcast(g3_0, 0u), v[3u * KQ + 2u], acc0_0_2);
    acc0_1_0 = fma(subgroupBroadcast(g0_0, 1u), v[0u * KQ + 0u], acc0_1_0);
    acc0_1_1 = fma(subgroupBroadcast(g0_0, 1u), v[0u * KQ + 1u], acc0_1_1);
    acc0_1_2 = fma(subgroupBroadcast(g0_0, 1u), v[0u * KQ + 2u], acc0_1_2);
    acc0_1_0 = fma(subgroupBroadcast(g1_0, 1u), v[1u * KQ + 0u], acc0_1_0);
    acc0_1_1 = fma(subgroupBroadcast(g1_0, 1u), v[1u * KQ + 1u], acc0_1_1);
    acc0_1_2 = fma(subgroupBroadcast(g1_0, 1u), v[1u * KQ + 2u], acc0_1_2);
    acc0_1_0 = fma(subgroupBroadcast(g2_0, 1u), v[2u * KQ + 0u], acc0_1_0);
    acc0_1_1 = fma(subgroupBroadcast(g2_0, 1u), v[2u * KQ + 1u], acc0_1_1);
    acc0_1_2 = fma(subgroupBroadcast(g2_0, 1u), v[2u * KQ + 2u], acc0_1_2);
    acc0_1_0 = fma(subgroupBroadcast(g3_0, 1u), v[3u * KQ + 0u], acc0_1_0);
    acc0_1_1 = fma(subgroupBroadcast(g3_0, 1u), v[3u * KQ + 1u], acc0_1_1);
    acc0_1_2 = fma(subgroupBroadcast(g3_0, 1u), v[3u * KQ + 2u], acc0_1_2);
    acc0_2_0 = fma(subgroupBroadcast(g0_0, 2u), v[0u * KQ + 0u], acc0_2_0);
    acc0_2_1 = fma(subgroupBroadcast(g0_0, 2u), v[0u * KQ + 1u], acc0_2_1);
    acc0_2_2 = fma(subgroupBroadcast(g0_0, 2u), v[0u * KQ + 2u], acc0_2_2);
    acc0_2_0 = fma(subgroupBroadcast(g1_0, 2u), v[1u * KQ + 0u], acc0_2_0);
    acc0_2_1 = fma(subgroupBroadcast(g1_0, 2u), v[1u * KQ + 1u], acc0_2_1);
    acc0_2_2 = fma(subgroupBroadcast(g1_0, 2u), v[1u * KQ + 2u], acc0_2_2);
    acc0_2_0 = fma(subgroupBroadcast(g2_0, 2u), v[2u * KQ + 0u], acc0_2_0);
    acc0_2_1 = fma(subgroupBroadcast(g2_0, 2u), v[2u * KQ + 1u], acc0_2_1);
    acc0_2_2 = fma(subgroupBroadcast(g2_0, 2u), v[2u * KQ + 2u], acc0_2_2);
    acc0_2_0 = fma(subgroupBroadcast(g3_0, 2u), v[3u * KQ + 0u], acc0_2_0);
    acc0_2_1 = fma(subgroupBroadcast(g3_0, 2u), v[3u * KQ + 1u], acc0_2_1);
    acc0_2_2 = fma(subgroupBroadcast(g3_0, 2u), v[3u * KQ + 2u], acc0_2_2);
    acc0_3_0 = fma(subgroupBroadcast(g0_0, 3u), v[0u * KQ + 0u], acc0_3_0);
    acc0_3_1 = fma(subgroupBroadcast(g0_0, 3u), v[0u * KQ + 1u], acc0_3_1);
    acc0_3_2 = fma(subgroupBroadcast(g0_0, 3u), v[0u * KQ + 2u], acc0_3_2);
    acc0_3_0 = fma(subgroupBroadcast(g1_0, 3u), v[1u * KQ + 0u], acc0_3_0);
    acc0_3_1 = fma(subgroupBroadcast(g1_0, 3u), v[1u * KQ + 1u], acc0_3_1);
    acc0_3_2 = fma(subgroupBroadcast(g1_0, 3u), v[1u * KQ + 2u], acc0_3_2);
    acc0_3_0 = fma(subgroupBroadcast(g2_0, 3u), v[2u * KQ + 0u], acc0_3_0);
    acc0_3_1 = fma(subgroupBroadcast(g2_0, 3u), v[2u * KQ + 1u], acc0_3_1);
    acc0_3_2 = fma(subgroupBroadcast(g2_0, 3u), v[2u * KQ + 2u], acc0_3_2);
    acc0_3_0 = fma(subgroupBroadcast(g3_0, 3u), v[3u * KQ + 0u], acc0_3_0);
    acc0_3_1 = fma(subgroupBroadcast(g3_0, 3u), v[3u * KQ + 1u], acc0_3_1);
    acc0_3_2 = fma(subgroupBroadcast(g3_0, 3u), v[3u * KQ + 2u], acc0_3_2);
    acc0_4_0 = fma(subgroupBroadcast(g0_0, 4u), v[0u * KQ + 0u], acc0_4_0);
    acc0_4_1 = fma(subgroupBroadcast(g0_0, 4u), v[0u * KQ + 1u], acc0_4_1);
    acc0_4_2 = fma(subgroupBroadcast(g0_0, 4u), v[0u * KQ + 2u], acc0_4_2);
    acc0_4_0 = fma(subgroupBroadcast(g1_0, 4u), v[1u * KQ + 0u], acc0_4_0);
    acc0_4_1 = fma(subgroupBroadcast(g1_0, 4u), v[1u * KQ + 1u], acc0_4_1);
    acc0_4_2 = fma(subgroupBroadcast(g1_0, 4u), v[1u * KQ + 2u], acc0_4_2);
    acc0_4_0 = fma(subgroupBroadcast(g2_0, 4u), v[2u * KQ + 0u], acc0_4_0);
    acc0_4_1 = fma(subgroupBroadcast(g2_0, 4u), v[2u * KQ + 1u], acc0_4_1);
    acc0_4_2 = fma(subgroupBroadcast(g2_0, 4u), v[2u * KQ + 2u], acc0_4_2);
    acc0_4_0 = fma(subgroupBroadcast(g3_0, 4u), v[3u * KQ + 0u], acc0_4_0);
    acc0_4_1 = fma(subgroupBroadcast(g3_0, 4u), v[3u * KQ + 1u], acc0_4_1);
    acc0_4_2 = fma(subgroupBroadcast(g3_0, 4u), v[3u * KQ + 2u], acc0_4_2);
    acc0_5_0 = fma(subgroupBroadcast(g0_0, 5u), v[0u * KQ + 0u], acc0_5_0);
    acc0_5_1 = fma(subgroupBroadcast(g0_0, 5u), v[0u * KQ + 1u], acc0_5_1);
    acc0_5_2 = fma(subgroupBroadcast(g0_0, 5u), v[0u * KQ + 2u], acc0_5_2);
    acc0_5_0 = fma(subgroupBroadcast(g1_0, 5u), v[1u * KQ + 0u], acc0_5_0);
    acc0_5_1 = fma(subgroupBroadcast(g1_0, 5u), v[1u * KQ + 1u], acc0_5_1);
    acc0_5_2 = fma(subgroupBroadcast(g1_0, 5u), v[1u * KQ + 2u], acc0_5_2);
    acc0_5_0 = fma(subgroupBroadcast(g2_0, 5u), v[2u * KQ + 0u], acc0_5_0);
    acc0_5_1 = fma(subgroupBroadcast(g2_0, 5u), v[2u * KQ + 1u], acc0_5_1);
    acc0_5_2 = fma(subgroupBroadcast(g2_0, 5u), v[2u * KQ + 2u], acc0_5_2);
    acc0_5_0 = fma(subgroupBroadcast(g3_0, 5u), v[3u * KQ + 0u], acc0_5_0);
    acc0_5_1 = fma(subgroupBroadcast(g3_0, 5u), v[3u * KQ + 1u], acc0_5_1);
    acc0_5_2 = fma(subgroupBroadcast(g3_0, 5u), v[3u * KQ + 2u], acc0_5_2);
    acc0_6_0 = fma(subgroupBroadcast(g0_0, 6u), v[0u * KQ + 0u], acc0_6_0);
    acc0_6_1 = fma(subgroupBroadcast(g0_0, 6u), v[0u * KQ + 1u], acc0_6_1);
    acc0_6_2 = fma(subgroupBroadcast(g0_0, 6u), v[0u * KQ + 2u], acc0_6_2);
    acc0_6_0 = fma(subgroupBroadcast(g1_0, 6u), v[1u * KQ + 0u], acc0_6_0);
    acc0_6_1 = fma(subgroupBroadcast(g1_0, 6u), v[1u * KQ + 1u], acc0_6_1);
    acc0_6_2 = fma(subgroupBroadcast(g1_0, 6u), v[1u * KQ + 2u], acc0_6_2);
    acc0_6_0 = fma(subgroupBroadcast(g2_0, 6u), v[2u * KQ + 0u], acc0_6_0);
    acc0_6_1 = fma(subgroupBroadcast(g2_0, 6u), v[2u * KQ + 1u], acc0_6_1);
    acc0_6_2 = fma(subgroupBroadcast(g2_0, 6u), v[2u * KQ + 2u], acc0_6_2);
    acc0_6_0 = fma(subgroupBroadcast(g3_0, 6u), v[3u * KQ + 0u], acc0_6_0);
    acc0_6_1 = fma(subgroupBroadcast(g3_0, 6u), v[3u * KQ + 1u], acc0_6_1);
    acc0_6_2 = fma(subgroupBroadcast(g3_0, 6u), v[3u * KQ + 2u], acc0_6_2);
    acc0_7_0 = fma(subgroupBroadcast(g0_0, 7u), v[0u * KQ + 0u], acc0_7_0);
    acc0_7_1 = fma(subgroupBroadcast(g0_0, 7u), v[0u * KQ + 1u], acc0_7_1);
    acc0_7_2 = fma(subgroupBroadcast(g0_0, 7u), v[0u * KQ + 2u], acc0_7_2);
    acc0_7_0 = fma(subgroupBroadcast(g1_0, 7u), v[1u * KQ + 0u], acc0_7_0);
    acc0_7_1 = fma(subgroupBroadcast(g1_0, 7u), v[1u * KQ + 1u], acc0_7_1);
    acc0_7_2 = fma(subgroupBroadcast(g1_0, 7u), v[1u * KQ + 2u], acc0_7_2);
    acc0_7_0 = fma(subgroupBroadcast(g2_0, 7u), v[2u * KQ + 0u], acc0_7_0);
    acc0_7_1 = fma(subgroupBroadcast(g2_0, 7u), v[2u * KQ + 1u], acc0_7_1);
    acc0_7_2 = fma(subgroupBroadcast(g2_0, 7u), v[2u * KQ + 2u], acc0_7_2);
    acc0_7_0 = fma(subgroupBroadcast(g3_0, 7u), v[3u * KQ + 0u], acc0_7_0);
    acc0_7_1 = fma(subgroupBroadcast(g3_0, 7u), v[3u * KQ + 1u], acc0_7_1);
    acc0_7_2 = fma(subgroupBroadcast(g3_0, 7u), v[3u * KQ + 2u], acc0_7_2);
    // @end
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
  // @for b OB, i SG, q QW: store(o + {b}u * SG + {i}u, at + {q}u, acc{b}_{i}_{q}, live);
  store(o + 0u * SG + 0u, at + 0u, acc0_0_0, live);
  store(o + 0u * SG + 0u, at + 1u, acc0_0_1, live);
  store(o + 0u * SG + 0u, at + 2u, acc0_0_2, live);
  store(o + 0u * SG + 1u, at + 0u, acc0_1_0, live);
  store(o + 0u * SG + 1u, at + 1u, acc0_1_1, live);
  store(o + 0u * SG + 1u, at + 2u, acc0_1_2, live);
  store(o + 0u * SG + 2u, at + 0u, acc0_2_0, live);
  store(o + 0u * SG + 2u, at + 1u, acc0_2_1, live);
  store(o + 0u * SG + 2u, at + 2u, acc0_2_2, live);
  store(o + 0u * SG + 3u, at + 0u, acc0_3_0, live);
  store(o + 0u * SG + 3u, at + 1u, acc0_3_1, live);
  store(o + 0u * SG + 3u, at + 2u, acc0_3_2, live);
  store(o + 0u * SG + 4u, at + 0u, acc0_4_0, live);
  store(o + 0u * SG + 4u, at + 1u, acc0_4_1, live);
  store(o + 0u * SG + 4u, at + 2u, acc0_4_2, live);
  store(o + 0u * SG + 5u, at + 0u, acc0_5_0, live);
  store(o + 0u * SG + 5u, at + 1u, acc0_5_1, live);
  store(o + 0u * SG + 5u, at + 2u, acc0_5_2, live);
  store(o + 0u * SG + 6u, at + 0u, acc0_6_0, live);
  store(o + 0u * SG + 6u, at + 1u, acc0_6_1, live);
  store(o + 0u * SG + 6u, at + 2u, acc0_6_2, live);
  store(o + 0u * SG + 7u, at + 0u, acc0_7_0, live);
  store(o + 0u * SG + 7u, at + 1u, acc0_7_1, live);
  store(o + 0u * SG + 7u, at + 2u, acc0_7_2, live);
  // @end
}
