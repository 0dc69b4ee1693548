// y [rows, k] = scale where the entry is among the `top` largest of its row, else 0. Of equal ones the first counts more; a NaN
// counts as larger than any number, so that it is seen.
import package::lib::math::isNan;

struct Params {
  rows: u32,
  k: u32,
  top: u32,
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.rows * params.k) {
    return;
  }
  let first = (i / params.k) * params.k;
  let own = x[i];
  let ownNan = isNan(own);
  var before = 0u;
  for (var j = first; j < first + params.k; j++) {
    let v = x[j];
    let nan = isNan(v);
    let tie = (nan && ownNan) || (!nan && v == own);
    before += select(0u, 1u, (nan && !ownNan) || (!nan && v > own) || (tie && j < i));
  }
  y[i] = select(0.0, params.scale, before < params.top);
}
