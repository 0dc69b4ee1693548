// y = x [matrices, rows, columns] where column - row is at most `diagonal`, or with UPPER at least; else 0. Any 4-byte dtype.
struct Params {
  n: u32,
  rows: u32,
  columns: u32,
  diagonal: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

override UPPER: u32 = 0u;

// Starting a work-group is dear on software adapters: each invocation takes four elements, 64 apart.
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * 256u + lane;
  for (var k = 0u; k < 4u; k++) {
    let i = first + 64u * k;
    if (i < params.n) {
      let line = i / params.columns;
      let apart = i32(i - line * params.columns) - i32(line % params.rows);
      y[i] = select(0u, x[i], select(apart <= params.diagonal, apart >= params.diagonal, UPPER == 1u));
    }
  }
}
