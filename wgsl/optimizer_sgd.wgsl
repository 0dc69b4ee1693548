// Stochastic gradient descent as PyTorch defines it: d = g + l2 p; v = momentum v + damped d; p -= lr (d + momentum v with
// Nesterov, else v, else d without momentum). Nothing changes where the gradients were not finite.
struct Params {
  n: u32,
  lr: f32,
  momentum: f32,
  damped: f32, // 1 - dampening
  l2: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read> control: array<u32>;
@group(0) @binding(3) var<storage, read_write> p: array<f32>;
@group(0) @binding(4) var<storage, read_write> v: array<f32>;
override kind: u32 = 0u; // 0 plain, 1 momentum, 2 Nesterov

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.n || control[2] == 0u) {
    return;
  }
  let old = p[i];
  var d = g[i] * bitcast<f32>(control[0]) + params.l2 * old;
  if (kind > 0u) {
    let velocity = params.momentum * v[i] + params.damped * d;
    v[i] = velocity;
    d = select(velocity, d + params.momentum * velocity, kind == 2u);
  }
  p[i] = old - params.lr * d;
}
