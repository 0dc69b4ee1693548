// Running sums, or what else `combine` makes, along `length` of x [outer, length, inner], each invocation over `each` neighbors of a row.
// SUMS: y [outer, chunks, inner] = the sum of each chunk. Otherwise y like x: the running sum within the chunk, on top of
// carry[chunk - 1], the running sum of the chunks before. REVERSE: from the end of the row.
struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32,
  each: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> carry: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn combine(a: f32, b: f32) -> f32 {
  return a + b; // @expr combine
}

// What nothing combines to.
override START: f32 = 0.0;
override SUMS: u32 = 0u;
override REVERSE: u32 = 0u;

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
  let first = chunk * params.each;
  let last = min(first + params.each, params.length);
  var total = START;
  if (SUMS == 0u && chunk > 0u) {
    total = carry[i - params.inner];
  }
  for (var r = first; r < last; r++) {
    let at = base + select(r, params.length - 1u - r, REVERSE == 1u) * params.inner;
    total = combine(total, x[at]);
    if (SUMS == 0u) {
      y[at] = total;
    }
  }
  if (SUMS == 1u) {
    y[i] = total;
  }
}
