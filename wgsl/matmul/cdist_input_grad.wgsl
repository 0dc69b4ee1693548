// inputGrad [batch, p, m] of the distances y [batch, p, r] between a [batch, p, m] and b [batch, r, m]: sums over r in their order. Of b
// by exchanging the two, with the steps of y and g exchanged.
import package::lib::distance_params::{params, KIND};

@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> y: array<f32>;
@group(0) @binding(4) var<storage, read> g: array<f32>;
@group(0) @binding(5) var<storage, read_write> inputGrad: array<f32>;

fn slope(difference: f32, distance: f32) -> f32 {
  let size = abs(difference);
  if (KIND == 1u) {
    return sign(difference);
  }
  if (KIND == 3u) {
    return select(0.0, sign(difference), size == distance);
  }
  if (KIND == 2u) {
    return difference / distance;
  }
  return sign(difference) * pow(size / distance, params.power - 1.0);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = id.y * groups.x * 64u + id.x;
  if (at >= params.n) {
    return;
  }
  let row = at / params.m;
  let k = at - row * params.m;
  let batch = row / params.p;
  let table = batch * params.p * params.r + (row - batch * params.p) * params.stepI;
  let value = a[at];
  var sum = 0.0;
  for (var j = 0u; j < params.r; j++) {
    let difference = value - b[(batch * params.r + j) * params.m + k];
    let place = table + j * params.stepJ;
    let distance = y[place];
    sum += select(g[place] * slope(difference, distance), 0.0, difference == 0.0 || distance == 0.0);
  }
  inputGrad[at] = sum;
}
