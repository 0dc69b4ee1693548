// From sums [batch, classes] of (p t, p^2, t^2, 0): terms [classes] = -weight * ln(mean over the batch of D), D = (2 sum p t +
// eps) / (sum p^2 + sum t^2 + eps); and slopes [batch, classes] (a, b), so that the gradient of p is a t + b p. An invocation a
// class.
import package::lib::math::isNan;
import package::lib::losses::logExact;

struct Params {
  batch: u32,
  classes: u32,
  eps: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> sums: array<vec4f>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> terms: array<f32>;
@group(0) @binding(4) var<storage, read_write> slopes: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c = id.x;
  if (c >= params.classes) {
    return;
  }
  var total = 0.0;
  for (var n = 0u; n < params.batch; n++) {
    let s = sums[n * params.classes + c];
    total += (2.0 * s.x + params.eps) / (s.y + s.z + params.eps);
  }
  let mean = total / f32(params.batch);
  let weight = weights[c];
  terms[c] = select(-weight * logExact(mean), total, isNan(total));
  let share = -weight / (mean * f32(params.batch));
  for (var n = 0u; n < params.batch; n++) {
    let s = sums[n * params.classes + c];
    let below = s.y + s.z + params.eps;
    let above = 2.0 * s.x + params.eps;
    slopes[n * params.classes + c] = share * vec2f(2.0 / below, -2.0 * above / (below * below));
  }
}
