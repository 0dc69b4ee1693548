// moments [maps, 6] of p = softmax(beta * h) over each map, a workgroup a map: mean column and row, the largest p, the
// variances of column and row, and their covariance. The second moments are taken about the mean, in a second reading.
struct Params {
  maps: u32,
  size: u32, // h * w
  w: u32,
  step_x: u32, // 64 % w
  step_y: u32, // 64 / w
  beta: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> h: array<f32>;
@group(0) @binding(2) var<storage, read_write> moments: array<f32>;

// @include lib/maps.wgsl
// Maps of `size` = h * w pixels, each shared by `chunks` invocations: number i walks the pixels chunk, chunk + chunks, ...
// of map i / chunks; from one to the next the column grows by step_x, the row by step_y (and one more at the right edge).
struct Pixel {
  x: u32,
  y: u32,
}
fn next_pixel(p: Pixel, step_x: u32, step_y: u32, w: u32) -> Pixel {
  let x = p.x + step_x;
  let over = x >= w;
  return Pixel(select(x, x - w, over), p.y + step_y + select(0u, 1u, over));
}
// @end

var<workgroup> lanes: array<vec4f, 64>;

// @include lib/nan.wgsl
fn is_nan(a: f32) -> bool {
  return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u; // "a != a" is folded away by drivers
}
// exp and log that hand a NaN on; SwiftShader's own make a number of it.
fn exp_or_nan(a: f32) -> f32 {
  return select(exp(a), a, is_nan(a));
}
fn log_or_nan(a: f32) -> f32 {
  return select(log(a), a, is_nan(a));
}
// @end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let map = group.y * groups.x + group.x;
  let base = min(map, params.maps - 1u) * params.size;
  var at = Pixel(lane % params.w, lane / params.w);
  var top = -3.4028234e38;
  var sums = vec3f(0.0);
  for (var l = lane; l < params.size; l += 64u) {
    let z = params.beta * h[base + l];
    let e = exp_or_nan(-abs(z - top));
    let place = vec3f(1.0, f32(at.x), f32(at.y));
    sums = select(sums + e * place, sums * e + place, vec3<bool>(z > top));
    top = max(top, z);
    at = next_pixel(at, params.step_x, params.step_y, params.w);
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
    let e = exp(params.beta * h[base + l] - all.x);
    second += e * vec4f(d * d, d.x * d.y, 0.0);
    at = next_pixel(at, params.step_x, params.step_y, params.w);
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
    moments[map * 6u] = point.x;
    moments[map * 6u + 1u] = point.y;
    moments[map * 6u + 2u] = 1.0 / all.y;
    moments[map * 6u + 3u] = spread.x;
    moments[map * 6u + 4u] = spread.y;
    moments[map * 6u + 5u] = spread.z;
  }
}
