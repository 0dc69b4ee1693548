// Up to six gradients, each in memory of its own, into their places of one buffer; and sums of their squares, as
// many as optimizer_squares makes: chunk i of a gradient takes its numbers i, i + chunks, ... A gradient is (count, chunks, place
// of its first sum, place in `all`); unused ones have count and chunks 0.
struct Params {
  lanes: u32, // all chunks together
  gradient: array<vec4u, 6>,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g0: array<f32>;
@group(0) @binding(2) var<storage, read> g1: array<f32>;
@group(0) @binding(3) var<storage, read> g2: array<f32>;
@group(0) @binding(4) var<storage, read> g3: array<f32>;
@group(0) @binding(5) var<storage, read> g4: array<f32>;
@group(0) @binding(6) var<storage, read> g5: array<f32>;
@group(0) @binding(7) var<storage, read_write> partials: array<f32>;
@group(0) @binding(8) var<storage, read_write> all: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let lane = id.y * groups.x * 64u + id.x;
  if (lane >= params.lanes) {
    return;
  }
  var total = 0.0;
  var to = 0u;
  var base = 0u;
  // Lanes of other gradients start at the end: a loop without a branch around it. Below `base` the difference wraps to a large
  // number.
  // @for t 6: { let s = params.gradient[{t}]; let c = lane - base; let mine = c < s.y; for (var j = select(s.x, c, mine); j < s.x; j += s.y) { let v = g{t}[j]; total += v * v; all[s.w + j] = v; } to = select(to, s.z + c, mine); base += s.y; }
  partials[to] = total;
}
