// Mean and sum of squared deviations of x [n, c, s] over n and s, in parts, measured from an entry of each so that no
// offset of the data swallows the variance. parts [c, parts] of (count, mean, sum of squared deviations, 0).
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

// @include lib/join_moments.wgsl
// (count, mean, sum of squared deviations) of two sets taken together: Chan, Golub, LeVeque 1983.
fn join_moments(a: vec3f, b: vec3f) -> vec3f {
  let n = a.x + b.x;
  let share = select(b.x / max(n, 1.0), 0.0, b.x == 0.0);
  let d = b.y - a.y;
  return vec3f(n, a.y + d * share, a.z + b.z + d * d * a.x * share);
}
// The middle one of three entries: sums of squares are measured from it, so that one entry far from all others spoils none.
fn middle_of(a: f32, b: f32, c: f32) -> f32 {
  return max(min(a, b), min(max(a, b), c));
}
// @end
// @include lib/channel_walk.wgsl
// The entries of a channel of x [n, c, s], cut in parts. LANES invocations walk `each` entries, LANES apart, of the channel's
// n * s, from one image to the next without a division; s is at least LANES. With COLUMNS, for smaller s, an invocation owns
// one of the c * s places of an image and walks `each` images.
override LANES: u32 = 64u;
override COLUMNS: u32 = 0u;

struct Walk {
  at: u32, // of the first entry
  place: u32, // of it within its plane
  count: u32,
  part: u32,
}

fn walkOf(group: vec3u, lane: u32) -> Walk {
  let place = params.c * params.s;
  if (COLUMNS == 1u) {
    let column = group.y * LANES + lane;
    let first = group.x * params.each;
    let count = select(0u, min(params.n - first, params.each), column < place);
    let channel = column / params.s;
    let own = column % params.s;
    return Walk(first * place + column, own, count, channel * params.parts + group.x * params.s + own);
  }
  let length = params.n * params.s;
  let first = group.x * params.each * LANES + lane;
  let part = group.y * params.parts + group.x * LANES + lane;
  if (first >= length) {
    return Walk(0u, 0u, 0u, part);
  }
  let count = min((length - first + LANES - 1u) / LANES, params.each);
  let image = first / params.s;
  let own = first - image * params.s;
  return Walk((image * params.c + group.y) * params.s + own, own, count, part);
}

// The walk's next entry: LANES further in the channel, or the same place of the next image.
fn next_of(walk: Walk) -> Walk {
  if (COLUMNS == 1u) {
    return Walk(walk.at + params.c * params.s, walk.place, walk.count - 1u, walk.part);
  }
  let over = walk.place + LANES >= params.s;
  let place = walk.place + LANES - select(0u, params.s, over);
  return Walk(walk.at + LANES + select(0u, (params.c - 1u) * params.s, over), place, walk.count - 1u, walk.part);
}
// @end

fn sum_of(a: number) -> f32 {
  return a; // @expr sum
}

fn first_of(a: number) -> f32 {
  return a; // @expr first
}

// How many numbers that is.
override WIDE: u32 = 1u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  var walk = walkOf(group, lane);
  let count = f32(walk.count * WIDE);
  let second = next_of(walk);
  let third = next_of(second);
  let at_second = select(walk.at, second.at, walk.count > 1u);
  let at_third = select(walk.at, third.at, walk.count > 2u);
  let origin = middle_of(first_of(x[walk.at]), first_of(x[at_second]), first_of(x[at_third]));
  var totals = number();
  var squares = number();
  while (walk.count > 0u) {
    let d = x[walk.at] - origin;
    totals += d;
    squares += d * d;
    walk = next_of(walk);
  }
  if (COLUMNS == 0u || count > 0.0) {
    let total = sum_of(totals);
    let shift = total / max(count, 1.0);
    parts[walk.part] = vec4f(count, origin + shift, max(sum_of(squares) - total * shift, 0.0), 0.0);
  }
}
