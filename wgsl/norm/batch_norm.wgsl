// y [n, c, s] = (x - mean) * invstd * weight + bias, by channel.
import package::lib::channel_spread::{WX, WY, runOf};

struct Params {
  n: u32,
  c: u32,
  s: u32,
  each: u32, // entries a lane walks
}
// What is taken at a time: a number, or four of a plane, which `s` counts then.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<number>;
@group(0) @binding(2) var<storage, read> mean: array<f32>;
@group(0) @binding(3) var<storage, read> invstd: array<f32>;
@group(0) @binding(4) var<storage, read> weight: array<f32>;
@group(0) @binding(5) var<storage, read> bias: array<f32>;
@group(0) @binding(6) var<storage, read_write> y: array<number>;

@compute @workgroup_size(WX, WY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let run = runOf(group, groups, lane);
  let channel = run.channel;
  let center = mean[channel];
  let scale = invstd[channel] * weight[channel];
  let shift = bias[channel];
  for (var i = run.at; i < run.end; i += run.step) {
    y[i] = (x[i] - center) * scale + shift;
  }
}
