// Depthwise convolution in registers, without dilation: the forward pass, and the gradient of the input where the stride is 1.
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
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

override FLIP: u32 = 0u;
const KH: u32 = 3u; // @tile
const KW: u32 = 3u; // @tile
const S: u32 = 1u; // @tile
// inPer; a constant, so that the loop over one input is none.
const PER: u32 = 1u; // @tile
const TY: u32 = 4u; // @tile
const TX: u32 = 4u; // @tile
const ROWS: u32 = 6u; // @tile
const COLS: u32 = 6u; // @tile

// What the convolution is followed by.
fn act(a: f32) -> f32 {
  return a; // @expr act
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  // No early return, no runtime loop and no condition on a store: under any of them software adapters ask for each load and store
  // which invocations take part. Those beyond the last repeat it.
  let item = min(id.y * grid.x * 64u + id.x, params.items - 1u);
  let ox = item % params.tilesX * TX;
  let row = item / params.tilesX;
  let oy = row % params.tilesY * TY;
  let plane = row / params.tilesY;
  let o = plane % params.outC;
  let n = plane / params.outC;
  let height = params.inH;
  let width = params.inW;
  let top = i32(oy * S) + params.top;
  let left = i32(ox * S) + params.left;
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
  var acc: array<f32, TY * TX>;
  if (params.hasBias == 1u) {
    let first = bias[o];
    // @for a TY, b TX: acc[{a}u * TX + {b}u] = first;
    acc[0u * TX + 0u] = first;
    acc[0u * TX + 1u] = first;
    acc[0u * TX + 2u] = first;
    acc[0u * TX + 3u] = first;
    acc[1u * TX + 0u] = first;
    acc[1u * TX + 1u] = first;
    acc[1u * TX + 2u] = first;
    acc[1u * TX + 3u] = first;
    acc[2u * TX + 0u] = first;
    acc[2u * TX + 1u] = first;
    acc[2u * TX + 2u] = first;
    acc[2u * TX + 3u] = first;
    acc[3u * TX + 0u] = first;
    acc[3u * TX + 1u] = first;
    acc[3u * TX + 2u] = first;
    acc[3u * TX + 3u] = first;
    // @end
  }
  for (var j = 0u; j < PER; j++) {
    let channel = o / params.outPer * PER + j;
    let base = (n * params.inC + channel) * height;
    let taps = (o * PER + j) * KH * KW;
    var v: array<f32, ROWS * COLS>;
    // @for r ROWS: let r{r} = u32(top + {r}); let line{r} = (base + min(r{r}, height - 1u)) * width;
    let r0 = u32(top + 0); let line0 = (base + min(r0, height - 1u)) * width;
    let r1 = u32(top + 1); let line1 = (base + min(r1, height - 1u)) * width;
    let r2 = u32(top + 2); let line2 = (base + min(r2, height - 1u)) * width;
    let r3 = u32(top + 3); let line3 = (base + min(r3, height - 1u)) * width;
    let r4 = u32(top + 4); let line4 = (base + min(r4, height - 1u)) * width;
    let r5 = u32(top + 5); let line5 = (base + min(r5, height - 1u)) * width;
    // @end
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
    // @for p KH, q KW: let w{p}_{q} = weight[taps + select({p}u * KW + {q}u, (KH - 1u - {p}u) * KW + KW - 1u - {q}u, FLIP == 1u)];
    let w0_0 = weight[taps + select(0u * KW + 0u, (KH - 1u - 0u) * KW + KW - 1u - 0u, FLIP == 1u)];
    let w0_1 = weight[taps + select(0u * KW + 1u, (KH - 1u - 0u) * KW + KW - 1u - 1u, FLIP == 1u)];
    let w0_2 = weight[taps + select(0u * KW + 2u, (KH - 1u - 0u) * KW + KW - 1u - 2u, FLIP == 1u)];
    let w1_0 = weight[taps + select(1u * KW + 0u, (KH - 1u - 1u) * KW + KW - 1u - 0u, FLIP == 1u)];
    let w1_1 = weight[taps + select(1u * KW + 1u, (KH - 1u - 1u) * KW + KW - 1u - 1u, FLIP == 1u)];
    let w1_2 = weight[taps + select(1u * KW + 2u, (KH - 1u - 1u) * KW + KW - 1u - 2u, FLIP == 1u)];
    let w2_0 = weight[taps + select(2u * KW + 0u, (KH - 1u - 2u) * KW + KW - 1u - 0u, FLIP == 1u)];
    let w2_1 = weight[taps + select(2u * KW + 1u, (KH - 1u - 2u) * KW + KW - 1u - 1u, FLIP == 1u)];
    let w2_2 = weight[taps + select(2u * KW + 2u, (KH - 1u - 2u) * KW + KW - 1u - 2u, FLIP == 1u)];
    // @end
    // @for p KH, q KW, a TY, b TX: acc[{a}u * TX + {b}u] = fma(w{p}_{q}, v[({a}u * S + {p}u) * COLS + {b}u * S + {q}u], acc[{a}u * TX + {b}u]);
    acc[0u * TX + 0u] = fma(w0_0, v[(0u * S + 0u) * COLS + 0u * S + 0u], acc[0u * TX + 0u]);
    acc[0u * TX + 1u] = fma(w0_0, v[(0u * S + 0u) * COLS + 1u * S + 0u], acc[0u * TX + 1u]);
    acc[0u * TX + 2u] = fma(w0_0, v[(0u * S + 0u) * COLS + 2u * S + 0u], acc[0u * TX + 2u]);
    acc[0u * TX + 3u] = fma(w0_0, v[(0u * S + 0u) * COLS + 3u * S + 0u], acc[0u * TX + 3u]);
    acc[1u * TX + 0u] = fma(w0_0, v[(1u * S + 0u) * COLS + 0u * S + 0u], acc[1u * TX + 0u]);
    acc[1u * TX + 1u] = fma(w0_0, v[(1u * S + 0u) * COLS + 1u * S + 0u], acc[1u * TX + 1u]);
    acc[1u * TX + 2u] = fma(w0_0, v[(1u * S + 0u) * COLS + 2u * S + 0u], acc[1u * TX + 2u]);
    acc[1u * TX + 3u] = fma(w0_0, v[(1u * S + 0u) * COLS + 3u * S + 0u], acc[1u * TX + 3u]);
    acc[2u * TX + 0u] = fma(w0_0, v[(2u * S + 0u) * COLS + 0u * S + 0u], acc[2u * TX + 0u]);
    acc[2u * TX + 1u] = fma(w0_0, v[(2u * S + 0u) * COLS + 1u * S + 0u], acc[2u * TX + 1u]);
    acc[2u * TX + 2u] = fma(w0_0, v[(2u * S + 0u) * COLS + 2u * S + 0u], acc[2u * TX + 2u]);
    acc[2u * TX + 3u] = fma(w0_0, v[(2u * S + 0u) * COLS + 3u * S + 0u], acc[2u * TX + 3u]);
    acc[3u * TX + 0u] = fma(w0_0, v[(3u * S + 0u) * COLS + 0u * S + 0u], acc[3u * TX + 0u]);
    acc[3u * TX + 1u] = fma(w0_0, v[(3u * S + 0u) * COLS + 1u * S + 0u], acc[3u * TX + 1u]);
    acc[3u * TX + 2u] = fma(w0_0, v[(3u * S + 0u) * COLS + 2u * S + 0u], acc[3u * TX + 2u]);
    acc[3u * TX + 3u] = fma(w0_0, v[(3u * S + 0u) * COLS + 3u * S + 0u], acc[3u * TX + 3u]);
    acc[0u * TX + 0u] = fma(w0_1, v[(0u * S + 0u) * COLS + 0u * S + 1u], acc[0u * TX + 0u]);
    acc[0u * TX + 1u] = fma(w0_1, v[(0u * S + 0u) * COLS + 1u * S + 1u], acc[0u * TX + 1u]);
    acc[0u * TX + 2u] = fma(w0_1, v[(0u * S + 0u) * COLS + 2u * S + 1u], acc[0u * TX + 2u]);
    acc[0u * TX + 3u] = fma(w0_1, v[(0u * S + 0u) * COLS + 3u * S + 1u], acc[0u * TX + 3u]);
    acc[1u * TX + 0u] = fma(w0_1, v[(1u * S + 0u) * COLS + 0u * S + 1u], acc[1u * TX + 0u]);
    acc[1u * TX + 1u] = fma(w0_1, v[(1u * S + 0u) * COLS + 1u * S + 1u], acc[1u * TX + 1u]);
    acc[1u * TX + 2u] = fma(w0_1, v[(1u * S + 0u) * COLS + 2u * S + 1u], acc[1u * TX + 2u]);
    acc[1u * TX + 3u] = fma(w0_1, v[(1u * S + 0u) * COLS + 3u * S + 1u], acc[1u * TX + 3u]);
    acc[2u * TX + 0u] = fma(w0_1, v[(2u * S + 0u) * COLS + 0u * S + 1u], acc[2u * TX + 0u]);
    acc[2u * TX + 1u] = fma(w0_1, v[(2u * S + 0u) * COLS + 1u * S + 1u], acc[2u * TX + 1u]);
    acc[2u * TX + 2u] = fma(w0_1, v[(2u * S + 0u) * COLS + 2u * S + 1u], acc[2u * TX + 2u]);
    acc[2u * TX + 3u] = fma(w0_1, v[(2u * S + 0u) * COLS + 3u * S + 1u], acc[2u * TX + 3u]);
    acc[3u * TX + 0u] = fma(w0_1, v[(3u * S + 0u) * COLS + 0u * S + 1u], acc[3u * TX + 0u]);
    acc[3u * TX + 1u] = fma(w0_1, v[(3u * S + 0u) * COLS + 1u * S + 1u], acc[3u * TX + 1u]);
    acc[3u * TX + 2u] = fma(w0_1, v[(3u * S + 0u) * COLS + 2u * S + 1u], acc[3u * TX + 2u]);
    acc[3u * TX + 3u] = fma(w0_1, v[(3u * S + 0u) * COLS + 3u * S + 1u], acc[3u * TX + 3u]);
    acc[0u * TX + 0u] = fma(w0_2, v[(0u * S + 0u) * COLS + 0u * S + 2u], acc[0u * TX + 0u]);
    acc[0u * TX + 1u] = fma(w0_2, v[(0u * S + 0u) * COLS + 1u * S + 2u], acc[0u * TX + 1u]);
    acc[0u * TX + 2u] = fma(w0_2, v[(0u * S + 0u) * COLS + 2u * S + 2u], acc[0u * TX + 2u]);
    acc[0u * TX + 3u] = fma(w0_2, v[(0u * S + 0u) * COLS + 3u * S + 2u], acc[0u * TX + 3u]);
    acc[1u * TX + 0u] = fma(w0_2, v[(1u * S + 0u) * COLS + 0u * S + 2u], acc[1u * TX + 0u]);
    acc[1u * TX + 1u] = fma(w0_2, v[(1u * S + 0u) * COLS + 1u * S + 2u], acc[1u * TX + 1u]);
    acc[1u * TX + 2u] = fma(w0_2, v[(1u * S + 0u) * COLS + 2u * S + 2u], acc[1u * TX + 2u]);
    acc[1u * TX + 3u] = fma(w0_2, v[(1u * S + 0u) * COLS + 3u * S + 2u], acc[1u * TX + 3u]);
    acc[2u * TX + 0u] = fma(w0_2, v[(2u * S + 0u) * COLS + 0u * S + 2u], acc[2u * TX + 0u]);
    acc[2u * TX + 1u] = fma(w0_2, v[(2u * S + 0u) * COLS + 1u * S + 2u], acc[2u * TX + 1u]);
    acc[2u * TX + 2u] = fma(w0_2, v[(2u * S + 0u) * COLS + 2u * S + 2u], acc[2u * TX + 2u]);
    acc[2u * TX + 3u] = fma(w0_2, v[(2u * S + 0u) * COLS + 3u * S + 2u], acc[2u * TX + 3u]);
    acc[3u * TX + 0u] = fma(w0_2, v[(3u * S + 0u) * COLS + 0u * S + 2u], acc[3u * TX + 0u]);
    acc[3u * TX + 1u] = fma(w0_2, v[(3u * S + 0u) * COLS + 1u * S + 2u], acc[3u * TX + 1u]);
    acc[3u * TX + 2u] = fma(w0_2, v[(3u * S + 0u) * COLS + 2u * S + 2u], acc[3u * TX + 2u]);
    acc[3u * TX + 3u] = fma(w0_2, v[(3u * S + 0u) * COLS + 3u * S + 2u], acc[3u * TX + 3u]);
    acc[0u * TX + 0u] = fma(w1_0, v[(0u * S + 1u) * COLS + 0u * S + 0u], acc[0u * TX + 0u]);
    acc[0u * TX + 1u] = fma(w1_0, v[(0u * S + 1u) * COLS + 1u * S + 0u], acc[0u * TX + 1u]);
    acc[0u * TX + 2u] = fma(w1_0, v[(0u * S + 1u) * COLS + 2u * S + 0u], acc[0u * TX + 2u]);
    acc[0u * TX + 3u] = fma(w1_0, v[(0u * S + 1u) * COLS + 3u * S + 0u], acc[0u * TX + 3u]);
    acc[1u * TX + 0u] = fma(w1_0, v[(1u * S + 1u) * COLS + 0u * S + 0u], acc[1u * TX + 0u]);
    acc[1u * TX + 1u] = fma(w1_0, v[(1u * S + 1u) * COLS + 1u * S + 0u], acc[1u * TX + 1u]);
    acc[1u * TX + 2u] = fma(w1_0, v[(1u * S + 1u) * COLS + 2u * S + 0u], acc[1u * TX + 2u]);
    acc[1u * TX + 3u] = fma(w1_0, v[(1u * S + 1u) * COLS + 3u * S + 0u], acc[1u * TX + 3u]);
    acc[2u * TX + 0u] = fma(w1_0, v[(2u * S + 1u) * COLS + 0u * S + 0u], acc[2u * TX + 0u]);
    acc[2u * TX + 1u] = fma(w1_0, v[(2u * S + 1u) * COLS + 1u * S + 0u], acc[2u * TX + 1u]);
    acc[2u * TX + 2u] = fma(w1_0, v[(2u * S + 1u) * COLS + 2u * S + 0u], acc[2u * TX + 2u]);
    acc[2u * TX + 3u] = fma(w1_0, v[(2u * S + 1u) * COLS + 3u * S + 0u], acc[2u * TX + 3u]);
    acc[3u * TX + 0u] = fma(w1_0, v[(3u * S + 1u) * COLS + 0u * S + 0u], acc[3u * TX + 0u]);
    acc[3u * TX + 1u] = fma(w1_0, v[(3u * S + 1u) * COLS + 1u * S + 0u], acc[3u * TX + 1u]);
    acc[3u * TX + 2u] = fma(w1_0, v[(3u * S + 1u) * COLS + 2u * S + 0u], acc[3u * TX + 2u]);
    acc[3u * TX + 3u] = fma(w1_0, v[(3u * S + 1u) * COLS + 3u * S + 0u], acc[3u * TX + 3u]);
    acc[0u * TX + 0u] = fma(w1_1, v[(0u * S + 1u) * COLS + 0u * S + 1u], acc[0u * TX + 0u]);
    acc[0u * TX + 1u] = fma(w1_1, v[(0u * S + 1u) * COLS + 1u * S + 1u], acc[0u * TX + 1u]);
    acc[0u * TX + 2u] = fma(w1_1, v[(0u * S + 1u) * COLS + 2u * S + 1u], acc[0u * TX + 2u]);
    acc[0u * TX + 3u] = fma(w1_1, v[(0u * S + 1u) * COLS + 3u * S + 1u], acc[0u * TX + 3u]);
    acc[1u * TX + 0u] = fma(w1_1, v[(1u * S + 1u) * COLS + 0u * S + 1u], acc[1u * TX + 0u]);
    acc[1u * TX + 1u] = fma(w1_1, v[(1u * S + 1u) * COLS + 1u * S + 1u], acc[1u * TX + 1u]);
    acc[1u * TX + 2u] = fma(w1_1, v[(1u * S + 1u) * COLS + 2u * S + 1u], acc[1u * TX + 2u]);
    acc[1u * TX + 3u] = fma(w1_1, v[(1u * S + 1u) * COLS + 3u * S + 1u], acc[1u * TX + 3u]);
    acc[2u * TX + 0u] = fma(w1_1, v[(2u * S + 1u) * COLS + 0u * S + 1u], acc[2u * TX + 0u]);
    acc[2u * TX + 1u] = fma(w1_1, v[(2u * S + 1u) * COLS + 1u * S + 1u], acc[2u * TX + 1u]);
    acc[2u * TX + 2u] = fma(w1_1, v[(2u * S + 1u) * COLS + 2u * S + 1u], acc[2u * TX + 2u]);
    acc[2u * TX + 3u] = fma(w1_1, v[(2u * S + 1u) * COLS + 3u * S + 1u], acc[2u * TX + 3u]);
    acc[3u * TX + 0u] = fma(w1_1, v[(3u * S + 1u) * COLS + 0u * S + 1u], acc[3u * TX + 0u]);
    acc[3u * TX + 1u] = fma(w1_1, v[(3u * S + 1u) * COLS + 1u * S + 1u], acc[3u * TX + 1u]);
    acc[3u * TX + 2u] = fma(w1_1, v[(3u * S + 1u) * COLS + 2u * S + 1u], acc[3u * TX + 2u]);
    acc[3u * TX + 3u] = fma(w1_1, v[(3u * S + 1u) * COLS + 3u * S + 1u], acc[3u * TX + 3u]);
    acc[0u * TX + 0u] = fma(w1_2, v[(0u * S + 1u) * COLS + 0u * S + 2u], acc[0u * TX + 0u]);
    acc[0u * TX + 1u] = fma(w1_2, v[(0u * S + 1u) * COLS + 1u * S + 2u], acc[0u * TX + 1u]);
    acc[0u * TX + 2u] = fma(w1_2, v[(0u * S + 1u) * COLS + 2u * S + 2u], acc[0u * TX + 2u]);
    acc[0u * TX + 3u] = fma(w1_2, v[(0u * S + 1u) * COLS + 3u * S + 2u], acc[0u * TX + 3u]);
    acc[1u * TX + 0u] = fma(w1_2, v[(1u * S + 1u) * COLS + 0u * S + 2u], acc[1u * TX + 0u]);
    acc[1u * TX + 1u] = fma(w1_2, v[(1u * S + 1u) * COLS + 1u * S + 2u], acc[1u * TX + 1u]);
    acc[1u * TX + 2u] = fma(w1_2, v[(1u * S + 1u) * COLS + 2u * S + 2u], acc[1u * TX + 2u]);
    acc[1u * TX + 3u] = fma(w1_2, v[(1u * S + 1u) * COLS + 3u * S + 2u], acc[1u * TX + 3u]);
    acc[2u * TX + 0u] = fma(w1_2, v[(2u * S + 1u) * COLS + 0u * S + 2u], acc[2u * TX + 0u]);
    acc[2u * TX + 1u] = fma(w1_2, v[(2u * S + 1u) * COLS + 1u * S + 2u], acc[2u * TX + 1u]);
    acc[2u * TX + 2u] = fma(w1_2, v[(2u * S + 1u) * COLS + 2u * S + 2u], acc[2u * TX + 2u]);
    acc[2u * TX + 3u] = fma(w1_2, v[(2u * S + 1u) * COLS + 3u * S + 2u], acc[2u * TX + 3u]);
    acc[3u * TX + 0u] = fma(w1_2, v[(3u * S + 1u) * COLS + 0u * S + 2u], acc[3u * TX + 0u]);
    acc[3u * TX + 1u] = fma(w1_2, v[(3u * S + 1u) * COLS + 1u * S + 2u], acc[3u * TX + 1u]);
    acc[3u * TX + 2u] = fma(w1_2, v[(3u * S + 1u) * COLS + 2u * S + 2u], acc[3u * TX + 2u]);
    acc[3u * TX + 3u] = fma(w1_2, v[(3u * S + 1u) * COLS + 3u * S + 2u], acc[3u * TX + 3u]);
    acc[0u * TX + 0u] = fma(w2_0, v[(0u * S + 2u) * COLS + 0u * S + 0u], acc[0u * TX + 0u]);
    acc[0u * TX + 1u] = fma(w2_0, v[(0u * S + 2u) * COLS + 1u * S + 0u], acc[0u * TX + 1u]);
    acc[0u * TX + 2u] = fma(w2_0, v[(0u * S + 2u) * COLS + 2u * S + 0u], acc[0u * TX + 2u]);
    acc[0u * TX + 3u] = fma(w2_0, v[(0u * S + 2u) * COLS + 3u * S + 0u], acc[0u * TX + 3u]);
    acc[1u * TX + 0u] = fma(w2_0, v[(1u * S + 2u) * COLS + 0u * S + 0u], acc[1u * TX + 0u]);
    acc[1u * TX + 1u] = fma(w2_0, v[(1u * S + 2u) * COLS + 1u * S + 0u], acc[1u * TX + 1u]);
    acc[1u * TX + 2u] = fma(w2_0, v[(1u * S + 2u) * COLS + 2u * S + 0u], acc[1u * TX + 2u]);
    acc[1u * TX + 3u] = fma(w2_0, v[(1u * S + 2u) * COLS + 3u * S + 0u], acc[1u * TX + 3u]);
    acc[2u * TX + 0u] = fma(w2_0, v[(2u * S + 2u) * COLS + 0u * S + 0u], acc[2u * TX + 0u]);
    acc[2u * TX + 1u] = fma(w2_0, v[(2u * S + 2u) * COLS + 1u * S + 0u], acc[2u * TX + 1u]);
    acc[2u * TX + 2u] = fma(w2_0, v[(2u * S + 2u) * COLS + 2u * S + 0u], acc[2u * TX + 2u]);
    acc[2u * TX + 3u] = fma(w2_0, v[(2u * S + 2u) * COLS + 3u * S + 0u], acc[2u * TX + 3u]);
    acc[3u * TX + 0u] = fma(w2_0, v[(3u * S + 2u) * COLS + 0u * S + 0u], acc[3u * TX + 0u]);
    acc[3u * TX + 1u] = fma(w2_0, v[(3u * S + 2u) * COLS + 1u * S + 0u], acc[3u * TX + 1u]);
    acc[3u * TX + 2u] = fma(w2_0, v[(3u * S + 2u) * COLS + 2u * S + 0u], acc[3u * TX + 2u]);
    acc[3u * TX + 3u] = fma(w2_0, v[(3u * S + 2u) * COLS + 3u * S + 0u], acc[3u * TX + 3u]);
    acc[0u * TX + 0u] = fma(w2_1, v[(0u * S + 2u) * COLS + 0u * S + 1u], acc[0u * TX + 0u]);
    acc[0u * TX + 1u] = fma(w2_1, v[(0u * S + 2u) * COLS + 1u * S + 1u], acc[0u * TX + 1u]);
    acc[0u * TX + 2u] = fma(w2_1, v[(0u * S + 2u) * COLS + 2u * S + 1u], acc[0u * TX + 2u]);
    acc[0u * TX + 3u] = fma(w2_1, v[(0u * S + 2u) * COLS + 3u * S + 1u], acc[0u * TX + 3u]);
    acc[1u * TX + 0u] = fma(w2_1, v[(1u * S + 2u) * COLS + 0u * S + 1u], acc[1u * TX + 0u]);
    acc[1u * TX + 1u] = fma(w2_1, v[(1u * S + 2u) * COLS + 1u * S + 1u], acc[1u * TX + 1u]);
    acc[1u * TX + 2u] = fma(w2_1, v[(1u * S + 2u) * COLS + 2u * S + 1u], acc[1u * TX + 2u]);
    acc[1u * TX + 3u] = fma(w2_1, v[(1u * S + 2u) * COLS + 3u * S + 1u], acc[1u * TX + 3u]);
    acc[2u * TX + 0u] = fma(w2_1, v[(2u * S + 2u) * COLS + 0u * S + 1u], acc[2u * TX + 0u]);
    acc[2u * TX + 1u] = fma(w2_1, v[(2u * S + 2u) * COLS + 1u * S + 1u], acc[2u * TX + 1u]);
    acc[2u * TX + 2u] = fma(w2_1, v[(2u * S + 2u) * COLS + 2u * S + 1u], acc[2u * TX + 2u]);
    acc[2u * TX + 3u] = fma(w2_1, v[(2u * S + 2u) * COLS + 3u * S + 1u], acc[2u * TX + 3u]);
    acc[3u * TX + 0u] = fma(w2_1, v[(3u * S + 2u) * COLS + 0u * S + 1u], acc[3u * TX + 0u]);
    acc[3u * TX + 1u] = fma(w2_1, v[(3u * S + 2u) * COLS + 1u * S + 1u], acc[3u * TX + 1u]);
    acc[3u * TX + 2u] = fma(w2_1, v[(3u * S + 2u) * COLS + 2u * S + 1u], acc[3u * TX + 2u]);
    acc[3u * TX + 3u] = fma(w2_1, v[(3u * S + 2u) * COLS + 3u * S + 1u], acc[3u * TX + 3u]);
    acc[0u * TX + 0u] = fma(w2_2, v[(0u * S + 2u) * COLS + 0u * S + 2u], acc[0u * TX + 0u]);
    acc[0u * TX + 1u] = fma(w2_2, v[(0u * S + 2u) * COLS + 1u * S + 2u], acc[0u * TX + 1u]);
    acc[0u * TX + 2u] = fma(w2_2, v[(0u * S + 2u) * COLS + 2u * S + 2u], acc[0u * TX + 2u]);
    acc[0u * TX + 3u] = fma(w2_2, v[(0u * S + 2u) * COLS + 3u * S + 2u], acc[0u * TX + 3u]);
    acc[1u * TX + 0u] = fma(w2_2, v[(1u * S + 2u) * COLS + 0u * S + 2u], acc[1u * TX + 0u]);
    acc[1u * TX + 1u] = fma(w2_2, v[(1u * S + 2u) * COLS + 1u * S + 2u], acc[1u * TX + 1u]);
    acc[1u * TX + 2u] = fma(w2_2, v[(1u * S + 2u) * COLS + 2u * S + 2u], acc[1u * TX + 2u]);
    acc[1u * TX + 3u] = fma(w2_2, v[(1u * S + 2u) * COLS + 3u * S + 2u], acc[1u * TX + 3u]);
    acc[2u * TX + 0u] = fma(w2_2, v[(2u * S + 2u) * COLS + 0u * S + 2u], acc[2u * TX + 0u]);
    acc[2u * TX + 1u] = fma(w2_2, v[(2u * S + 2u) * COLS + 1u * S + 2u], acc[2u * TX + 1u]);
    acc[2u * TX + 2u] = fma(w2_2, v[(2u * S + 2u) * COLS + 2u * S + 2u], acc[2u * TX + 2u]);
    acc[2u * TX + 3u] = fma(w2_2, v[(2u * S + 2u) * COLS + 3u * S + 2u], acc[2u * TX + 3u]);
    acc[3u * TX + 0u] = fma(w2_2, v[(3u * S + 2u) * COLS + 0u * S + 2u], acc[3u * TX + 0u]);
    acc[3u * TX + 1u] = fma(w2_2, v[(3u * S + 2u) * COLS + 1u * S + 2u], acc[3u * TX + 1u]);
    acc[3u * TX + 2u] = fma(w2_2, v[(3u * S + 2u) * COLS + 2u * S + 2u], acc[3u * TX + 2u]);
    acc[3u * TX + 3u] = fma(w2_2, v[(3u * S + 2u) * COLS + 3u * S + 2u], acc[3u * TX + 3u]);
    // @end
  }
  let out = (plane * params.outH + oy) * params.outW + ox;
  let outH = params.outH;
  let outW = params.outW;
  // What lies beyond the plane's end becomes the tile's first output once more.
  // @for a TY, b TX: let in{a}_{b} = oy + {a}u < outH && ox + {b}u < outW;
  let in0_0 = oy + 0u < outH && ox + 0u < outW;
  let in0_1 = oy + 0u < outH && ox + 1u < outW;
  let in0_2 = oy + 0u < outH && ox + 2u < outW;
  let in0_3 = oy + 0u < outH && ox + 3u < outW;
  let in1_0 = oy + 1u < outH && ox + 0u < outW;
  let in1_1 = oy + 1u < outH && ox + 1u < outW;
  let in1_2 = oy + 1u < outH && ox + 2u < outW;
  let in1_3 = oy + 1u < outH && ox + 3u < outW;
  let in2_0 = oy + 2u < outH && ox + 0u < outW;
  let in2_1 = oy + 2u < outH && ox + 1u < outW;
  let in2_2 = oy + 2u < outH && ox + 2u < outW;
  let in2_3 = oy + 2u < outH && ox + 3u < outW;
  let in3_0 = oy + 3u < outH && ox + 0u < outW;
  let in3_1 = oy + 3u < outH && ox + 1u < outW;
  let in3_2 = oy + 3u < outH && ox + 2u < outW;
  let in3_3 = oy + 3u < outH && ox + 3u < outW;
  // @end
  // @for a TY, b TX: y[out + select(0u, {a}u * outW + {b}u, in{a}_{b})] = act(select(acc[0u], acc[{a}u * TX + {b}u], in{a}_{b}));
  y[out + select(0u, 0u * outW + 0u, in0_0)] = act(select(acc[0u], acc[0u * TX + 0u], in0_0));
  y[out + select(0u, 0u * outW + 1u, in0_1)] = act(select(acc[0u], acc[0u * TX + 1u], in0_1));
  y[out + select(0u, 0u * outW + 2u, in0_2)] = act(select(acc[0u], acc[0u * TX + 2u], in0_2));
  y[out + select(0u, 0u * outW + 3u, in0_3)] = act(select(acc[0u], acc[0u * TX + 3u], in0_3));
  y[out + select(0u, 1u * outW + 0u, in1_0)] = act(select(acc[0u], acc[1u * TX + 0u], in1_0));
  y[out + select(0u, 1u * outW + 1u, in1_1)] = act(select(acc[0u], acc[1u * TX + 1u], in1_1));
  y[out + select(0u, 1u * outW + 2u, in1_2)] = act(select(acc[0u], acc[1u * TX + 2u], in1_2));
  y[out + select(0u, 1u * outW + 3u, in1_3)] = act(select(acc[0u], acc[1u * TX + 3u], in1_3));
  y[out + select(0u, 2u * outW + 0u, in2_0)] = act(select(acc[0u], acc[2u * TX + 0u], in2_0));
  y[out + select(0u, 2u * outW + 1u, in2_1)] = act(select(acc[0u], acc[2u * TX + 1u], in2_1));
  y[out + select(0u, 2u * outW + 2u, in2_2)] = act(select(acc[0u], acc[2u * TX + 2u], in2_2));
  y[out + select(0u, 2u * outW + 3u, in2_3)] = act(select(acc[0u], acc[2u * TX + 3u], in2_3));
  y[out + select(0u, 3u * outW + 0u, in3_0)] = act(select(acc[0u], acc[3u * TX + 0u], in3_0));
  y[out + select(0u, 3u * outW + 1u, in3_1)] = act(select(acc[0u], acc[3u * TX + 1u], in3_1));
  y[out + select(0u, 3u * outW + 2u, in3_2)] = act(select(acc[0u], acc[3u * TX + 2u], in3_2));
  y[out + select(0u, 3u * outW + 3u, in3_3)] = act(select(acc[0u], acc[3u * TX + 3u], in3_3));
  // @end
}
