// Joins clouds: from [maps, length] to [maps, chunks]; chunk c takes c, c + chunks, ...
struct Params {
  maps: u32,
  length: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<Cloud>;
@group(0) @binding(2) var<storage, read_write> stats: array<Cloud>;

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
  if (i >= params.maps * params.chunks) {
    return;
  }
  let base = (i / params.chunks) * params.length;
  let chunk = i % params.chunks;
  var all = parts[base + chunk];
  for (var l = chunk + params.chunks; l < params.length; l += params.chunks) {
    let part = parts[base + l];
    let top = max(all.top, part.top);
    let a = exp(all.top - top);
    let b = exp(part.top - top);
    all = Cloud(top, all.total * a + part.total * b, all.x * a + part.x * b, all.y * a + part.y * b, all.z * a + part.z * b);
  }
  stats[i] = all;
}
