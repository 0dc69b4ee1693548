// y [rows, s] = x * scale where the row-th word of the stream `key`, cut to 24 bits, is at least `threshold`; else 0. WX lanes
// along a row, WY rows beside each other; an invocation draws once for all its entries.
import package::lib::threefry::threefry;

struct Params {
  rows: u32,
  s: u32,
  each: u32,
  k0: u32,
  k1: u32,
  threshold: u32,
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

override WX: u32 = 64u;
override WY: u32 = 1u;

@compute @workgroup_size(WX, WY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = (group.z * groups.y + group.y) * WY + lane.y;
  if (row >= params.rows) {
    return;
  }
  let words = threefry(vec2u(params.k0, params.k1), vec2u(row / 2u, 0u)) >> vec2u(8u);
  let keep = select(words.x, words.y, row % 2u == 1u) >= params.threshold;
  let base = row * params.s;
  let first = group.x * params.each * WX + lane.x;
  let last = min(params.s, first + params.each * WX);
  if (keep) {
    for (var i = first; i < last; i += WX) {
      y[base + i] = x[base + i] * params.scale;
    }
  } else {
    for (var i = first; i < last; i += WX) {
      y[base + i] = 0.0;
    }
  }
}
