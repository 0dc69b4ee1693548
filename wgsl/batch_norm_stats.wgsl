// Mean and sum of squared deviations of x [n, c, s] over n and s, in parts: an invocation walks `each` entries of one
// channel, 64 apart, measured from the first of them so that no offset of the data swallows the variance.
// parts [c, chunks * 64] of (mean, sum of squared deviations).
struct Params {
  c: u32,
  s: u32,
  length: u32, // n * s
  each: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> parts: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let channel = group.y;
  let first = group.x * params.each * 64u + lane.x;
  if (first >= params.length) {
    return;
  }
  let last = min(params.length, first + params.each * 64u);
  var place = first % params.s;
  var base = ((first / params.s) * params.c + channel) * params.s;
  let origin = x[base + place];
  var total = 0.0;
  var squares = 0.0;
  var count = 0.0;
  for (var i = first; i < last; i += 64u) {
    let d = x[base + place] - origin;
    total += d;
    squares += d * d;
    count += 1.0;
    place += 64u;
    if (place >= params.s) {
      let samples = place / params.s;
      place -= samples * params.s;
      base += samples * params.c * params.s;
    }
  }
  let shift = total / count;
  parts[channel * params.chunks * 64u + group.x * 64u + lane.x] = vec2f(origin + shift, max(squares - total * shift, 0.0));
}
