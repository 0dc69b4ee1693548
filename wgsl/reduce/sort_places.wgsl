// places [outer, count, inner] = the places along `length` of the first `count` elements of each line, from `order`
// [outer, inner, length], which names elements of lines of `length`.
struct Params {
  n: u32,
  length: u32,
  inner: u32,
  count: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read_write> places: array<u32>;

// Starting a work-group is dear on software adapters: each invocation takes four elements, 64 apart.
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * 256u + lane;
  for (var k = 0u; k < 4u; k++) {
    let i = first + 64u * k;
    if (i < params.n) {
      let column = i % params.inner;
      let rest = i / params.inner;
      let outer = rest / params.count;
      let line = outer * params.inner + column;
      places[i] = order[line * params.length + rest - outer * params.count] - line * params.length;
    }
  }
}
