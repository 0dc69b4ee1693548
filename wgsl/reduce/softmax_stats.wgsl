// stats [outer, chunks, inner] of (largest entry m, sum of exp(entry - m)) over the runs of x: each entry is read once, four at
// a time, and the sum scaled anew by what the largest has grown.
import package::lib::softmax_rows::{params, LANES, runOf};
import package::lib::nan::expOrNan;

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2f>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let run = runOf((group.y * groups.x + group.x) * LANES + lane);
  var top = -3.4028234e38;
  var total = 0.0;
  var at = run.at;
  for (var k = 0u; k + 4u <= run.count; k += 4u) {
    let a = x[at];
    let b = x[at + run.step];
    let c = x[at + 2u * run.step];
    let d = x[at + 3u * run.step];
    let larger = max(top, max(max(a, b), max(c, d)));
    total = total * exp(top - larger) + ((expOrNan(a - larger) + expOrNan(b - larger)) + (expOrNan(c - larger) + expOrNan(d - larger)));
    top = larger;
    at += 4u * run.step;
  }
  for (var k = run.count / 4u * 4u; k < run.count; k++) {
    let v = x[at];
    let larger = max(top, v);
    total = total * exp(top - larger) + expOrNan(v - larger);
    top = larger;
    at += run.step;
  }
  if (run.row < params.outer * params.inner) {
    stats[run.item] = vec2f(top, total);
  }
}
