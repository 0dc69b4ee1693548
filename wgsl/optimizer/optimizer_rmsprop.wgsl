// RMSProp (Tieleman and Hinton 2012) as PyTorch defines it, with d = g + l2 p: s = alpha s + (1 - alpha) d^2; with `centered` the
// mean of d in m, its square taken from s; r = d / (sqrt(s - m^2) + eps); with `momentum` b = momentum b + r takes r's place;
// p = keep p - lr r. Nothing changes where the gradients were not finite.
import package::lib::walk::{LANES, EACH};

struct Params {
  n: u32,
  lr: f32,
  alpha: f32,
  rest: f32, // 1 - alpha, which float32 would lose
  momentum: f32,
  eps: f32,
  l2: f32,
  keep: f32, // 1 - lr decay
}
// What is taken at a time: a number, or four.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<number>;
@group(0) @binding(2) var<storage, read> control: array<u32>;
@group(0) @binding(3) var<storage, read_write> p: array<number>;
@group(0) @binding(4) var<storage, read_write> s: array<number>;
@group(0) @binding(5) var<storage, read_write> b: array<number>;
@group(0) @binding(6) var<storage, read_write> m: array<number>;
override CENTERED: u32 = 0u;
override MOVING: u32 = 0u; // 1: with momentum

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
    let square = params.alpha * s[i] + params.rest * d * d;
    s[i] = square;
    var root = sqrt(square);
    if (CENTERED == 1u) {
      let mean = params.alpha * m[i] + params.rest * d;
      m[i] = mean;
      root = sqrt(max(square - mean * mean, number(0.0))); // the rounding of two equal numbers must not go below 0
    }
    var r = d / (root + params.eps);
    if (MOVING == 1u) {
      r += params.momentum * b[i];
      b[i] = r;
    }
    p[i] = old * params.keep - params.lr * r;
  }
}
