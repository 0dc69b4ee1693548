// y[i] = f(a, b, c) over the broadcast shape (lib/broadcast_places.wgsl), all as bits: integers of either kind, and conditions.
import package::lib::broadcast_places::{params, placesOf};
import package::lib::walk::{LANES, EACH};

@group(0) @binding(1) var<storage, read> a: array<u32>;
@group(0) @binding(2) var<storage, read> b: array<u32>;
@group(0) @binding(3) var<storage, read> c: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<u32>;

// A number in place of a tensor, in two halves: float32 would round it.
fn numberOf(p0: f32, p1: f32) -> u32 {
  return u32(p0) | (u32(p1) << 16u);
}
fn f(a: u32, b: u32, c: u32, number: u32) -> u32 {
  return a + b + c + number; // @expr f
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * LANES * EACH + lane;
  let number = numberOf(params.p0, params.p1);
  for (var i = first; i < min(first + LANES * EACH, params.n); i += LANES) {
    let at = placesOf(i);
    y[i] = f(a[at.x], b[at.y], c[at.z], number);
  }
}
