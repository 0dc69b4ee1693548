// Sums over n and s of g [n, c, s] and of g * (x - mean), in parts laid out as batch_norm_stats lays them.
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
@group(0) @binding(2) var<storage, read> g: array<number>;
@group(0) @binding(3) var<storage, read> mean: array<f32>;
@group(0) @binding(4) var<storage, read_write> parts: array<vec2f>;

fn sumOf(a: number) -> f32 {
  return a; // @expr sum
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let down = group.z * groups.y + group.y;
  if (COLUMNS == 0u && down >= params.c) {
    return;
  }
  var walk = walkOf(group.x, down, lane);
  let own = walk.count > 0u;
  var channel = down;
  if (COLUMNS == 1u) {
    channel = min((down * LANES + lane) / params.s, params.c - 1u);
  }
  let center = mean[channel];
  var level = number();
  var slope = number();
  while (walk.count > 0u) {
    let v = g[walk.at];
    level += v;
    slope += v * (x[walk.at] - center);
    walk = nextOf(walk);
  }
  if (COLUMNS == 0u || own) {
    parts[walk.part] = vec2f(sumOf(level), sumOf(slope));
  }
}
