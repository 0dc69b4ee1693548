import package::lib::channel_end::act;

// A convolution as the fast kernels see it, forward or input gradient alike: out[n, o, y, x] = bias[o] + sum over c, p, q of
// in[n, c, y' * strideY + originY + p * stepY, x' * strideX + originX + q * stepX] * weight[first + o * wOut + c * wIn + p * wP +
// q * wQ] for y = firstY + y' * everyY, x = firstX + x' * everyX, with y' < countY and x' < countX. Channels c and o count within
// a group of inGroup and outGroup channels. A lane owns four outputs of a row, `spacing` apart: then taps that lie `spacing`
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
@group(0) @binding(5) var<storage, read> x: array<f32>;
@group(0) @binding(6) var<storage, read> weight: array<f32>;
@group(0) @binding(7) var<storage, read> bias: array<f32>;
@group(0) @binding(8) var<storage, read_write> y: array<f32>;

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
