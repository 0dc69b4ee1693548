// y[i] = x[i] * scale where the i-th word of the stream `key`, cut to 24 bits, is at least `threshold`; else 0. An
// invocation takes four pairs of entries, a pair for each block of two words, 64 pairs apart.
struct Params {
  n: u32,
  k0: u32,
  k1: u32,
  threshold: u32,
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

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

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * 256u + lane;
  for (var k = 0u; k < 4u; k++) {
    let block = first + k * 64u;
    let i = 2u * block;
    if (i >= params.n) {
      break;
    }
    let words = threefry(vec2u(params.k0, params.k1), vec2u(block, 0u)) >> vec2u(8u);
    y[i] = select(0.0, x[i] * params.scale, words.x >= params.threshold);
    if (i + 1u < params.n) {
      y[i + 1u] = select(0.0, x[i + 1u] * params.scale, words.y >= params.threshold);
    }
  }
}
