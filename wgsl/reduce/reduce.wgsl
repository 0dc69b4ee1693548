// x [outer, length, inner] -> y [outer, chunks, inner]: chunk c combines the entries c, c + chunks, c + 2 chunks, ... in
// that order, with COMPENSATED adding at the end what the roundings of a sum lost. Run again over the chunks until one is left:
// fixed order, so the same bits each time.
import package::lib::math::{
  isNan, nanMax, nanMin, realPow, logOnePlus, logistic, softplus, hyperbolicTangent,
}; // @exprs

struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32,
  scale: f32,
  zero: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

fn combine(a: f32, b: f32) -> f32 {
  return a + b; // @expr combine
}

override COMPENSATED: u32 = 0u;

// The number itself; but that a compiler cannot know, and so cannot cancel what follows against what went before.
fn opaque(a: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(a) ^ params.zero);
}

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
  var total = x[base + chunk * params.inner];
  var error = 0.0;
  for (var r = chunk + params.chunks; r < params.length; r += params.chunks) {
    let next = x[base + r * params.inner];
    let more = opaque(combine(total, next));
    if (COMPENSATED == 1u) {
      // What rounding took from the sum (Knuth 1997, 4.2.2, theorem B).
      let added = opaque(more - total);
      error += (total - (more - added)) + (next - added);
    }
    total = more;
  }
  // Beside an infinity the error is NaN, and of no use.
  y[i] = select(total + error, total, isNan(error)) * params.scale;
}
