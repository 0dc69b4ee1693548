// points [maps, AXES] = (column, row), or the column alone, from stats [maps] of soft_argmax2d_stats, on the grid that is asked
// for: scale * pixel + shift.
struct Params {
  maps: u32,
  scaleX: f32,
  scaleY: f32,
  shiftX: f32,
  shiftY: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> stats: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> points: array<f32>;

override AXES: u32 = 2u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i < params.maps) {
    let s = stats[i];
    let point = s.zw / s.y * vec2f(params.scaleX, params.scaleY) + vec2f(params.shiftX, params.shiftY);
    points[i * AXES] = point.x;
    if (AXES == 2u) {
      points[i * AXES + 1u] = point.y;
    }
  }
}
