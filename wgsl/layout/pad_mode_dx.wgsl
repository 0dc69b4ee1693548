// dx [outer, a, b, c, inner]: each entry adds up the gradients g [outer, out_a, out_b, out_c, inner] of the places it was
// copied to, in a fixed order. Away from the edges that is one place: SUM = 0 takes that of every entry, and SUM = 1 makes
// the entries of a part anew. Along an axis the part is `count` entries, the first `split` of them from `low` on, the others
// from `high` on.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // outer * count_a * count_b
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
  count_a: u32,
  count_b: u32,
  count_c: u32,
  split_a: u32,
  split_b: u32,
  split_c: u32,
  low_a: u32,
  low_b: u32,
  low_c: u32,
  high_a: u32,
  high_b: u32,
  high_c: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

override REFLECT: u32 = 1u;
override SUM: u32 = 1u;

fn entry(i: u32, split: u32, low: u32, high: u32) -> u32 {
  return select(high + i - split, low + i, i < split);
}

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

fn total(outer: u32, a: u32, b: u32, c: u32, deep: u32) -> f32 {
  if (SUM == 0u) {
    let plane = (outer * params.out_a + params.before_a + a) * params.out_b + params.before_b + b;
    return g[(plane * params.out_c + params.before_c + c) * params.inner + deep];
  }
  let along_a = places(a, params.before_a, params.a, params.out_a);
  let along_b = places(b, params.before_b, params.b, params.out_b);
  let along_c = places(c, params.before_c, params.c, params.out_c);
  var sum = 0.0;
  for (var i = 0u; i < along_a.count; i++) {
    for (var j = 0u; j < along_b.count; j++) {
      let plane = (outer * params.out_a + place(along_a, i)) * params.out_b + place(along_b, j);
      for (var k = 0u; k < along_c.count; k++) {
        sum += g[(plane * params.out_c + place(along_c, k)) * params.inner + deep];
      }
    }
  }
  return sum;
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.count_c * params.inner || first >= params.rows) {
    return;
  }
  let deep = id.x % params.inner;
  let c = entry(id.x / params.inner, params.split_c, params.low_c, params.high_c);
  var j = first % params.count_b;
  var i = first / params.count_b % params.count_a;
  var outer = first / (params.count_b * params.count_a);
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    let a = entry(i, params.split_a, params.low_a, params.high_a);
    let b = entry(j, params.split_b, params.low_b, params.high_b);
    let at = ((outer * params.a + a) * params.b + b) * params.c + c;
    dx[at * params.inner + deep] = total(outer, a, b, c, deep);
    j++;
    if (j == params.count_b) {
      j = 0u;
      i++;
      if (i == params.count_a) {
        i = 0u;
        outer++;
      }
    }
  }
}
