// points [maps, 2] = (column, row) from stats [maps] of soft_argmax2d_stats.
struct Params {
  maps: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> stats: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> points: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i < params.maps) {
    let s = stats[i];
    points[i] = s.zw / s.y;
  }
}
