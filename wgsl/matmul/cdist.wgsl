// y [batch, p, r] = the distance between each vector a [batch, p, m] and each b [batch, r, m]. Sums of powers are kept in parts of the
// largest difference so far, as in BLAS's nrm2: no power leaves float32.
import package::lib::distance_params::{params, KIND};
import package::lib::math::isNan;

@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn powered(v: f32) -> f32 {
  if (KIND == 2u) {
    return v * v;
  }
  return select(pow(v, params.power), 0.0, v == 0.0);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = id.y * groups.x * 64u + id.x;
  if (at >= params.n) {
    return;
  }
  let row = at / params.r; // of a, through all batches
  let fromA = row * params.m;
  let fromB = ((row / params.p) * params.r + at % params.r) * params.m;
  var top = 0.0;
  var sum = 0.0;
  var bad = 0u;
  for (var k = 0u; k < params.m; k++) {
    let difference = a[fromA + k] - b[fromB + k];
    let size = abs(difference);
    bad |= select(0u, bitcast<u32>(difference), isNan(difference));
    if (KIND == 1u) {
      sum += size;
    } else if (KIND == 4u) {
      sum += select(1.0, 0.0, size == 0.0);
    } else if (size > top) {
      if (KIND != 3u) {
        sum = sum * powered(top / size) + 1.0;
      }
      top = size;
    } else if (KIND != 3u && size > 0.0) {
      sum += powered(size / top);
    }
  }
  var result = sum;
  if (KIND == 2u) {
    result = top * sqrt(sum);
  } else if (KIND == 0u) {
    result = top * select(pow(sum, 1.0 / params.power), 0.0, sum == 0.0);
  } else if (KIND == 3u) {
    result = top;
  }
  result = select(result, top, top > 3.4028234e38);
  y[at] = select(result, bitcast<f32>(bad | 0x7fc00000u), bad != 0u);
}
