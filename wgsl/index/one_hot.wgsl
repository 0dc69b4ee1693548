// y [n / classes, classes] = 1 where the class is the row's index, else 0; a row of NaN for an index outside 0 to classes - 1.
struct Params {
  n: u32,
  classes: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> index: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

// Starting a work-group is dear on software adapters: each invocation takes four elements, 64 apart.
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * 256u + lane;
  for (var k = 0u; k < 4u; k++) {
    let i = first + 64u * k;
    if (i < params.n) {
      let at = index[i / params.classes];
      let hot = select(0u, 0x3f800000u, at == i % params.classes);
      y[i] = select(0x7fc00000u, hot, at < params.classes);
    }
  }
}
