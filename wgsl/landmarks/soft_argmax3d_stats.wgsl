// parts [maps, chunks] of the clouds of z = beta * x, in one reading of x [maps, d * h * w].
import package::lib::volumes::{Cloud, nextVoxel};
import package::lib::nan::expOrNan;

struct Params {
  maps: u32,
  size: u32, // d * h * w
  w: u32,
  h: u32,
  chunks: u32,
  stepX: u32,
  stepY: u32,
  stepZ: u32,
  beta: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> parts: array<Cloud>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let chunk = i % params.chunks;
  let base = i / params.chunks * params.size;
  let step = vec3u(params.stepX, params.stepY, params.stepZ);
  let column = chunk % params.w;
  let line = chunk / params.w;
  var at = vec3u(column, line % params.h, line / params.h);
  var top = -3.4028234e38;
  var sums = vec4f(0.0);
  for (var l = chunk; l < params.size; l += params.chunks) {
    let z = params.beta * x[base + l];
    let e = expOrNan(-abs(z - top));
    let place = vec4f(1.0, vec3f(at));
    sums = select(sums + e * place, sums * e + place, vec4<bool>(z > top));
    top = max(top, z);
    at = nextVoxel(at, step, params.w, params.h);
  }
  parts[i] = Cloud(top, sums.x, sums.y, sums.z, sums.w);
}
