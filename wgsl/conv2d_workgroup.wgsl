// Dense convolution as a product of matrices through workgroup memory, for GPUs: a workgroup of 8 x 8 invocations makes
// BM channels of BN outputs, an invocation TM x TN of them, eight apart. KB terms at a time of the sums' weights and
// inputs go through workgroup memory; counters of channel and tap walk along them, so that the loop divides nothing.
// @include lib/conv2d_gather.wgsl
// A convolution as the fast kernels see it, forward or input gradient alike: out[n, o, y, x] = bias[o] + sum over c, p, q of
//   in[n, c, y' * strideY + originY + p * stepY, x' * strideX + originX + q * stepX] * weight[first + o * wOut + c * wIn + p * wP + q * wQ]
// for y = firstY + y' * everyY, x = firstX + x' * everyX, with y' < countY and x' < countX. Channels c and o count within a
// group of inGroup and outGroup channels. A lane owns four outputs of a row, `spacing` apart: then taps that lie `spacing`
// steps apart meet the same inputs. `items` such pieces lie on a grid of n x countY x tilesX.
struct Params {
  items: u32,
  tilesX: u32,
  spacing: u32,
  hasBias: u32,
  inC: u32,
  inH: u32,
  inW: u32,
  outC: u32,
  outH: u32,
  outW: u32,
  inGroup: u32,
  outGroup: u32,
  countY: u32,
  countX: u32,
  firstY: u32,
  firstX: u32,
  everyY: u32,
  everyX: u32,
  strideY: u32,
  strideX: u32,
  stepY: u32,
  stepX: u32,
  kp: u32,
  kq: u32,
  originY: i32,
  originX: i32,
  wFirst: i32,
  wGroup: i32,
  wOut: i32,
  wIn: i32,
  wP: i32,
  wQ: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

// Where a lane's four outputs and their inputs lie.
struct Piece {
  live: bool,
  n: u32,
  oy: u32,
  ox: u32,
  group: u32,
  // First output channel of the block, within the group.
  o: u32,
}

fn pieceOf(item: u32, z: u32, block: u32) -> Piece {
  let live = item < params.items;
  let tile = item % params.tilesX;
  let ox = tile / params.spacing * 4u * params.spacing + tile % params.spacing;
  let row = select(0u, item / params.tilesX, live);
  let blocks = (params.outGroup + block - 1u) / block;
  return Piece(live, row / params.countY, row % params.countY, ox, z / blocks, z % blocks * block);
}

// What the convolution is followed by.
fn act(a: f32) -> f32 {
  return a; // @expr act
}

fn store(piece: Piece, channel: u32, value: vec4f) {
  let o = piece.o + channel;
  if (!piece.live || o >= params.outGroup) {
    return;
  }
  let row = (piece.n * params.outC + piece.group * params.outGroup + o) * params.outH + params.firstY + piece.oy * params.everyY;
  let at = row * params.outW + params.firstX + piece.ox * params.everyX;
  let every = params.spacing * params.everyX;
  if (piece.ox < params.countX) {
    y[at] = act(value.x);
  }
  if (piece.ox + params.spacing < params.countX) {
    y[at + every] = act(value.y);
  }
  if (piece.ox + 2u * params.spacing < params.countX) {
    y[at + 2u * every] = act(value.z);
  }
  if (piece.ox + 3u * params.spacing < params.countX) {
    y[at + 3u * every] = act(value.w);
  }
}
// @end

const TM: u32 = 4u; // @tile
const TN: u32 = 4u; // @tile
const KB: u32 = 8u;
const BM: u32 = 8u * TM;
const BN: u32 = 8u * TN;
// Terms from one load of an invocation to its next: BN invocations load the inputs of a term, KB the weights of a channel.
const STRIDE: u32 = 64u / BN;
// One more than the channels, so that invocations that write one channel's terms meet different banks.
const ROW: u32 = BM + 1u;

var<workgroup> weights: array<f32, KB * ROW>;
var<workgroup> inputs: array<f32, KB * BN>;

// (channel, p, q) of a term.
fn term(k: u32) -> vec3u {
  let taps = params.kp * params.kq;
  return vec3u(k / taps, k % taps / params.kq, k % params.kq);
}

fn further(at: vec3u, step: vec3u, kp: u32, kq: u32) -> vec3u {
  let q = at.z + step.z;
  let over = q >= kq;
  let p = at.y + step.y + select(0u, 1u, over);
  let down = p >= kp;
  return vec3u(at.x + step.x + select(0u, 1u, down), p - select(0u, kp, down), q - select(0u, kq, over));
}

fn put(item: u32, group: u32, o: u32, value: f32) {
  if (item < params.items && o < params.outGroup) {
    let row = item / params.countX;
    let plane = row / params.countY * params.outC + group * params.outGroup + o;
    let line = plane * params.outH + params.firstY + row % params.countY * params.everyY;
    y[line * params.outW + params.firstX + item % params.countX * params.everyX] = act(value);
  }
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) wg: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let blocks = (params.outGroup + BM - 1u) / BM;
  let group = wg.z / blocks;
  let o = wg.z % blocks * BM;
  let first = (wg.y * grid.x + wg.x) * BN;
  let kp = params.kp;
  let kq = params.kq;
  let channels = params.inGroup;
  let height = params.inH;
  let width = params.inW;
  let stepY = params.stepY;
  let stepX = params.stepX;
  // The output whose inputs this invocation loads.
  let column = local % BN;
  let item = min(first + column, params.items - 1u);
  let row = item / params.countX;
  let top = i32(row % params.countY * params.strideY) + params.originY;
  let left = i32(item % params.countX * params.strideX) + params.originX;
  let planes = (row / params.countY * params.inC + group * channels) * height;
  var input = term(local / BN);
  let inputStep = term(STRIDE);
  // The term whose weights it loads, for channels of the block from `loaded` on.
  var tap = term(local % KB);
  let tapStep = term(KB);
  let loaded = local / KB;
  let last = params.outGroup - 1u;
  let wBase = params.wFirst + i32(group) * params.wGroup;
  // @for i TM: let w{i} = wBase + i32(min(o + loaded + {i}u * 8u, last)) * params.wOut;
  let w0 = wBase + i32(min(o + loaded + 0u * 8u, last)) * params.wOut;
  let w1 = wBase + i32(min(o + loaded + 1u * 8u, last)) * params.wOut;
  let w2 = wBase + i32(min(o + loaded + 2u * 8u, last)) * params.wOut;
  let w3 = wBase + i32(min(o + loaded + 3u * 8u, last)) * params.wOut;
  // @end
  let wIn = params.wIn;
  let wP = params.wP;
  let wQ = params.wQ;
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
  let blocksOfTerms = (channels * kp * kq + KB - 1u) / KB;
  for (var block = 0u; block < blocksOfTerms; block++) {
    // @for j TN: let iy{j} = u32(top + i32(input.y * stepY)); let ix{j} = u32(left + i32(input.z * stepX)); let in{j} = input.x < channels && iy{j} < height && ix{j} < width; inputs[(local / BN + {j}u * STRIDE) * BN + column] = select(0.0, x[(planes + min(input.x, channels - 1u) * height + min(iy{j}, height - 1u)) * width + min(ix{j}, width - 1u)], in{j}); input = further(input, inputStep, kp, kq);
    let iy0 = u32(top + i32(input.y * stepY)); let ix0 = u32(left + i32(input.z * stepX)); let in0 = input.x < channels && iy0 < height && ix0 < width; inputs[(local / BN + 0u * STRIDE) * BN + column] = select(0.0, x[(planes + min(input.x, channels - 1u) * height + min(iy0, height - 1u)) * width + min(ix0, width - 1u)], in0); input = further(input, inputStep, kp, kq);
    let iy1 = u32(top + i32(input.y * stepY)); let ix1 = u32(left + i32(input.z * stepX)); let in1 = input.x < channels && iy1 < height && ix1 < width; inputs[(local / BN + 1u * STRIDE) * BN + column] = select(0.0, x[(planes + min(input.x, channels - 1u) * height + min(iy1, height - 1u)) * width + min(ix1, width - 1u)], in1); input = further(input, inputStep, kp, kq);
    let iy2 = u32(top + i32(input.y * stepY)); let ix2 = u32(left + i32(input.z * stepX)); let in2 = input.x < channels && iy2 < height && ix2 < width; inputs[(local / BN + 2u * STRIDE) * BN + column] = select(0.0, x[(planes + min(input.x, channels - 1u) * height + min(iy2, height - 1u)) * width + min(ix2, width - 1u)], in2); input = further(input, inputStep, kp, kq);
    let iy3 = u32(top + i32(input.y * stepY)); let ix3 = u32(left + i32(input.z * stepX)); let in3 = input.x < channels && iy3 < height && ix3 < width; inputs[(local / BN + 3u * STRIDE) * BN + column] = select(0.0, x[(planes + min(input.x, channels - 1u) * height + min(iy3, height - 1u)) * width + min(ix3, width - 1u)], in3); input = further(input, inputStep, kp, kq);
    // @end
    let at = i32(min(tap.x, channels - 1u)) * wIn + i32(tap.y) * wP + i32(tap.z) * wQ;
    let live = tap.x < channels;
    // @for i TM: weights[local % KB * ROW + loaded + {i}u * 8u] = select(0.0, weight[u32(w{i} + at)], live);
    weights[local % KB * ROW + loaded + 0u * 8u] = select(0.0, weight[u32(w0 + at)], live);
    weights[local % KB * ROW + loaded + 1u * 8u] = select(0.0, weight[u32(w1 + at)], live);
    weights[local % KB * ROW + loaded + 2u * 8u] = select(0.0, weight[u32(w2 + at)], live);
    weights[local % KB * ROW + loaded + 3u * 8u] = select(0.0, weight[u32(w3 + at)], live);
    // @end
    tap = further(tap, tapStep, kp, kq);
    workgroupBarrier();
    for (var k = 0u; k < KB; k++) {
      // @for i TM: let a{i} = weights[k * ROW + down + {i}u * 8u];
      let a0 = weights[k * ROW + down + 0u * 8u];
      let a1 = weights[k * ROW + down + 1u * 8u];
      let a2 = weights[k * ROW + down + 2u * 8u];
      let a3 = weights[k * ROW + down + 3u * 8u];
      // @end
      // @for j TN: let b{j} = inputs[k * BN + across + {j}u * 8u];
      let b0 = inputs[k * BN + across + 0u * 8u];
      let b1 = inputs[k * BN + across + 1u * 8u];
      let b2 = inputs[k * BN + across + 2u * 8u];
      let b3 = inputs[k * BN + across + 3u * 8u];
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
  }
  // @for i TM: var bias{i} = 0.0;
  var bias0 = 0.0;
  var bias1 = 0.0;
  var bias2 = 0.0;
  var bias3 = 0.0;
  // @end
  if (params.hasBias == 1u) {
    // @for i TM: bias{i} = bias[group * params.outGroup + min(o + down + {i}u * 8u, last)];
    bias0 = bias[group * params.outGroup + min(o + down + 0u * 8u, last)];
    bias1 = bias[group * params.outGroup + min(o + down + 1u * 8u, last)];
    bias2 = bias[group * params.outGroup + min(o + down + 2u * 8u, last)];
    bias3 = bias[group * params.outGroup + min(o + down + 3u * 8u, last)];
    // @end
  }
  // @for i TM, j TN: put(first + across + {j}u * 8u, group, o + down + {i}u * 8u, acc{i}_{j} + bias{i});
  put(first + across + 0u * 8u, group, o + down + 0u * 8u, acc0_0 + bias0);
  put(first + across + 1u * 8u, group, o + down + 0u * 8u, acc0_1 + bias0);
  put(first + across + 2u * 8u, group, o + down + 0u * 8u, acc0_2 + bias0);
  put(first + across + 3u * 8u, group, o + down + 0u * 8u, acc0_3 + bias0);
  put(first + across + 0u * 8u, group, o + down + 1u * 8u, acc1_0 + bias1);
  put(first + across + 1u * 8u, group, o + down + 1u * 8u, acc1_1 + bias1);
  put(first + across + 2u * 8u, group, o + down + 1u * 8u, acc1_2 + bias1);
  put(first + across + 3u * 8u, group, o + down + 1u * 8u, acc1_3 + bias1);
  put(first + across + 0u * 8u, group, o + down + 2u * 8u, acc2_0 + bias2);
  put(first + across + 1u * 8u, group, o + down + 2u * 8u, acc2_1 + bias2);
  put(first + across + 2u * 8u, group, o + down + 2u * 8u, acc2_2 + bias2);
  put(first + across + 3u * 8u, group, o + down + 2u * 8u, acc2_3 + bias2);
  put(first + across + 0u * 8u, group, o + down + 3u * 8u, acc3_0 + bias3);
  put(first + across + 1u * 8u, group, o + down + 3u * 8u, acc3_1 + bias3);
  put(first + across + 2u * 8u, group, o + down + 3u * 8u, acc3_2 + bias3);
  put(first + across + 3u * 8u, group, o + down + 3u * 8u, acc3_3 + bias3);
  // @end
}
