// Mean and sum of squared deviations of x [n, c, s] over n and s, in parts, measured from an entry of each so that no
// offset of the data swallows the variance. parts [c, parts] of (count, mean, sum of squared deviations, 0).
import package::lib::join_moments::middleOf;
import package::lib::channel_walk::{LANES, COLUMNS, walkOf, nextOf};

struct Params {
  n: u32,
  c: u32,
  s: u32,
  each: u32,
  parts: u32, // of a channel
}
// What is taken at a time: a number, or four of a plane, which `s` counts then.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<number>;
@group(0) @binding(2) var<storage, read_write> parts: array<vec4f>;

fn sumOf(a: number) -> f32 {
  return a; // @expr sum
}

fn firstOf(a: number) -> f32 {
  return a; // @expr first
}

// How many numbers that is.
override WIDE: u32 = 1u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let down = group.z * groups.y + group.y;
  if (COLUMNS == 0u && down >= params.c) {
    return;
  }
  var walk = walkOf(group.x, down, lane);
  let count = f32(walk.count * WIDE);
  let second = nextOf(walk);
  let third = nextOf(second);
  let atSecond = select(walk.at, second.at, walk.count > 1u);
  let atThird = select(walk.at, third.at, walk.count > 2u);
  let origin = middleOf(firstOf(x[walk.at]), firstOf(x[atSecond]), firstOf(x[atThird]));
  var totals = number();
  var squares = number();
  while (walk.count > 0u) {
    let d = x[walk.at] - origin;
    totals += d;
    squares += d * d;
    walk = nextOf(walk);
  }
  if (COLUMNS == 0u || count > 0.0) {
    let total = sumOf(totals);
    let shift = total / max(count, 1.0);
    parts[walk.part] = vec4f(count, origin + shift, max(sumOf(squares) - total * shift, 0.0), 0.0);
  }
}
