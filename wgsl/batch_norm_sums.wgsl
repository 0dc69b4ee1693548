// Sums over n and s of g [n, c, s] and of g * (x - mean), in parts laid out as batch_norm_stats lays them.
struct Params {
  c: u32,
  s: u32,
  length: u32, // n * s
  each: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read> mean: array<f32>;
@group(0) @binding(4) var<storage, read_write> parts: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let channel = group.y;
  let first = group.x * params.each * 64u + lane.x;
  var sums = vec2f(0.0, 0.0);
  if (first < params.length) {
    let last = min(params.length, first + params.each * 64u);
    let centre = mean[channel];
    var place = first % params.s;
    var base = ((first / params.s) * params.c + channel) * params.s;
    for (var i = first; i < last; i += 64u) {
      let v = g[base + place];
      sums += vec2f(v, v * (x[base + place] - centre));
      place += 64u;
      if (place >= params.s) {
        let samples = place / params.s;
        place -= samples * params.s;
        base += samples * params.c * params.s;
      }
    }
  }
  parts[(channel * params.chunks + group.x) * 64u + lane.x] = sums;
}
