// Sums of the squares of g, a partial sum an invocation: partials[first + group * LANES + lane] is that of the entries which
// wgsl/lib/walk.wgsl gives it, always in that order. A NaN or an infinity in g shows in its sum.
import package::lib::walk::{LANES, EACH};

struct Params {
  n: u32,
  first: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let start = group.x * LANES * EACH + lane;
  var total = 0.0;
  for (var i = start; i < min(start + LANES * EACH, params.n); i += LANES) {
    let v = g[i];
    total += v * v;
  }
  partials[params.first + group.x * LANES + lane] = total;
}
