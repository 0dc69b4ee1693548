// One pass of a stable radix sort, last part. Each invocation moves the keys of its block, and the numbers they had at the
// start, to the places that `table` [16, blocks] keeps for their digits, in their order. With FIRST a key's number is its place.
struct Params {
  n: u32,
  each: u32,
  blocks: u32,
  shift: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> table: array<u32>;
@group(0) @binding(4) var<storage, read_write> keysOut: array<u32>;
@group(0) @binding(5) var<storage, read_write> orderOut: array<u32>;

override FIRST: u32 = 0u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let block = id.y * groups.x * 64u + id.x;
  if (block >= params.blocks) {
    return;
  }
  var next: array<u32, 16>;
  for (var digit = 0u; digit < 16u; digit++) {
    next[digit] = table[digit * params.blocks + block];
  }
  for (var i = block * params.each; i < min((block + 1u) * params.each, params.n); i++) {
    let key = keys[i];
    let digit = (key >> params.shift) & 15u;
    let to = next[digit];
    next[digit] = to + 1u;
    keysOut[to] = key;
    if (FIRST == 1u) {
      orderOut[to] = i;
    } else {
      orderOut[to] = order[i];
    }
  }
}
