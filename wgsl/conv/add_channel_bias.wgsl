// y [rows, inner] += bias [channels], in place; row r is of channel r % channels.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32,
  each: u32,
  channels: u32,
  inner: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bias: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

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
