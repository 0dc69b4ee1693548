// Adam (Kingma and Ba, 2015) with l2 in the gradient, or AdamW (Loshchilov and Hutter, 2019) with `keep` = 1 - lr decay
// on the weights; 1 - beta comes as `rest`, since float32 would lose it. Nothing changes where the gradients were not
// finite.
import package::lib::walk::{LANES, EACH};

struct Params {
  n: u32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  rate: f32, // lr / (1 - beta1^t)
  root: f32, // sqrt(1 - beta2^t)
  eps: f32,
  l2: f32,
  keep: f32,
}
// What is taken at a time: a number, or four.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<number>;
@group(0) @binding(2) var<storage, read> control: array<u32>;
@group(0) @binding(3) var<storage, read_write> p: array<number>;
@group(0) @binding(4) var<storage, read_write> m: array<number>;
@group(0) @binding(5) var<storage, read_write> v: array<number>;

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
    let mean = params.beta1 * m[i] + params.rest1 * d;
    let square = params.beta2 * v[i] + params.rest2 * d * d;
    m[i] = mean;
    v[i] = square;
    p[i] = old * params.keep - params.rate * mean / (sqrt(square) / params.root + params.eps);
  }
}
