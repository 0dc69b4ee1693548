// inputGrad [outer, length, inner], which comes zeroed: g [outer, count, inner] at its places along `length`. No two entries of a line
// have one place, so that each is stored once.
struct Params {
  n: u32,
  length: u32,
  inner: u32,
  count: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read> places: array<u32>;
@group(0) @binding(3) var<storage, read_write> inputGrad: array<f32>;

// Starting a work-group is dear on software adapters: each invocation takes four elements, 64 apart.
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * 256u + lane;
  for (var k = 0u; k < 4u; k++) {
    let i = first + 64u * k;
    if (i < params.n) {
      let column = i % params.inner;
      let outer = i / params.inner / params.count;
      inputGrad[(outer * params.length + places[i]) * params.inner + column] = g[i];
    }
  }
}
