// Mean and spread of each row of x [rows, length]. WX lanes share a row, WY rows lie beside each other in a workgroup, and a
// row is cut into `chunks`. Each lane measures from an entry of its own, so that no offset of the data swallows the variance;
// means are told as distances from the row's first entry, so that none is rounded to the size of the offset.
// With FINAL (one chunk): stats [rows] of (mean - first, 1 / sqrt(variance + eps), sum of squared deviations). Else parts
// [rows, chunks] of (count, mean - first, sum of squared deviations).
import package::lib::join_moments::{joinMoments, middleOf};

struct Params {
  rows: u32,
  length: u32,
  each: u32, // entries a lane walks, WX apart
  chunks: u32,
  eps: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec4f>;

override WX: u32 = 64u;
override WY: u32 = 1u;
override FINAL: u32 = 1u;

var<workgroup> lanes: array<vec3f, 64>;

@compute @workgroup_size(WX, WY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = (group.z * groups.y + group.y) * WY + lane.y;
  let first = group.x * params.each * WX + lane.x;
  var all = vec3f(0.0);
  if (row < params.rows && first < params.length) {
    let base = row * params.length;
    let last = min(params.length, first + params.each * WX);
    let steps = (last - first + WX - 1u) / WX;
    let start = middleOf(x[base + first], x[base + first + (steps - 1u) / 2u * WX], x[base + first + (steps - 1u) * WX]);
    var total = 0.0;
    var squares = 0.0;
    for (var i = first; i < last; i += WX) {
      let d = x[base + i] - start;
      total += d;
      squares += d * d;
    }
    let count = f32(steps);
    let shift = total / count;
    all = vec3f(count, (start - x[base]) + shift, max(squares - total * shift, 0.0));
  }
  let at = lane.y * WX + lane.x;
  lanes[at] = all;
  for (var half = WX / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane.x < half) {
      lanes[at] = joinMoments(lanes[at], lanes[at + half]);
    }
  }
  if (lane.x == 0u && row < params.rows) {
    let total = lanes[at];
    if (FINAL == 1u) {
      stats[row] = vec4f(total.y, 1.0 / sqrt(total.z / total.x + params.eps), total.z, 0.0);
    } else {
      stats[row * params.chunks + group.x] = vec4f(total, 0.0);
    }
  }
}
