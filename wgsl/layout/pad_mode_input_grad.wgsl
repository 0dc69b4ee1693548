// inputGrad [outer, a, b, c, inner]: each entry adds up the gradients g [outer, outA, outB, outC, inner] of the places it was
// copied to, in a fixed order. Away from the edges that is one place: SUM = 0 takes that of every entry, and SUM = 1 makes
// the entries of a part anew. Along an axis the part is `count` entries, the first `split` of them from `low` on, the others
// from `high` on.
import package::lib::rows::{WX, WY};

struct Params {
  rows: u32, // outer * countA * countB
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
  countA: u32,
  countB: u32,
  countC: u32,
  splitA: u32,
  splitB: u32,
  splitC: u32,
  lowA: u32,
  lowB: u32,
  lowC: u32,
  highA: u32,
  highB: u32,
  highC: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> inputGrad: array<f32>;

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
    let plane = (outer * params.outA + params.beforeA + a) * params.outB + params.beforeB + b;
    return g[(plane * params.outC + params.beforeC + c) * params.inner + deep];
  }
  let alongA = places(a, params.beforeA, params.a, params.outA);
  let alongB = places(b, params.beforeB, params.b, params.outB);
  let alongC = places(c, params.beforeC, params.c, params.outC);
  var sum = 0.0;
  for (var i = 0u; i < alongA.count; i++) {
    for (var j = 0u; j < alongB.count; j++) {
      let plane = (outer * params.outA + place(alongA, i)) * params.outB + place(alongB, j);
      for (var k = 0u; k < alongC.count; k++) {
        sum += g[(plane * params.outC + place(alongC, k)) * params.inner + deep];
      }
    }
  }
  return sum;
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.countC * params.inner || first >= params.rows) {
    return;
  }
  let deep = id.x % params.inner;
  let c = entry(id.x / params.inner, params.splitC, params.lowC, params.highC);
  var j = first % params.countB;
  var i = first / params.countB % params.countA;
  var outer = first / (params.countB * params.countA);
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    let a = entry(i, params.splitA, params.lowA, params.highA);
    let b = entry(j, params.splitB, params.lowB, params.highB);
    let at = ((outer * params.a + a) * params.b + b) * params.c + c;
    inputGrad[at * params.inner + deep] = total(outer, a, b, c, deep);
    j++;
    if (j == params.countB) {
      j = 0u;
      i++;
      if (i == params.countA) {
        i = 0u;
        outer++;
      }
    }
  }
}
