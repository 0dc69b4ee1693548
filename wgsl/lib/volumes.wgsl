// Volumes of d * h * w voxels, each shared by `chunks` invocations as the maps of lib/maps.wgsl are. A cloud is what is known
// of softmax(z) over some of the voxels: the largest z, and the sums of e = exp(z - largest) and of e times each coordinate.
struct Cloud {
  top: f32,
  total: f32,
  x: f32,
  y: f32,
  z: f32,
}
fn nextVoxel(p: vec3u, step: vec3u, w: u32, h: u32) -> vec3u {
  let x = p.x + step.x;
  let right = x >= w;
  let y = p.y + step.y + select(0u, 1u, right);
  let below = y >= h;
  return vec3u(select(x, x - w, right), select(y, y - h, below), p.z + step.z + select(0u, 1u, below));
}
