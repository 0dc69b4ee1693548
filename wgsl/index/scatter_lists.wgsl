// For each line of index [outer, length, inner] along the middle (SHARED: the one line [length]) the places that name the same
// target, as lists in ascending order: head[target] is the first place + 1, next[place] the following place + 1, 0 ends a
// list. head [outer, size + 1, inner] comes zeroed; its last row counts indices outside 0 to size - 1. An invocation walks
// its line from the end, alone, so the order is always the same.
struct Params {
  lines: u32, // outer * inner
  length: u32,
  inner: u32,
  size: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> index: array<u32>;
@group(0) @binding(2) var<storage, read_write> head: array<u32>;
@group(0) @binding(3) var<storage, read_write> next: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let line = id.y * groups.x * 64u + id.x;
  if (line >= params.lines) {
    return;
  }
  let column = line % params.inner;
  let row = line / params.inner;
  let places = row * params.length * params.inner + column;
  let targets = row * (params.size + 1u) * params.inner + column;
  for (var back = 0u; back < params.length; back++) {
    let place = params.length - 1u - back;
    let at = index[places + place * params.inner];
    let slot = targets + min(at, params.size) * params.inner;
    next[places + place * params.inner] = head[slot];
    head[slot] = place + 1u;
  }
}
