// y[i] = sum over s < split of x[s, i], in that order: the end of a reduction that was cut into pieces.
struct Params {
  count: u32,
  split: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let at = id.y * grid.x * 64u + id.x;
  if (at >= params.count) {
    return;
  }
  var sum = 0.0;
  for (var s = 0u; s < params.split; s++) {
    sum += x[s * params.count + at];
  }
  y[at] = sum;
}
