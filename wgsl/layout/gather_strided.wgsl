// Copies with a stride for each dimension: permute, slice, and the placing parts of concat and pad.
// y[offsetY + index . strideY] = x[offsetX + index . strideX] over index in shape (up to 8 dimensions).
struct Params {
  n: u32,
  rank: u32,
  offsetX: u32,
  offsetY: u32,
  shape: array<vec4u, 2>,
  strideX: array<vec4u, 2>,
  strideY: array<vec4u, 2>,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

// Starting a work-group is dear on software adapters: each invocation takes four elements, 64 apart.
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * 256u + lane;
  for (var k = 0u; k < 4u; k++) {
    let i = first + 64u * k;
    if (i < params.n) {
      var rest = i;
      var origin = params.offsetX;
      var targetAt = params.offsetY;
      for (var r = params.rank; r > 1u; r--) {
        let d = r - 1u;
        let size = params.shape[d / 4u][d % 4u];
        let next = rest / size;
        let index = rest - next * size;
        rest = next;
        origin += index * params.strideX[d / 4u][d % 4u];
        targetAt += index * params.strideY[d / 4u][d % 4u];
      }
      // What is left is the outermost index.
      origin += rest * params.strideX[0].x;
      targetAt += rest * params.strideY[0].x;
      y[targetAt] = x[origin];
    }
  }
}
