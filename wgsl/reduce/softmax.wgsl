// y = exp(x - m) / sum, or with LOG x - m - ln(sum), from stats [outer, inner] of (m, sum).
import package::lib::softmax_rows::{params, LANES, runOf};
import package::lib::nan::logOrNan;

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> stats: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

override LOG: u32 = 0u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let run = runOf((group.y * groups.x + group.x) * LANES + lane);
  let end = run.at + run.count * run.step;
  let s = stats[min(run.row, params.outer * params.inner - 1u)];
  if (LOG == 1u) {
    let logSum = logOrNan(s.y);
    for (var at = run.at; at < end; at += run.step) {
      y[at] = (x[at] - s.x) - logSum;
    }
  } else {
    let scale = 1.0 / s.y;
    for (var at = run.at; at < end; at += run.step) {
      y[at] = exp(x[at] - s.x) * scale;
    }
  }
}
