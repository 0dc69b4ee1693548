// Dense convolution as a product of matrices through workgroup memory, for GPUs: LR x LC invocations make ROWS channels of
// COLUMNS outputs, an invocation TM x 4 TN of them. KB terms at a time of the sums' weights and inputs go through workgroup
// memory. An invocation counts the channel and tap of one term along, and tells the others what inputs belong to it.
import package::lib::conv2d_gather::{params, x, weight, bias, y, act};

const LR: u32 = 8u; // @tile
const LC: u32 = 8u; // @tile
const TM: u32 = 4u; // @tile
const TN: u32 = 1u; // @tile
const KB: u32 = 8u; // @tile
// Loads of an invocation that fetch KB terms of all channels, and of all outputs.
const LOADS_W: u32 = 4u; // @tile
const LOADS_X: u32 = 4u; // @tile
const LANES: u32 = LR * LC;
const ROWS: u32 = LR * TM;
const COLUMNS: u32 = 4u * LC * TN;
// Rows of an invocation lie in groups side by side.
const GROUP: u32 = min(TM, 4u);
// More than the channels, so that terms of one channel lie in different banks.
const LINE: u32 = ROWS + 4u;

var<workgroup> weights: array<f32, KB * LINE>;
var<workgroup> inputs: array<vec4f, KB * COLUMNS / 4u>;
// Of the terms of this round and of the next: the first row of the channel's plane, the tap's row and column, and 1 if there is one.
var<workgroup> terms: array<vec4i, 2u * KB>;

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

fn told(at: vec3u) -> vec4i {
  let channel = min(at.x, params.inGroup - 1u);
  return vec4i(vec3i(vec3u(channel * params.inH, at.y * params.stepY, at.z * params.stepX)), select(0, 1, at.x < params.inGroup));
}

// Where an output of channel 0 lies.
fn placeOf(item: u32) -> u32 {
  let row = item / params.countX;
  let line = row / params.countY * params.outC * params.outH + params.firstY + row % params.countY * params.everyY;
  return line * params.outW + params.firstX + item % params.countX * params.everyX;
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) wg: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let blocks = (params.outGroup + ROWS - 1u) / ROWS;
  let group = wg.z / blocks;
  let o = wg.z % blocks * ROWS;
  let first = (wg.y * grid.x + wg.x) * COLUMNS;
  let channels = params.inGroup;
  let height = params.inH;
  let width = params.inW;
  // The output whose inputs this invocation loads.
  let column = local % COLUMNS;
  let item = min(first + column, params.items - 1u);
  let row = item / params.countX;
  let top = i32(row % params.countY * params.strideY) + params.originY;
  let left = i32(item % params.countX * params.strideX) + params.originX;
  let planes = (row / params.countY * params.inC + group * channels) * height;
  // The term whose weights it loads, for channels of the block from `loaded` on, and which it tells.
  var tap = term(local % KB);
  let tapStep = term(KB);
  let loaded = local / KB;
  let last = params.outGroup - 1u;
  let wBase = params.wFirst + i32(group) * params.wGroup;
  let wOut = params.wOut;
  // Subgroups of 32 take 4 rows of invocations by 8, which meets few different numbers of workgroup memory at a time.
  let across = local / 32u % (LC / 8u) * 8u + local % 8u;
  let down = local / 32u / (LC / 8u) * 4u + local % 32u / 8u;
  // @for i TM, j TN: var acc{i}_{j} = vec4f();
  let rounds = (channels * params.kp * params.kq + KB - 1u) / KB;
  if (local < KB) {
    terms[local] = told(tap);
  }
  workgroupBarrier();
  for (var round = 0u; round < rounds; round++) {
    let these = round % 2u * KB;
    let at = wBase + i32(min(tap.x, channels - 1u)) * params.wIn + i32(tap.y) * params.wP + i32(tap.z) * params.wQ;
    let live = tap.x < channels;
    // @for q LOADS_W: weights[local % KB * LINE + loaded + {q}u * (LANES / KB)] = select(0.0, weight[u32(at + i32(min(o + loaded + {q}u * (LANES / KB), last)) * wOut)], live);
    // @for q LOADS_X: { let k = local / COLUMNS + {q}u * (LANES / COLUMNS); let t = terms[these + k]; let iy = u32(top + t.y); let ix = u32(left + t.z); inputs[(k * COLUMNS + column) / 4u][column % 4u] = select(0.0, x[(planes + u32(t.x) + min(iy, height - 1u)) * width + min(ix, width - 1u)], t.w == 1 && iy < height && ix < width); }
    tap = further(tap, tapStep, params.kp, params.kq);
    if (local < KB) {
      terms[KB - these + local] = told(tap);
    }
    workgroupBarrier();
    // @for k KB: { @(i TM: let a{i} = weights[{k}u * LINE + {i}u / GROUP * GROUP * LR + GROUP * down + {i}u % GROUP];) @(j TN: let b{j} = inputs[{k}u * (COLUMNS / 4u) + {j}u * LC + across];) @(i TM, j TN: acc{i}_{j} = fma(vec4f(a{i}), b{j}, acc{i}_{j});) }
    workgroupBarrier();
  }
  // @for i TM: let o{i} = o + {i}u / GROUP * GROUP * LR + GROUP * down + {i}u % GROUP; var bias{i} = 0.0; if (params.hasBias == 1u) { bias{i} = bias[group * params.outGroup + min(o{i}, last)]; }
  let plane = params.outH * params.outW;
  // @for j TN, s 4: { let column = first + 4u * ({j}u * LC + across) + {s}u; if (column < params.items) { let place = placeOf(column) + group * params.outGroup * plane; @(i TM: if (o{i} <= last) { y[place + o{i} * plane] = act(acc{i}_{j}[{s}u] + bias{i}); }) } }
}
