// Convolution in registers without subgroups: a lane owns four outputs of TO channels and QW taps meet each loaded input.
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

const TO: u32 = 4u; // @tile
const QW: u32 = 3u; // @tile
// Input k of a row's COLS = 3 * KQ + QW lies at k / KQ outputs and k % KQ taps from the first.
const KQ: u32 = 1u; // @tile
const COLS: u32 = 6u; // @tile

@compute @workgroup_size(32)
fn main(
  @builtin(workgroup_id) wg: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let piece = pieceOf((wg.y * grid.x + wg.x) * 32u + local, wg.z, TO);
  let planes = (piece.n * params.inC + piece.group * params.inGroup) * params.inH * params.inW;
  let last = params.outGroup - 1u;
  // @for i TO: let w{i} = params.wFirst + i32(piece.group) * params.wGroup + i32(min(piece.o + {i}u, last)) * params.wOut;
  let w0 = params.wFirst + i32(piece.group) * params.wGroup + i32(min(piece.o + 0u, last)) * params.wOut;
  let w1 = params.wFirst + i32(piece.group) * params.wGroup + i32(min(piece.o + 1u, last)) * params.wOut;
  let w2 = params.wFirst + i32(piece.group) * params.wGroup + i32(min(piece.o + 2u, last)) * params.wOut;
  let w3 = params.wFirst + i32(piece.group) * params.wGroup + i32(min(piece.o + 3u, last)) * params.wOut;
  // @end
  var acc: array<vec4f, TO>;
  if (params.hasBias == 1u) {
    // @for i TO: acc[{i}u] = vec4f(bias[piece.group * params.outGroup + min(piece.o + {i}u, last)]);
    acc[0u] = vec4f(bias[piece.group * params.outGroup + min(piece.o + 0u, last)]);
    acc[1u] = vec4f(bias[piece.group * params.outGroup + min(piece.o + 1u, last)]);
    acc[2u] = vec4f(bias[piece.group * params.outGroup + min(piece.o + 2u, last)]);
    acc[3u] = vec4f(bias[piece.group * params.outGroup + min(piece.o + 3u, last)]);
    // @end
  }
  // Uniforms are read here, as a compiler may not move the reads out of the loops.
  let apart = params.spacing * params.strideX;
  let area = params.inH * params.inW;
  let channels = params.inGroup;
  let nextTap = params.wQ;
  let nextChannel = params.wIn;
  let stepX = i32(params.stepX * QW);
  let stepY = i32(params.stepY);
  let height = params.inH;
  let width = params.inW;
  let taps = params.kq;
  let nextRow = params.wP;
  let leftmost = i32(piece.ox * params.strideX) + params.originX;
  // @for k COLS: let off{k} = i32(({k}u / KQ) * apart + ({k}u % KQ) * params.stepX);
  let off0 = i32((0u / KQ) * apart + (0u % KQ) * params.stepX);
  let off1 = i32((1u / KQ) * apart + (1u % KQ) * params.stepX);
  let off2 = i32((2u / KQ) * apart + (2u % KQ) * params.stepX);
  let off3 = i32((3u / KQ) * apart + (3u % KQ) * params.stepX);
  let off4 = i32((4u / KQ) * apart + (4u % KQ) * params.stepX);
  let off5 = i32((5u / KQ) * apart + (5u % KQ) * params.stepX);
  // @end
  var c = 0u;
  var q = 0u;
  var p = 0u;
  var top = i32(piece.oy * params.strideY) + params.originY;
  var left = leftmost;
  // One loop, as each level of a nest would copy every sum.
  let steps = params.kp * (params.kq / QW) * channels;
  for (var step = 0u; step < steps; step++) {
    let inside = u32(top) < height;
    let plane = planes + c * area + min(u32(top), height - 1u) * width;
    let tap = i32(p) * nextRow + i32(q) * nextTap + i32(c) * nextChannel;
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
    // @for i TO, q QW: acc[{i}u] = fma(vec4f(weight[u32(w{i} + tap + {q} * nextTap)]), vec4f(v[{q}u], v[KQ + {q}u], v[2u * KQ + {q}u], v[3u * KQ + {q}u]), acc[{i}u]);
    acc[0u] = fma(vec4f(weight[u32(w0 + tap + 0 * nextTap)]), vec4f(v[0u], v[KQ + 0u], v[2u * KQ + 0u], v[3u * KQ + 0u]), acc[0u]);
    acc[0u] = fma(vec4f(weight[u32(w0 + tap + 1 * nextTap)]), vec4f(v[1u], v[KQ + 1u], v[2u * KQ + 1u], v[3u * KQ + 1u]), acc[0u]);
    acc[0u] = fma(vec4f(weight[u32(w0 + tap + 2 * nextTap)]), vec4f(v[2u], v[KQ + 2u], v[2u * KQ + 2u], v[3u * KQ + 2u]), acc[0u]);
    acc[1u] = fma(vec4f(weight[u32(w1 + tap + 0 * nextTap)]), vec4f(v[0u], v[KQ + 0u], v[2u * KQ + 0u], v[3u * KQ + 0u]), acc[1u]);
    acc[1u] = fma(vec4f(weight[u32(w1 + tap + 1 * nextTap)]), vec4f(v[1u], v[KQ + 1u], v[2u * KQ + 1u], v[3u * KQ + 1u]), acc[1u]);
    acc[1u] = fma(vec4f(weight[u32(w1 + tap + 2 * nextTap)]), vec4f(v[2u], v[KQ + 2u], v[2u * KQ + 2u], v[3u * KQ + 2u]), acc[1u]);
    acc[2u] = fma(vec4f(weight[u32(w2 + tap + 0 * nextTap)]), vec4f(v[0u], v[KQ + 0u], v[2u * KQ + 0u], v[3u * KQ + 0u]), acc[2u]);
    acc[2u] = fma(vec4f(weight[u32(w2 + tap + 1 * nextTap)]), vec4f(v[1u], v[KQ + 1u], v[2u * KQ + 1u], v[3u * KQ + 1u]), acc[2u]);
    acc[2u] = fma(vec4f(weight[u32(w2 + tap + 2 * nextTap)]), vec4f(v[2u], v[KQ + 2u], v[2u * KQ + 2u], v[3u * KQ + 2u]), acc[2u]);
    acc[3u] = fma(vec4f(weight[u32(w3 + tap + 0 * nextTap)]), vec4f(v[0u], v[KQ + 0u], v[2u * KQ + 0u], v[3u * KQ + 0u]), acc[3u]);
    acc[3u] = fma(vec4f(weight[u32(w3 + tap + 1 * nextTap)]), vec4f(v[1u], v[KQ + 1u], v[2u * KQ + 1u], v[3u * KQ + 1u]), acc[3u]);
    acc[3u] = fma(vec4f(weight[u32(w3 + tap + 2 * nextTap)]), vec4f(v[2u], v[KQ + 2u], v[2u * KQ + 2u], v[3u * KQ + 2u]), acc[3u]);
    // @end
    c++;
    let over = c == channels;
    c = select(c, 0u, over);
    q += select(0u, QW, over);
    left += select(0, stepX, over);
    let down = q == taps;
    q = select(q, 0u, down);
    left = select(left, leftmost, down);
    p += select(0u, 1u, down);
    top += select(0, stepY, down);
  }
  // @for i TO: store(piece, {i}u, acc[{i}u]);
  store(piece, 0u, acc[0u]);
  store(piece, 1u, acc[1u]);
  store(piece, 2u, acc[2u]);
  store(piece, 3u, acc[3u]);
  // @end
}
