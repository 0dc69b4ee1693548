// inputGrad = y * (g - dot), or with LOG g - exp(y) * dot, from dot [outer, inner].
import package::lib::softmax_rows::{params, LANES, runOf};

@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read> dot: array<f32>;
@group(0) @binding(4) var<storage, read_write> inputGrad: array<f32>;

override LOG: u32 = 0u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let run = runOf((group.y * groups.x + group.x) * LANES + lane);
  let end = run.at + run.count * run.step;
  let d = dot[min(run.row, params.outer * params.inner - 1u)];
  for (var at = run.at; at < end; at += run.step) {
    if (LOG == 1u) {
      inputGrad[at] = g[at] - exp(y[at]) * d;
    } else {
      inputGrad[at] = y[at] * (g[at] - d);
    }
  }
}
