// Sums over n and s of g [n, c, s] and of g * (x - mean), in parts laid out as batch_norm_stats lays them.
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
@group(0) @binding(2) var<storage, read> g: array<number>;
@group(0) @binding(3) var<storage, read> mean: array<f32>;
@group(0) @binding(4) var<storage, read_write> parts: array<vec2f>;

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

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  var walk = walkOf(group, lane);
  let own = walk.count > 0u;
  var channel = group.y;
  if (COLUMNS == 1u) {
    channel = min((group.y * LANES + lane) / params.s, params.c - 1u);
  }
  let centre = mean[channel];
  var level = number();
  var slope = number();
  while (walk.count > 0u) {
    let v = g[walk.at];
    level += v;
    slope += v * (x[walk.at] - centre);
    walk = next_of(walk);
  }
  if (COLUMNS == 0u || own) {
    parts[walk.part] = vec2f(sum_of(level), sum_of(slope));
  }
}
