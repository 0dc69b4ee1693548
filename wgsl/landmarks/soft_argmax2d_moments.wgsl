// moments [maps, 6] of p = softmax(beta * h) over each map, a workgroup a map: mean column and row, the largest p, the
// variances of column and row, and their covariance, on the grid that is asked for: scale * pixel + shift. The second moments
// are taken about the mean, in a second reading. stats [maps, 2] keep for the gradient, in pixels, (largest z, 1 / sum, mean
// column and row) and (the variances, the covariance, 1 / number of pixels with the largest z).
import package::lib::maps::{Pixel, nextPixel};
import package::lib::nan::expOrNan;

struct Params {
  maps: u32,
  size: u32, // h * w
  w: u32,
  stepX: u32, // 64 % w
  stepY: u32, // 64 / w
  beta: f32,
  scaleX: f32,
  scaleY: f32,
  shiftX: f32,
  shiftY: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> h: array<f32>;
@group(0) @binding(2) var<storage, read_write> moments: array<f32>;
@group(0) @binding(3) var<storage, read_write> stats: array<vec4f>;

var<workgroup> lanes: array<vec4f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let map = group.y * groups.x + group.x;
  let base = min(map, params.maps - 1u) * params.size;
  var at = Pixel(lane % params.w, lane / params.w);
  var top = -3.4028234e38;
  var sums = vec3f(0.0);
  for (var l = lane; l < params.size; l += 64u) {
    let z = params.beta * h[base + l];
    let e = expOrNan(-abs(z - top));
    let place = vec3f(1.0, f32(at.x), f32(at.y));
    sums = select(sums + e * place, sums * e + place, vec3<bool>(z > top));
    top = max(top, z);
    at = nextPixel(at, params.stepX, params.stepY, params.w);
  }
  lanes[lane] = vec4f(top, sums);
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      let a = lanes[lane];
      let b = lanes[lane + half];
      let larger = max(a.x, b.x);
      lanes[lane] = vec4f(larger, a.yzw * exp(a.x - larger) + b.yzw * exp(b.x - larger));
    }
  }
  workgroupBarrier();
  let all = lanes[0];
  workgroupBarrier();
  let point = all.zw / all.y;
  var second = vec4f(0.0);
  at = Pixel(lane % params.w, lane / params.w);
  for (var l = lane; l < params.size; l += 64u) {
    let d = vec2f(f32(at.x), f32(at.y)) - point;
    let z = params.beta * h[base + l];
    second += vec4f(exp(z - all.x) * vec3f(d * d, d.x * d.y), select(0.0, 1.0, z >= all.x));
    at = nextPixel(at, params.stepX, params.stepY, params.w);
  }
  lanes[lane] = second;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      lanes[lane] += lanes[lane + half];
    }
  }
  if (lane == 0u && map < params.maps) {
    let spread = lanes[0].xyz / all.y;
    let scale = vec2f(params.scaleX, params.scaleY);
    let place = point * scale + vec2f(params.shiftX, params.shiftY);
    stats[map * 2u] = vec4f(all.x, 1.0 / all.y, point);
    stats[map * 2u + 1u] = vec4f(spread, 1.0 / lanes[0].w);
    moments[map * 6u] = place.x;
    moments[map * 6u + 1u] = place.y;
    moments[map * 6u + 2u] = 1.0 / all.y;
    moments[map * 6u + 3u] = spread.x * scale.x * scale.x;
    moments[map * 6u + 4u] = spread.y * scale.y * scale.y;
    moments[map * 6u + 5u] = spread.z * scale.x * scale.y;
  }
}
