// points [maps, 3] = (column, row, slice) from clouds, on the grid that is asked for: scale * voxel + shift.
struct Params {
  maps: u32,
  scale: vec4f,
  shift: vec4f,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> stats: array<Cloud>;
@group(0) @binding(2) var<storage, read_write> points: array<f32>;

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

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i < params.maps) {
    let s = stats[i];
    let point = vec3f(s.x, s.y, s.z) / s.total * params.scale.xyz + params.shift.xyz;
    points[i * 3u] = point.x;
    points[i * 3u + 1u] = point.y;
    points[i * 3u + 2u] = point.z;
  }
}
