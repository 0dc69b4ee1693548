// points [maps, 3] = (column, row, slice) from clouds, on the grid that is asked for: scale * voxel + shift.
import package::lib::volumes::Cloud;

struct Params {
  maps: u32,
  scale: vec4f,
  shift: vec4f,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> stats: array<Cloud>;
@group(0) @binding(2) var<storage, read_write> points: array<f32>;

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
