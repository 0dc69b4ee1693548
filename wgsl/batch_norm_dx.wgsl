// dx [n, c, s] of a batch norm with the batch's statistics:
// weight * invstd * (g - (dbias + (x - mean) * invstd * dweight) / (n * s)).
struct Params {
  n: u32,
  c: u32,
  s: u32,
  each: u32,
  inverse_length: f32, // 1 / (n * s)
}
// What is taken at a time: a number, or four of a plane, which `s` counts then.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<number>;
@group(0) @binding(2) var<storage, read> g: array<number>;
@group(0) @binding(3) var<storage, read> mean: array<f32>;
@group(0) @binding(4) var<storage, read> invstd: array<f32>;
@group(0) @binding(5) var<storage, read> weight: array<f32>;
@group(0) @binding(6) var<storage, read> dweight: array<f32>;
@group(0) @binding(7) var<storage, read> dbias: array<f32>;
@group(0) @binding(8) var<storage, read_write> dx: array<number>;

// @include lib/channel_spread.wgsl
// How the entries of x [n, c, s] are spread where each is read and written once: WX lanes along s, WY planes (n, c) beside each
// other, `each` entries a lane. With COLUMNS, for small s, a lane owns one of the c * s places of an image and walks `each` images.
override WX: u32 = 64u;
override WY: u32 = 1u;
override COLUMNS: u32 = 0u;

struct Run {
  channel: u32,
  at: u32, // of the first entry
  step: u32,
  end: u32,
}

fn runOf(group: vec3u, groups: vec3u, lane: vec3u) -> Run {
  let down = group.z * groups.y + group.y;
  if (COLUMNS == 1u) {
    let places = params.c * params.s;
    let column = group.x * WX + lane.x;
    let first = down * params.each;
    let last = select(first, min(first + params.each, params.n), column < places);
    return Run(min(column / params.s, params.c - 1u), first * places + column, places, last * places + column);
  }
  let plane = down * WY + lane.y;
  let first = group.x * params.each * WX + lane.x;
  let last = select(0u, min(params.s, first + params.each * WX), plane < params.n * params.c);
  return Run(plane % params.c, plane * params.s + first, WX, plane * params.s + last);
}
// @end

@compute @workgroup_size(WX, WY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let run = runOf(group, groups, lane);
  let channel = run.channel;
  let centre = mean[channel];
  let scale = invstd[channel] * weight[channel];
  let level = dbias[channel] * params.inverse_length;
  let slope = dweight[channel] * invstd[channel] * params.inverse_length;
  for (var i = run.at; i < run.end; i += run.step) {
    dx[i] = scale * (g[i] - level - (x[i] - centre) * slope);
  }
}
