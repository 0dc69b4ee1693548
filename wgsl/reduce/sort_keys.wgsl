// keys [outer, inner, length] of x [outer, length, inner]: unsigned numbers in the order of x, the largest for NaN; with DESCENDING in
// the opposite one. x holds float32 (KIND 0), whole numbers (1) or those without a sign (2). Both zeros have one key.
struct Params {
  n: u32,
  length: u32,
  inner: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> keys: array<u32>;

override KIND: u32 = 0u;
override DESCENDING: u32 = 0u;

const high: u32 = 0x80000000u;

fn keyOf(bits: u32) -> u32 {
  if (KIND == 2u) {
    return bits;
  }
  if (KIND == 1u) {
    return bits ^ high;
  }
  let size = bits & 0x7fffffffu;
  let number = select(bits | high, ~bits, bits > high);
  return select(number, 0xffffffffu, size > 0x7f800000u);
}

// Starting a work-group is dear on software adapters: each invocation takes four elements, 64 apart.
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * 256u + lane;
  for (var k = 0u; k < 4u; k++) {
    let i = first + 64u * k;
    if (i < params.n) {
      let line = i / params.length;
      let place = i - line * params.length;
      let outer = line / params.inner;
      let at = (outer * params.length + place) * params.inner + (line - outer * params.inner);
      let key = keyOf(x[at]);
      keys[i] = select(key, ~key, DESCENDING == 1u);
    }
  }
}
