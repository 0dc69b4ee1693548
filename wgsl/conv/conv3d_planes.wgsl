// Gathers the planes u from x, zero in the padding: what makes a 3-D convolution one of 2-D over c * kd channels.
import package::lib::conv3d_planes::Params;
import package::lib::rows::{WX, WY};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> u: array<f32>;

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.inner || first >= params.rows) {
    return;
  }
  var k = first % params.kd;
  var c = first / params.kd % params.c;
  var oz = first / (params.kd * params.c) % params.outD;
  var n = first / (params.kd * params.c * params.outD);
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    // Depths before the volume wrap to numbers far beyond it.
    let z = oz * params.stride + k * params.dilation - params.pad;
    let at = (n * params.c + c) * params.d + min(z, params.d - 1u);
    u[row * params.inner + id.x] = select(0.0, x[at * params.inner + id.x], z < params.d);
    k++;
    if (k == params.kd) {
      k = 0u;
      c++;
      if (c == params.c) {
        c = 0u;
        oz++;
        if (oz == params.outD) {
          oz = 0u;
          n++;
        }
      }
    }
  }
}
