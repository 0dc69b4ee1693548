// e moves towards p by the share `weight`: an exponential moving average.
import package::lib::walk::{LANES, EACH};

struct Params {
  n: u32,
  weight: f32,
}
// What is taken at a time: a number, or four.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> p: array<number>;
@group(0) @binding(2) var<storage, read_write> e: array<number>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let start = (group.y * groups.x + group.x) * LANES * EACH + lane;
  for (var i = start; i < min(start + LANES * EACH, params.n); i += LANES) {
    e[i] += params.weight * (p[i] - e[i]);
  }
}
