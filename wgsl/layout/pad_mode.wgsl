// y [outer, outA, outB, outC, inner] from x [outer, a, b, c, inner]: beyond an end lies the reflection at the last entry
// (REFLECT = 1) or the last entry itself (0).
// Three neighboring axes a, b, c of sizes a, b, c, padded to outA, outB, outC; `inner` elements lie behind them.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // outer * outA * outB
  each: u32,
  a: u32,
  b: u32,
  c: u32,
  outA: u32,
  outB: u32,
  outC: u32,
  beforeA: u32,
  beforeB: u32,
  beforeC: u32,
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
  let columns = params.outC * params.inner;
  if (id.x >= columns || first >= params.rows) {
    return;
  }
  let column = source(id.x / params.inner, params.beforeC, params.c) * params.inner + id.x % params.inner;
  var b = first % params.outB;
  var a = first / params.outB % params.outA;
  var outer = first / (params.outB * params.outA);
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    let plane = outer * params.a + source(a, params.beforeA, params.a);
    let fromRow = plane * params.b + source(b, params.beforeB, params.b);
    y[row * columns + id.x] = x[fromRow * params.c * params.inner + column];
    b++;
    if (b == params.outB) {
      b = 0u;
      a++;
      if (a == params.outA) {
        a = 0u;
        outer++;
      }
    }
  }
}
