// inputGrad from planesGrad, the gradient of the planes: each place adds up its copies, in the order of the taps.
import package::lib::conv3d_planes::Params;
import package::lib::rows::{WX, WY};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> planesGrad: array<f32>;
@group(0) @binding(2) var<storage, read_write> inputGrad: array<f32>;

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.inner || first >= params.rows) {
    return;
  }
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    let z = row % params.d + params.pad;
    let c = row / params.d % params.c;
    let n = row / (params.d * params.c);
    var total = 0.0;
    for (var k = 0u; k < params.kd; k++) {
      let down = k * params.dilation;
      let oz = (z - min(z, down)) / params.stride;
      if (z >= down && (z - down) % params.stride == 0u && oz < params.outD) {
        total += planesGrad[(((n * params.outD + oz) * params.c + c) * params.kd + k) * params.inner + id.x];
      }
    }
    inputGrad[row * params.inner + id.x] = total;
  }
}
