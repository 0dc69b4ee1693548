// parts [maps, chunks] of the clouds of z = beta * x, in one reading of x [maps, d * h * w].
struct Params {
  maps: u32,
  size: u32, // d * h * w
  w: u32,
  h: u32,
  chunks: u32,
  step_x: u32,
  step_y: u32,
  step_z: u32,
  beta: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> parts: array<Cloud>;

// @include lib/volumes.wgsl
// Volumes of d * h * w voxels, each shared by `chunks` invocations as the maps of lib/maps.wgsl are. A cloud is what is known
// of softmax(z) over some of the voxels: the largest z, and the sums of e = exp(z - largest) and of e times each coordinate.
struct Cloud {
  top: f32,
  total: f32,
  x: f32,
  y: f32,
  z: f32,
}
fn next_voxel(p: vec3u, step: vec3u, w: u32, h: u32) -> vec3u {
  let x = p.x + step.x;
  let right = x >= w;
  let y = p.y + step.y + select(0u, 1u, right);
  let below = y >= h;
  return vec3u(select(x, x - w, right), select(y, y - h, below), p.z + step.z + select(0u, 1u, below));
}
// @end

// @include lib/nan.wgsl
fn is_nan(a: f32) -> bool {
  return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u; // "a != a" is folded away by drivers
}
// exp and log that hand a NaN on; SwiftShader's own make a number of it.
fn exp_or_nan(a: f32) -> f32 {
  return select(exp(a), a, is_nan(a));
}
fn log_or_nan(a: f32) -> f32 {
  return select(log(a), a, is_nan(a));
}
// @end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let chunk = i % params.chunks;
  let base = i / params.chunks * params.size;
  let step = vec3u(params.step_x, params.step_y, params.step_z);
  let column = chunk % params.w;
  let line = chunk / params.w;
  var at = vec3u(column, line % params.h, line / params.h);
  var top = -3.4028234e38;
  var sums = vec4f(0.0);
  for (var l = chunk; l < params.size; l += params.chunks) {
    let z = params.beta * x[base + l];
    let e = exp_or_nan(-abs(z - top));
    let place = vec4f(1.0, vec3f(at));
    sums = select(sums + e * place, sums * e + place, vec4<bool>(z > top));
    top = max(top, z);
    at = next_voxel(at, step, params.w, params.h);
  }
  parts[i] = Cloud(top, sums.x, sums.y, sums.z, sums.w);
}
