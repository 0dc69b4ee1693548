// y [outer, out_a, out_b, out_c, inner] from x [outer, a, b, c, inner]: beyond an end lies the reflection at the last entry
// (REFLECT = 1) or the last entry itself (0).
// Three neighbouring axes a, b, c of sizes a, b, c, padded to out_a, out_b, out_c; `inner` elements lie behind them.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // outer * out_a * out_b
  each: u32,
  a: u32,
  b: u32,
  c: u32,
  out_a: u32,
  out_b: u32,
  out_c: u32,
  before_a: u32,
  before_b: u32,
  before_c: u32,
  inner: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

override REFLECT: u32 = 1u;

// Where entry i of a padded axis comes from.
fn source(i: u32, before: u32, size: u32) -> u32 {
  let at = i32(i) - i32(before);
  let last = i32(size) - 1;
  if (REFLECT == 1u) {
    return u32(last - abs(last - abs(at)));
  }
  return u32(clamp(at, 0, last));
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  let columns = params.out_c * params.inner;
  if (id.x >= columns || first >= params.rows) {
    return;
  }
  let column = source(id.x / params.inner, params.before_c, params.c) * params.inner + id.x % params.inner;
  var b = first % params.out_b;
  var a = first / params.out_b % params.out_a;
  var outer = first / (params.out_b * params.out_a);
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    let plane = outer * params.a + source(a, params.before_a, params.a);
    let from_row = plane * params.b + source(b, params.before_b, params.b);
    y[row * columns + id.x] = x[from_row * params.c * params.inner + column];
    b++;
    if (b == params.out_b) {
      b = 0u;
      a++;
      if (a == params.out_a) {
        a = 0u;
        outer++;
      }
    }
  }
}
