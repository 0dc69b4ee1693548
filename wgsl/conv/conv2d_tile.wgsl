// Convolution in registers without subgroups: a lane owns four outputs of TO channels and QW taps meet each loaded input.
import package::lib::conv2d_gather::{params, x, weight, bias, pieceOf, store};
import package::lib::channel_end::{NORM, normOf, normed};

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
  var acc: array<vec4f, TO>;
  if (params.hasBias == 1u) {
    // @for i TO: acc[{i}u] = vec4f(bias[piece.group * params.outGroup + min(piece.o + {i}u, last)]);
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
    var v: array<f32, COLS>;
    // @for k COLS: v[{k}u] = select(0.0, x[plane + min(k{k}, width - 1u)], inside && k{k} < width);
    // @for i TO, q QW: acc[{i}u] = fma(vec4f(weight[u32(w{i} + tap + {q} * nextTap)]), vec4f(v[{q}u], v[KQ + {q}u], v[2u * KQ + {q}u], v[3u * KQ + {q}u]), acc[{i}u]);
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
  if (NORM > 0u) {
    // @for i TO: acc[{i}u] = normed(acc[{i}u], normOf(piece.group * params.outGroup + min(piece.o + {i}u, last)));
  }
  // @for i TO: store(piece, {i}u, acc[{i}u]);
}
