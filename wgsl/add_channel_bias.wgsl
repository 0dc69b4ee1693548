// y [rows, inner] += bias [channels], in place; row r is of channel r % channels.
struct Params {
  rows: u32,
  each: u32,
  channels: u32,
  inner: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bias: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

// @include lib/rows.wgsl
// Images as rows of columns: WX lanes along the columns, WY invocations beside each other along the rows, and
// params.each rows one after the other in an invocation (starting a workgroup costs as much as dozens of loads).
override WX: u32 = 64u;
override WY: u32 = 1u;
// @end

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.inner || first >= params.rows) {
    return;
  }
  var channel = first % params.channels;
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    y[row * params.inner + id.x] += bias[channel];
    channel = select(channel + 1u, 0u, channel + 1u == params.channels);
  }
}
