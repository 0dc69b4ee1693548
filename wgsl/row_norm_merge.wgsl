// Joins the parts [rows, chunks] of row_norm_stats, a workgroup a row, always in the same order, to the stats [rows].
struct Params {
  rows: u32,
  chunks: u32,
  eps: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec4f>;

// @include lib/join_moments.wgsl
// (count, mean, sum of squared deviations) of two sets taken together: Chan, Golub, LeVeque 1983.
fn join_moments(a: vec3f, b: vec3f) -> vec3f {
  let n = a.x + b.x;
  let share = select(b.x / max(n, 1.0), 0.0, b.x == 0.0);
  let d = b.y - a.y;
  return vec3f(n, a.y + d * share, a.z + b.z + d * d * a.x * share);
}
// The middle one of three entries: sums of squares are measured from it, so that one entry far from all others spoils none.
fn middle_of(a: f32, b: f32, c: f32) -> f32 {
  return max(min(a, b), min(max(a, b), c));
}
// @end

var<workgroup> lanes: array<vec3f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let row = group.y * groups.x + group.x;
  let base = min(row, params.rows - 1u) * params.chunks;
  var all = vec3f(0.0);
  for (var k = lane; k < params.chunks; k += 64u) {
    all = join_moments(all, parts[base + k].xyz);
  }
  lanes[lane] = all;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      lanes[lane] = join_moments(lanes[lane], lanes[lane + half]);
    }
  }
  if (lane == 0u && row < params.rows) {
    let total = lanes[0];
    stats[row] = vec4f(total.y, 1.0 / sqrt(total.z / total.x + params.eps), total.z, 0.0);
  }
}
