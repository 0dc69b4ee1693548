// y[i] = x[i] * scale where the i-th word of the stream `key`, cut to 24 bits, is at least `threshold`; else 0. An
// invocation takes four pairs of entries, a pair for each block of two words, 64 pairs apart.
import package::lib::threefry::threefry;

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
