// dx [outer, a, b, c, inner]: each entry adds up the gradients g [outer, out_a, out_b, out_c, inner] of the places it was
// copied to, in a fixed order.
// @include lib/pad_mode.wgsl
// Three neighbouring axes a, b, c of sizes a, b, c, padded to out_a, out_b, out_c; `inner` elements lie behind them.
struct Params {
  rows: u32, // of what is made: outer * a * b, or outer * out_a * out_b
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
// @end
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

override REFLECT: u32 = 1u;

// @include lib/rows.wgsl
// Images as rows of columns: WX lanes along the columns, WY invocations beside each other along the rows, and
// params.each rows one after the other in an invocation (starting a workgroup costs as much as dozens of loads).
override WX: u32 = 64u;
override WY: u32 = 1u;
// @end

// The places of a padded axis that entry i went to: `count` of them.
struct Places {
  count: u32,
  // Copies: the first of a run. Reflections: itself, then the one before the start, then the one behind the end.
  first: u32,
  second: u32,
  third: u32,
}

fn places(i: u32, before: u32, size: u32, padded: u32) -> Places {
  let after = padded - size - before;
  let here = before + i;
  if (REFLECT == 1u) {
    let low = i >= 1u && i <= before;
    let high = i + 1u < size && i + after + 1u >= size;
    let behind = before + 2u * (size - 1u) - i;
    return Places(1u + u32(low) + u32(high), here, select(behind, before - i, low), behind);
  }
  let starts = i == 0u;
  let ends = i + 1u == size;
  return Places(1u + select(0u, before, starts) + select(0u, after, ends), select(here, 0u, starts), 0u, 0u);
}

fn place(p: Places, k: u32) -> u32 {
  if (REFLECT == 1u) {
    return select(select(p.third, p.second, k == 1u), p.first, k == 0u);
  }
  return p.first + k;
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  let columns = params.c * params.inner;
  if (id.x >= columns || first >= params.rows) {
    return;
  }
  let deep = id.x % params.inner;
  let along_c = places(id.x / params.inner, params.before_c, params.c, params.out_c);
  var b = first % params.b;
  var a = first / params.b % params.a;
  var outer = first / (params.b * params.a);
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    let along_a = places(a, params.before_a, params.a, params.out_a);
    let along_b = places(b, params.before_b, params.b, params.out_b);
    var total = 0.0;
    for (var i = 0u; i < along_a.count; i++) {
      for (var j = 0u; j < along_b.count; j++) {
        let from_row = (outer * params.out_a + place(along_a, i)) * params.out_b + place(along_b, j);
        for (var k = 0u; k < along_c.count; k++) {
          total += g[(from_row * params.out_c + place(along_c, k)) * params.inner + deep];
        }
      }
    }
    dx[row * columns + id.x] = total;
    b++;
    if (b == params.b) {
      b = 0u;
      a++;
      if (a == params.a) {
        a = 0u;
        outer++;
      }
    }
  }
}
