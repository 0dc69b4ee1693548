// y [rows, s] = x * scale where the row-th word of the stream `key`, cut to 24 bits, is at least `threshold`; else 0. WX lanes
// along a row, WY rows beside each other; an invocation draws once for all its entries.
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

// @include lib/threefry.wgsl
// Threefry-2x32 with 20 rounds, bit for bit as src/random.ts: the words of counter c under key k.
fn threefry_rounds(v: vec2u, r: vec4u) -> vec2u {
  var x = v;
  for (var i = 0u; i < 4u; i++) {
    x.x += x.y;
    x.y = ((x.y << r[i]) | (x.y >> (32u - r[i]))) ^ x.x;
  }
  return x;
}
fn threefry(k: vec2u, c: vec2u) -> vec2u {
  let k2 = 0x1bd11bdau ^ k.x ^ k.y;
  let even = vec4u(13u, 15u, 26u, 6u);
  let odd = vec4u(17u, 29u, 16u, 24u);
  var x = threefry_rounds(c + k, even) + vec2u(k.y, k2 + 1u);
  x = threefry_rounds(x, odd) + vec2u(k2, k.x + 2u);
  x = threefry_rounds(x, even) + vec2u(k.x, k.y + 3u);
  x = threefry_rounds(x, odd) + vec2u(k.y, k2 + 4u);
  return threefry_rounds(x, even) + vec2u(k2, k.x + 5u);
}
// @end

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
