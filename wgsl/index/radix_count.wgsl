// One pass of a stable radix sort, first part. Each invocation counts the 16 digits (keys >> shift) & 15 of its block of
// `each` keys: table [16, blocks].
struct Params {
  n: u32,
  each: u32,
  blocks: u32,
  shift: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read_write> table: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let block = id.y * groups.x * 64u + id.x;
  if (block >= params.blocks) {
    return;
  }
  var counts: array<u32, 16>;
  for (var i = block * params.each; i < min((block + 1u) * params.each, params.n); i++) {
    counts[(keys[i] >> params.shift) & 15u]++;
  }
  for (var digit = 0u; digit < 16u; digit++) {
    table[digit * params.blocks + block] = counts[digit];
  }
}
