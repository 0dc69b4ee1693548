// y [outer, length, inner] = x [outer, size, inner] taken along the middle at index, which is [outer, length, inner] or, SHARED,
// [length]. An index outside 0 to size - 1 gives NaN.
struct Params {
  n: u32,
  length: u32,
  inner: u32,
  size: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> index: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;

override SHARED: u32 = 0u;

// Starting a work-group is dear on software adapters: each invocation takes four elements, 64 apart.
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * 256u + lane;
  for (var k = 0u; k < 4u; k++) {
    let i = first + 64u * k;
    if (i < params.n) {
      let column = i % params.inner;
      let line = i / params.inner;
      let at = index[select(i, line % params.length, SHARED == 1u)]; // negative: large
      let row = line / params.length;
      let inside = at < params.size;
      let value = x[(row * params.size + select(0u, at, inside)) * params.inner + column];
      y[i] = select(0x7fc00000u, value, inside);
    }
  }
}
