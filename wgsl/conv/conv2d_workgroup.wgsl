// Dense convolution as a product of matrices through workgroup memory, for GPUs: a workgroup of 8 x LC invocations makes
// BM channels of BN outputs, an invocation TM x TN of them, 8 and LC apart. KB terms at a time of the sums' weights and
// inputs go through workgroup memory; counters of channel and tap walk along them, so that the loop divides nothing.
import package::lib::conv2d_gather::{params, x, weight, bias, y};
import package::lib::channel_end::{NORM, normOf, normed, act};

const LC: u32 = 8u; // @tile
const TM: u32 = 4u; // @tile
const TN: u32 = 4u; // @tile
// Loads of an invocation that fetch KB terms of all channels, and of all outputs.
const LOADS_W: u32 = 4u; // @tile
const LOADS_X: u32 = 4u; // @tile
const KB: u32 = 8u;
const LANES: u32 = 8u * LC;
const BM: u32 = 8u * TM;
const BN: u32 = LC * TN;
// Terms from one load of an invocation to its next: BN invocations load the inputs of a term, KB the weights of a channel.
const STRIDE: u32 = LANES / BN;
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

@compute @workgroup_size(LANES)
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
  // @for i LOADS_W: let w{i} = wBase + i32(min(o + loaded + {i}u * LC, last)) * params.wOut;
  let wIn = params.wIn;
  let wP = params.wP;
  let wQ = params.wQ;
  let across = local % LC;
  let down = local / LC;
  // @for i TM, j TN: var acc{i}_{j} = 0.0;
  let blocksOfTerms = (channels * kp * kq + KB - 1u) / KB;
  for (var block = 0u; block < blocksOfTerms; block++) {
    // @for j LOADS_X: let iy{j} = u32(top + i32(input.y * stepY)); let ix{j} = u32(left + i32(input.z * stepX)); let in{j} = input.x < channels && iy{j} < height && ix{j} < width; inputs[(local / BN + {j}u * STRIDE) * BN + column] = select(0.0, x[(planes + min(input.x, channels - 1u) * height + min(iy{j}, height - 1u)) * width + min(ix{j}, width - 1u)], in{j}); input = further(input, inputStep, kp, kq);
    let at = i32(min(tap.x, channels - 1u)) * wIn + i32(tap.y) * wP + i32(tap.z) * wQ;
    let live = tap.x < channels;
    // @for i LOADS_W: weights[local % KB * ROW + loaded + {i}u * LC] = select(0.0, weight[u32(w{i} + at)], live);
    tap = further(tap, tapStep, kp, kq);
    workgroupBarrier();
    for (var k = 0u; k < KB; k++) {
      // @for i TM: let a{i} = weights[k * ROW + down + {i}u * 8u];
      // @for j TN: let b{j} = inputs[k * BN + across + {j}u * LC];
      // @for i TM, j TN: acc{i}_{j} = fma(a{i}, b{j}, acc{i}_{j});
    }
    workgroupBarrier();
  }
  // @for i TM: var bias{i} = 0.0;
  if (params.hasBias == 1u) {
    // @for i TM: bias{i} = bias[group * params.outGroup + min(o + down + {i}u * 8u, last)];
  }
  // @for i TM, j TN: acc{i}_{j} += bias{i};
  if (NORM > 0u) {
    // @for i TM: let norm{i} = normOf(group * params.outGroup + min(o + down + {i}u * 8u, last));
    // @for i TM, j TN: acc{i}_{j} = normed(vec4f(acc{i}_{j}), norm{i}).x;
  }
  // @for i TM, j TN: put(first + across + {j}u * LC, group, o + down + {i}u * 8u, acc{i}_{j});
}
