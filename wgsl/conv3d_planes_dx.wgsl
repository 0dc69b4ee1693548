// dx from du, the gradient of the planes: each place adds up its copies, in the order of the taps.
// @include lib/conv3d_planes.wgsl
// x [n, c, d, inner] and its planes u [n, outD, c, kd, inner]: each output depth holds the kd planes it looks at.
struct Params {
  rows: u32, // of what is made
  each: u32,
  c: u32,
  d: u32,
  kd: u32,
  outD: u32,
  stride: u32,
  pad: u32,
  dilation: u32,
  inner: u32,
}
// @end
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> du: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

// @include lib/rows.wgsl
// Images as rows of columns: WX lanes along the columns, WY invocations beside each other along the rows, and
// params.each rows one after the other in an invocation (starting a workgroup costs as much as dozens of loads).
override WX: u32 = 64u;
override WY: u32 = 1u;
// @end

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
        total += du[(((n * params.outD + oz) * params.c + c) * params.kd + k) * params.inner + id.x];
      }
    }
    dx[row * params.inner + id.x] = total;
  }
}
