// AdaGrad (Duchi et al. 2011) as PyTorch defines it, with d = g + l2 p: s += d^2; p = keep p - rate d / (sqrt(s) + eps). Nothing
// changes where the gradients were not finite.
import package::lib::walk::{LANES, EACH};

struct Params {
  n: u32,
  rate: f32, // lr / (1 + (t - 1) lr decay)
  eps: f32,
  l2: f32,
  keep: f32, // 1 - lr decay of the weights
}
// What is taken at a time: a number, or four.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<number>;
@group(0) @binding(2) var<storage, read> control: array<u32>;
@group(0) @binding(3) var<storage, read_write> p: array<number>;
@group(0) @binding(4) var<storage, read_write> s: array<number>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  if (control[2] == 0u) {
    return;
  }
  let clip = bitcast<f32>(control[0]);
  let start = (group.y * groups.x + group.x) * LANES * EACH + lane;
  for (var i = start; i < min(start + LANES * EACH, params.n); i += LANES) {
    let old = p[i];
    let d = g[i] * clip + params.l2 * old;
    let total = s[i] + d * d;
    s[i] = total;
    p[i] = old * params.keep - params.rate * d / (sqrt(total) + params.eps);
  }
}
