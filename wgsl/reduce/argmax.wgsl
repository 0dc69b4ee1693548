// Place of the largest (SMALLEST: smallest) entry along `length` of x [all = outer * whole * inner]; y [outer, chunks, inner] of
// places. The candidates of a row are its entries (FIRST) or the places that the pass before left, [outer, length, inner].
// Chunk c compares the candidates c, c + chunks, ... NaN beats every number; among equals the first place wins, so the
// order of comparing does not matter.
import package::lib::math::isNan;

struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32,
  whole: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> places: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;

override FIRST: u32 = 1u;
override SMALLEST: u32 = 0u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.outer * params.chunks * params.inner) {
    return;
  }
  let column = i % params.inner;
  let chunk = (i / params.inner) % params.chunks;
  let row = i / (params.inner * params.chunks);
  let base = row * params.whole * params.inner + column;
  let fromBase = row * params.length * params.inner + column;
  var best = 0.0;
  var place = 0xffffffffu;
  for (var r = chunk; r < params.length; r += params.chunks) {
    var at = r;
    if (FIRST == 0u) {
      at = places[fromBase + r * params.inner];
    }
    let v = x[base + at * params.inner];
    let beats = select(v > best, v < best, SMALLEST == 1u) && !isNan(v) && !isNan(best);
    let equal = (v == best && !isNan(v) && !isNan(best)) || (isNan(v) && isNan(best));
    if (place == 0xffffffffu || beats || (isNan(v) && !isNan(best)) || (equal && at < place)) {
      best = v;
      place = at;
    }
  }
  y[i] = place;
}
