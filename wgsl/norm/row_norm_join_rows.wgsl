// rows [rows] = sums of the parts [rows, rowPlanes, chunks] of row_norm_sums, each plane's times the weight of its channel.
// WX lanes share a row.
struct Params {
  rows: u32,
  rowPlanes: u32,
  chunks: u32,
  channels: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<vec2f>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read_write> rows: array<vec2f>;

override WX: u32 = 64u;
override WY: u32 = 1u;
override WEIGHT: u32 = 0u;

var<workgroup> lanes: array<vec2f, 64>;

@compute @workgroup_size(WX, WY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = (group.z * groups.y + group.y) * WY + lane.y;
  var sums = vec2f(0.0);
  if (row < params.rows) {
    let count = params.rowPlanes * params.chunks;
    for (var k = lane.x; k < count; k += WX) {
      var part = parts[row * count + k];
      if (WEIGHT == 1u) {
        part *= weight[(row * params.rowPlanes + k / params.chunks) % params.channels];
      }
      sums += part;
    }
  }
  let at = lane.y * WX + lane.x;
  lanes[at] = sums;
  for (var half = WX / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane.x < half) {
      lanes[at] += lanes[at + half];
    }
  }
  if (lane.x == 0u && row < params.rows) {
    rows[row] = lanes[at];
  }
}
