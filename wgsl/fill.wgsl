// y[i] = value.
struct Params {
  n: u32,
  value: f32,
}
// What is taken at a time: a number, or four.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<number>;

// @include lib/walk.wgsl
// A workgroup walks LANES * EACH elements (numbers, or fours of them), LANES apart. GPUs want wide workgroups; software adapters
// run the subgroups of one after the other, so that only a workgroup of a single subgroup meets memory in its order.
override LANES: u32 = 64u;
override EACH: u32 = 4u;
// @end

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * LANES * EACH + lane;
  for (var i = first; i < min(first + LANES * EACH, params.n); i += LANES) {
    y[i] = number(params.value);
  }
}
