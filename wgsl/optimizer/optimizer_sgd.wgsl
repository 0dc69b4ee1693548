// Stochastic gradient descent with d = g + l2 p, as PyTorch defines it: v = momentum v + damped d; p = keep p - lr (d + momentum
// v with Nesterov, else v, else d without momentum); or as Lasagne does, whose velocity holds the rate: v = momentum v - lr d; p
// = keep p + (momentum v - lr d with Nesterov, else v). Nothing changes where the gradients were not finite.
import package::lib::walk::{LANES, EACH};

struct Params {
  n: u32,
  lr: f32,
  momentum: f32,
  damped: f32, // 1 - dampening
  l2: f32,
  keep: f32, // 1 - lr decay
}
// What is taken at a time: a number, or four.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<number>;
@group(0) @binding(2) var<storage, read> control: array<u32>;
@group(0) @binding(3) var<storage, read_write> p: array<number>;
@group(0) @binding(4) var<storage, read_write> v: array<number>;
override KIND: u32 = 0u; // 0 plain, 1 momentum, 2 Nesterov, 3 and 4 the same in Lasagne's form

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  if (control[2] == 0u) {
    return;
  }
  let clip = bitcast<f32>(control[0]);
  let start = (group.y * groups.x + group.x) * LANES * EACH + lane;
  for (var i = start; i < min(start + LANES * EACH, params.n); i += LANES) {
    let old = p[i];
    var d = g[i] * clip + params.l2 * old;
    if (KIND >= 3u) {
      let velocity = params.momentum * v[i] - params.lr * d;
      v[i] = velocity;
      p[i] = old * params.keep + select(velocity, params.momentum * velocity - params.lr * d, KIND == 4u);
    } else {
      if (KIND > 0u) {
        let velocity = params.momentum * v[i] + params.damped * d;
        v[i] = velocity;
        d = select(velocity, d + params.momentum * velocity, KIND == 2u);
      }
      p[i] = old * params.keep - params.lr * d;
    }
  }
}
