// y[i] = value.
import package::lib::walk::{LANES, EACH};

struct Params {
  n: u32,
  value: f32,
}
// What is taken at a time: a number, or four.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<number>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * LANES * EACH + lane;
  for (var i = first; i < min(first + LANES * EACH, params.n); i += LANES) {
    y[i] = number(params.value);
  }
}
