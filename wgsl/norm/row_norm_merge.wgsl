// Joins the parts [rows, chunks] of row_norm_stats, a workgroup a row, always in the same order, to the stats [rows].
import package::lib::join_moments::joinMoments;

struct Params {
  rows: u32,
  chunks: u32,
  eps: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec4f>;

var<workgroup> lanes: array<vec3f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let row = group.y * groups.x + group.x;
  let base = min(row, params.rows - 1u) * params.chunks;
  var all = vec3f(0.0);
  for (var k = lane; k < params.chunks; k += 64u) {
    all = joinMoments(all, parts[base + k].xyz);
  }
  lanes[lane] = all;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      lanes[lane] = joinMoments(lanes[lane], lanes[lane + half]);
    }
  }
  if (lane == 0u && row < params.rows) {
    let total = lanes[0];
    stats[row] = vec4f(total.y, 1.0 / sqrt(total.z / total.x + params.eps), total.z, 0.0);
  }
}
