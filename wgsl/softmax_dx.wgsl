// dx = y * (g - dot), or with LOG g - exp(y) * dot, over [outer, length, inner] and dot [outer, inner].
struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read> dot: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;

override LOG: u32 = 0u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.outer * params.chunks * params.inner) {
    return;
  }
  let column = i % params.inner;
  let chunk = (i / params.inner) % params.chunks;
  let row = i / (params.inner * params.chunks);
  let base = row * params.length * params.inner + column;
  let d = dot[row * params.inner + column];
  for (var l = chunk; l < params.length; l += params.chunks) {
    let at = base + l * params.inner;
    if (LOG == 1u) {
      dx[at] = g[at] - exp(y[at]) * d;
    } else {
      dx[at] = y[at] * (g[at] - d);
    }
  }
}
