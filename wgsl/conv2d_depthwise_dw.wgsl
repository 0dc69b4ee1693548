// Partial gradients of depthwise weights [split, o, kh, kw], without dilation: a lane owns all taps of one output channel and
// every split-th tile of g; reduce adds the pieces.
// @include lib/conv2d_depthwise.wgsl
// A convolution whose groups have one input channel, as a lane sees it: out[n, o, y, x] = bias[o] + sum over j < inPer, p, q of
//   in[n, o / outPer * inPer + j, y * S + top + p, x * S + left + q] * weight[o * inPer + j, p, q],
// the kernel turned round where FLIP is 1. A lane owns a tile of TY x TX outputs of one plane and loads the ROWS x COLS inputs
// that they meet once.
struct Params {
  items: u32,
  tilesX: u32,
  tilesY: u32,
  hasBias: u32,
  inC: u32,
  inH: u32,
  inW: u32,
  outC: u32,
  outH: u32,
  outW: u32,
  inPer: u32,
  outPer: u32,
  top: i32,
  left: i32,
  split: u32,
}
// @end
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> dw: array<f32>;

const KH: u32 = 3u; // @tile
const KW: u32 = 3u; // @tile
const S: u32 = 1u; // @tile
const TY: u32 = 4u; // @tile
const TX: u32 = 4u; // @tile
const ROWS: u32 = 6u; // @tile
const COLS: u32 = 6u; // @tile

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let item = id.y * grid.x * 64u + id.x;
  if (item >= params.outC * params.split) {
    return;
  }
  // Neighbours take neighbouring tiles: lanes a plane apart would share one place of a cache.
  let o = item / params.split;
  let piece = item % params.split;
  let tiles = params.items / params.outC; // of one channel over the batch
  let height = params.inH;
  let width = params.inW;
  let outH = params.outH;
  let outW = params.outW;
  let tilesX = params.tilesX;
  let tilesY = params.tilesY;
  let channel = o / params.outPer;
  var acc: array<f32, KH * KW>;
  for (var tile = piece; tile < tiles; tile += params.split) {
    let ox = tile % tilesX * TX;
    let row = tile / tilesX;
    let oy = row % tilesY * TY;
    let n = row / tilesY;
    let top = i32(oy * S) + params.top;
    let left = i32(ox * S) + params.left;
    let base = (n * params.inC + channel) * height;
    let out = (n * params.outC + o) * outH;
    // @for k COLS: let k{k} = u32(left + {k});
    let k0 = u32(left + 0);
    let k1 = u32(left + 1);
    let k2 = u32(left + 2);
    let k3 = u32(left + 3);
    let k4 = u32(left + 4);
    let k5 = u32(left + 5);
    // @end
    // @for k COLS: let at{k} = min(k{k}, width - 1u);
    let at0 = min(k0, width - 1u);
    let at1 = min(k1, width - 1u);
    let at2 = min(k2, width - 1u);
    let at3 = min(k3, width - 1u);
    let at4 = min(k4, width - 1u);
    let at5 = min(k5, width - 1u);
    // @end
    // @for r ROWS: let r{r} = u32(top + {r}); let line{r} = (base + min(r{r}, height - 1u)) * width;
    let r0 = u32(top + 0); let line0 = (base + min(r0, height - 1u)) * width;
    let r1 = u32(top + 1); let line1 = (base + min(r1, height - 1u)) * width;
    let r2 = u32(top + 2); let line2 = (base + min(r2, height - 1u)) * width;
    let r3 = u32(top + 3); let line3 = (base + min(r3, height - 1u)) * width;
    let r4 = u32(top + 4); let line4 = (base + min(r4, height - 1u)) * width;
    let r5 = u32(top + 5); let line5 = (base + min(r5, height - 1u)) * width;
    // @end
    var v: array<f32, ROWS * COLS>;
    // @for r ROWS, k COLS: v[{r}u * COLS + {k}u] = select(0.0, x[line{r} + at{k}], r{r} < height && k{k} < width);
    v[0u * COLS + 0u] = select(0.0, x[line0 + at0], r0 < height && k0 < width);
    v[0u * COLS + 1u] = select(0.0, x[line0 + at1], r0 < height && k1 < width);
    v[0u * COLS + 2u] = select(0.0, x[line0 + at2], r0 < height && k2 < width);
    v[0u * COLS + 3u] = select(0.0, x[line0 + at3], r0 < height && k3 < width);
    v[0u * COLS + 4u] = select(0.0, x[line0 + at4], r0 < height && k4 < width);
    v[0u * COLS + 5u] = select(0.0, x[line0 + at5], r0 < height && k5 < width);
    v[1u * COLS + 0u] = select(0.0, x[line1 + at0], r1 < height && k0 < width);
    v[1u * COLS + 1u] = select(0.0, x[line1 + at1], r1 < height && k1 < width);
    v[1u * COLS + 2u] = select(0.0, x[line1 + at2], r1 < height && k2 < width);
    v[1u * COLS + 3u] = select(0.0, x[line1 + at3], r1 < height && k3 < width);
    v[1u * COLS + 4u] = select(0.0, x[line1 + at4], r1 < height && k4 < width);
    v[1u * COLS + 5u] = select(0.0, x[line1 + at5], r1 < height && k5 < width);
    v[2u * COLS + 0u] = select(0.0, x[line2 + at0], r2 < height && k0 < width);
    v[2u * COLS + 1u] = select(0.0, x[line2 + at1], r2 < height && k1 < width);
    v[2u * COLS + 2u] = select(0.0, x[line2 + at2], r2 < height && k2 < width);
    v[2u * COLS + 3u] = select(0.0, x[line2 + at3], r2 < height && k3 < width);
    v[2u * COLS + 4u] = select(0.0, x[line2 + at4], r2 < height && k4 < width);
    v[2u * COLS + 5u] = select(0.0, x[line2 + at5], r2 < height && k5 < width);
    v[3u * COLS + 0u] = select(0.0, x[line3 + at0], r3 < height && k0 < width);
    v[3u * COLS + 1u] = select(0.0, x[line3 + at1], r3 < height && k1 < width);
    v[3u * COLS + 2u] = select(0.0, x[line3 + at2], r3 < height && k2 < width);
    v[3u * COLS + 3u] = select(0.0, x[line3 + at3], r3 < height && k3 < width);
    v[3u * COLS + 4u] = select(0.0, x[line3 + at4], r3 < height && k4 < width);
    v[3u * COLS + 5u] = select(0.0, x[line3 + at5], r3 < height && k5 < width);
    v[4u * COLS + 0u] = select(0.0, x[line4 + at0], r4 < height && k0 < width);
    v[4u * COLS + 1u] = select(0.0, x[line4 + at1], r4 < height && k1 < width);
    v[4u * COLS + 2u] = select(0.0, x[line4 + at2], r4 < height && k2 < width);
    v[4u * COLS + 3u] = select(0.0, x[line4 + at3], r4 < height && k3 < width);
    v[4u * COLS + 4u] = select(0.0, x[line4 + at4], r4 < height && k4 < width);
    v[4u * COLS + 5u] = select(0.0, x[line4 + at5], r4 < height && k5 < width);
    v[5u * COLS + 0u] = select(0.0, x[line5 + at0], r5 < height && k0 < width);
    v[5u * COLS + 1u] = select(0.0, x[line5 + at1], r5 < height && k1 < width);
    v[5u * COLS + 2u] = select(0.0, x[line5 + at2], r5 < height && k2 < width);
    v[5u * COLS + 3u] = select(0.0, x[line5 + at3], r5 < height && k3 < width);
    v[5u * COLS + 4u] = select(0.0, x[line5 + at4], r5 < height && k4 < width);
    v[5u * COLS + 5u] = select(0.0, x[line5 + at5], r5 < height && k5 < width);
    // @end
    // @for a TY: let g{a} = (out + min(oy + {a}u, outH - 1u)) * outW;
    let g0 = (out + min(oy + 0u, outH - 1u)) * outW;
    let g1 = (out + min(oy + 1u, outH - 1u)) * outW;
    let g2 = (out + min(oy + 2u, outH - 1u)) * outW;
    let g3 = (out + min(oy + 3u, outH - 1u)) * outW;
    // @end
    // @for a TY, b TX: let g{a}_{b} = select(0.0, g[g{a} + min(ox + {b}u, outW - 1u)], oy + {a}u < outH && ox + {b}u < outW);
    let g0_0 = select(0.0, g[g0 + min(ox + 0u, outW - 1u)], oy + 0u < outH && ox + 0u < outW);
    let g0_1 = select(0.0, g[g0 + min(ox + 1u, outW - 1u)], oy + 0u < outH && ox + 1u < outW);
    let g0_2 = select(0.0, g[g0 + min(ox + 2u, outW - 1u)], oy + 0u < outH && ox + 2u < outW);
    let g0_3 = select(0.0, g[g0 + min(ox + 3u, outW - 1u)], oy + 0u < outH && ox + 3u < outW);
    let g1_0 = select(0.0, g[g1 + min(ox + 0u, outW - 1u)], oy + 1u < outH && ox + 0u < outW);
    let g1_1 = select(0.0, g[g1 + min(ox + 1u, outW - 1u)], oy + 1u < outH && ox + 1u < outW);
    let g1_2 = select(0.0, g[g1 + min(ox + 2u, outW - 1u)], oy + 1u < outH && ox + 2u < outW);
    let g1_3 = select(0.0, g[g1 + min(ox + 3u, outW - 1u)], oy + 1u < outH && ox + 3u < outW);
    let g2_0 = select(0.0, g[g2 + min(ox + 0u, outW - 1u)], oy + 2u < outH && ox + 0u < outW);
    let g2_1 = select(0.0, g[g2 + min(ox + 1u, outW - 1u)], oy + 2u < outH && ox + 1u < outW);
    let g2_2 = select(0.0, g[g2 + min(ox + 2u, outW - 1u)], oy + 2u < outH && ox + 2u < outW);
    let g2_3 = select(0.0, g[g2 + min(ox + 3u, outW - 1u)], oy + 2u < outH && ox + 3u < outW);
    let g3_0 = select(0.0, g[g3 + min(ox + 0u, outW - 1u)], oy + 3u < outH && ox + 0u < outW);
    let g3_1 = select(0.0, g[g3 + min(ox + 1u, outW - 1u)], oy + 3u < outH && ox + 1u < outW);
    let g3_2 = select(0.0, g[g3 + min(ox + 2u, outW - 1u)], oy + 3u < outH && ox + 2u < outW);
    let g3_3 = select(0.0, g[g3 + min(ox + 3u, outW - 1u)], oy + 3u < outH && ox + 3u < outW);
    // @end
    // @for a TY, b TX, p KH, q KW: acc[{p}u * KW + {q}u] = fma(g{a}_{b}, v[({a}u * S + {p}u) * COLS + {b}u * S + {q}u], acc[{p}u * KW + {q}u]);
    acc[0u * KW + 0u] = fma(g0_0, v[(0u * S + 0u) * COLS + 0u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g0_0, v[(0u * S + 0u) * COLS + 0u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g0_0, v[(0u * S + 0u) * COLS + 0u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g0_0, v[(0u * S + 1u) * COLS + 0u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g0_0, v[(0u * S + 1u) * COLS + 0u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g0_0, v[(0u * S + 1u) * COLS + 0u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g0_0, v[(0u * S + 2u) * COLS + 0u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g0_0, v[(0u * S + 2u) * COLS + 0u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g0_0, v[(0u * S + 2u) * COLS + 0u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g0_1, v[(0u * S + 0u) * COLS + 1u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g0_1, v[(0u * S + 0u) * COLS + 1u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g0_1, v[(0u * S + 0u) * COLS + 1u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g0_1, v[(0u * S + 1u) * COLS + 1u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g0_1, v[(0u * S + 1u) * COLS + 1u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g0_1, v[(0u * S + 1u) * COLS + 1u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g0_1, v[(0u * S + 2u) * COLS + 1u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g0_1, v[(0u * S + 2u) * COLS + 1u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g0_1, v[(0u * S + 2u) * COLS + 1u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g0_2, v[(0u * S + 0u) * COLS + 2u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g0_2, v[(0u * S + 0u) * COLS + 2u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g0_2, v[(0u * S + 0u) * COLS + 2u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g0_2, v[(0u * S + 1u) * COLS + 2u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g0_2, v[(0u * S + 1u) * COLS + 2u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g0_2, v[(0u * S + 1u) * COLS + 2u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g0_2, v[(0u * S + 2u) * COLS + 2u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g0_2, v[(0u * S + 2u) * COLS + 2u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g0_2, v[(0u * S + 2u) * COLS + 2u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g0_3, v[(0u * S + 0u) * COLS + 3u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g0_3, v[(0u * S + 0u) * COLS + 3u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g0_3, v[(0u * S + 0u) * COLS + 3u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g0_3, v[(0u * S + 1u) * COLS + 3u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g0_3, v[(0u * S + 1u) * COLS + 3u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g0_3, v[(0u * S + 1u) * COLS + 3u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g0_3, v[(0u * S + 2u) * COLS + 3u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g0_3, v[(0u * S + 2u) * COLS + 3u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g0_3, v[(0u * S + 2u) * COLS + 3u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g1_0, v[(1u * S + 0u) * COLS + 0u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g1_0, v[(1u * S + 0u) * COLS + 0u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g1_0, v[(1u * S + 0u) * COLS + 0u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g1_0, v[(1u * S + 1u) * COLS + 0u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g1_0, v[(1u * S + 1u) * COLS + 0u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g1_0, v[(1u * S + 1u) * COLS + 0u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g1_0, v[(1u * S + 2u) * COLS + 0u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g1_0, v[(1u * S + 2u) * COLS + 0u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g1_0, v[(1u * S + 2u) * COLS + 0u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g1_1, v[(1u * S + 0u) * COLS + 1u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g1_1, v[(1u * S + 0u) * COLS + 1u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g1_1, v[(1u * S + 0u) * COLS + 1u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g1_1, v[(1u * S + 1u) * COLS + 1u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g1_1, v[(1u * S + 1u) * COLS + 1u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g1_1, v[(1u * S + 1u) * COLS + 1u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g1_1, v[(1u * S + 2u) * COLS + 1u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g1_1, v[(1u * S + 2u) * COLS + 1u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g1_1, v[(1u * S + 2u) * COLS + 1u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g1_2, v[(1u * S + 0u) * COLS + 2u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g1_2, v[(1u * S + 0u) * COLS + 2u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g1_2, v[(1u * S + 0u) * COLS + 2u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g1_2, v[(1u * S + 1u) * COLS + 2u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g1_2, v[(1u * S + 1u) * COLS + 2u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g1_2, v[(1u * S + 1u) * COLS + 2u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g1_2, v[(1u * S + 2u) * COLS + 2u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g1_2, v[(1u * S + 2u) * COLS + 2u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g1_2, v[(1u * S + 2u) * COLS + 2u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g1_3, v[(1u * S + 0u) * COLS + 3u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g1_3, v[(1u * S + 0u) * COLS + 3u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g1_3, v[(1u * S + 0u) * COLS + 3u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g1_3, v[(1u * S + 1u) * COLS + 3u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g1_3, v[(1u * S + 1u) * COLS + 3u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g1_3, v[(1u * S + 1u) * COLS + 3u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g1_3, v[(1u * S + 2u) * COLS + 3u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g1_3, v[(1u * S + 2u) * COLS + 3u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g1_3, v[(1u * S + 2u) * COLS + 3u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g2_0, v[(2u * S + 0u) * COLS + 0u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g2_0, v[(2u * S + 0u) * COLS + 0u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g2_0, v[(2u * S + 0u) * COLS + 0u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g2_0, v[(2u * S + 1u) * COLS + 0u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g2_0, v[(2u * S + 1u) * COLS + 0u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g2_0, v[(2u * S + 1u) * COLS + 0u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g2_0, v[(2u * S + 2u) * COLS + 0u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g2_0, v[(2u * S + 2u) * COLS + 0u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g2_0, v[(2u * S + 2u) * COLS + 0u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g2_1, v[(2u * S + 0u) * COLS + 1u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g2_1, v[(2u * S + 0u) * COLS + 1u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g2_1, v[(2u * S + 0u) * COLS + 1u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g2_1, v[(2u * S + 1u) * COLS + 1u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g2_1, v[(2u * S + 1u) * COLS + 1u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g2_1, v[(2u * S + 1u) * COLS + 1u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g2_1, v[(2u * S + 2u) * COLS + 1u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g2_1, v[(2u * S + 2u) * COLS + 1u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g2_1, v[(2u * S + 2u) * COLS + 1u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g2_2, v[(2u * S + 0u) * COLS + 2u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g2_2, v[(2u * S + 0u) * COLS + 2u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g2_2, v[(2u * S + 0u) * COLS + 2u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g2_2, v[(2u * S + 1u) * COLS + 2u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g2_2, v[(2u * S + 1u) * COLS + 2u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g2_2, v[(2u * S + 1u) * COLS + 2u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g2_2, v[(2u * S + 2u) * COLS + 2u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g2_2, v[(2u * S + 2u) * COLS + 2u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g2_2, v[(2u * S + 2u) * COLS + 2u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g2_3, v[(2u * S + 0u) * COLS + 3u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g2_3, v[(2u * S + 0u) * COLS + 3u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g2_3, v[(2u * S + 0u) * COLS + 3u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g2_3, v[(2u * S + 1u) * COLS + 3u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g2_3, v[(2u * S + 1u) * COLS + 3u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g2_3, v[(2u * S + 1u) * COLS + 3u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g2_3, v[(2u * S + 2u) * COLS + 3u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g2_3, v[(2u * S + 2u) * COLS + 3u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g2_3, v[(2u * S + 2u) * COLS + 3u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g3_0, v[(3u * S + 0u) * COLS + 0u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g3_0, v[(3u * S + 0u) * COLS + 0u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g3_0, v[(3u * S + 0u) * COLS + 0u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g3_0, v[(3u * S + 1u) * COLS + 0u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g3_0, v[(3u * S + 1u) * COLS + 0u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g3_0, v[(3u * S + 1u) * COLS + 0u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g3_0, v[(3u * S + 2u) * COLS + 0u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g3_0, v[(3u * S + 2u) * COLS + 0u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g3_0, v[(3u * S + 2u) * COLS + 0u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g3_1, v[(3u * S + 0u) * COLS + 1u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g3_1, v[(3u * S + 0u) * COLS + 1u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g3_1, v[(3u * S + 0u) * COLS + 1u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g3_1, v[(3u * S + 1u) * COLS + 1u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g3_1, v[(3u * S + 1u) * COLS + 1u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g3_1, v[(3u * S + 1u) * COLS + 1u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g3_1, v[(3u * S + 2u) * COLS + 1u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g3_1, v[(3u * S + 2u) * COLS + 1u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g3_1, v[(3u * S + 2u) * COLS + 1u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g3_2, v[(3u * S + 0u) * COLS + 2u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g3_2, v[(3u * S + 0u) * COLS + 2u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g3_2, v[(3u * S + 0u) * COLS + 2u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g3_2, v[(3u * S + 1u) * COLS + 2u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g3_2, v[(3u * S + 1u) * COLS + 2u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g3_2, v[(3u * S + 1u) * COLS + 2u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g3_2, v[(3u * S + 2u) * COLS + 2u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g3_2, v[(3u * S + 2u) * COLS + 2u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g3_2, v[(3u * S + 2u) * COLS + 2u * S + 2u], acc[2u * KW + 2u]);
    acc[0u * KW + 0u] = fma(g3_3, v[(3u * S + 0u) * COLS + 3u * S + 0u], acc[0u * KW + 0u]);
    acc[0u * KW + 1u] = fma(g3_3, v[(3u * S + 0u) * COLS + 3u * S + 1u], acc[0u * KW + 1u]);
    acc[0u * KW + 2u] = fma(g3_3, v[(3u * S + 0u) * COLS + 3u * S + 2u], acc[0u * KW + 2u]);
    acc[1u * KW + 0u] = fma(g3_3, v[(3u * S + 1u) * COLS + 3u * S + 0u], acc[1u * KW + 0u]);
    acc[1u * KW + 1u] = fma(g3_3, v[(3u * S + 1u) * COLS + 3u * S + 1u], acc[1u * KW + 1u]);
    acc[1u * KW + 2u] = fma(g3_3, v[(3u * S + 1u) * COLS + 3u * S + 2u], acc[1u * KW + 2u]);
    acc[2u * KW + 0u] = fma(g3_3, v[(3u * S + 2u) * COLS + 3u * S + 0u], acc[2u * KW + 0u]);
    acc[2u * KW + 1u] = fma(g3_3, v[(3u * S + 2u) * COLS + 3u * S + 1u], acc[2u * KW + 1u]);
    acc[2u * KW + 2u] = fma(g3_3, v[(3u * S + 2u) * COLS + 3u * S + 2u], acc[2u * KW + 2u]);
    // @end
  }
  let at = (piece * params.outC + o) * KH * KW;
  // @for p KH, q KW: dw[at + {p}u * KW + {q}u] = acc[{p}u * KW + {q}u];
  dw[at + 0u * KW + 0u] = acc[0u * KW + 0u];
  dw[at + 0u * KW + 1u] = acc[0u * KW + 1u];
  dw[at + 0u * KW + 2u] = acc[0u * KW + 2u];
  dw[at + 1u * KW + 0u] = acc[1u * KW + 0u];
  dw[at + 1u * KW + 1u] = acc[1u * KW + 1u];
  dw[at + 1u * KW + 2u] = acc[1u * KW + 2u];
  dw[at + 2u * KW + 0u] = acc[2u * KW + 0u];
  dw[at + 2u * KW + 1u] = acc[2u * KW + 1u];
  dw[at + 2u * KW + 2u] = acc[2u * KW + 2u];
  // @end
}
