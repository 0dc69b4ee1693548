// A workgroup a map [h, w]: y = means, weighted by p, of the squared distance to the mean (column, row), along columns and rows;
// stats (mean column, mean row, 1 / sum of p, 0) for the gradient.
struct Params {
  maps: u32,
  size: u32,
  w: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> p: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> stats: array<vec4f>;

var<workgroup> lanes: array<vec4f, 64>;

fn join(lane: u32, own: vec4f) -> vec4f {
  workgroupBarrier();
  lanes[lane] = own;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      lanes[lane] += lanes[lane + half];
    }
  }
  workgroupBarrier();
  return lanes[0];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let map = group.y * groups.x + group.x;
  let base = map * params.size;
  let end = select(params.size, 0u, map >= params.maps);
  // Counted from the middle of the map, so that the sums stay small.
  let middle = vec2f(f32(params.w - 1u), f32(params.size / params.w - 1u)) * 0.5;
  var first = vec4f(0.0);
  for (var l = lane; l < end; l += 64u) {
    let v = p[base + l];
    let place = vec2f(f32(l % params.w), f32(l / params.w)) - middle;
    first += vec4f(v * place, v, 0.0);
  }
  let all = join(lane, first);
  let center = middle + all.xy / all.z;
  var second = vec4f(0.0);
  for (var l = lane; l < end; l += 64u) {
    let away = vec2f(f32(l % params.w), f32(l / params.w)) - center;
    second += vec4f(p[base + l] * away * away, 0.0, 0.0);
  }
  let spread = join(lane, second);
  if (lane == 0u && map < params.maps) {
    y[map] = spread.xy / all.z;
    stats[map] = vec4f(center, 1.0 / all.z, 0.0);
  }
}
