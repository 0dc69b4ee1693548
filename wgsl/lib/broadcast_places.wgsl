// The walk over a broadcast shape of up to 8 dimensions, with the params of its kernels; a stride of 0 repeats. `start` is the
// index of the result's first element in the whole output, where a large output is walked in ranges; `base` is what an operand
// of the output's own layout, bound from there as well, has to subtract.
struct Params {
  n: u32,
  start: u32,
  rank: u32,
  p0: f32,
  p1: f32,
  base: vec4u,
  shape: array<vec4u, 2>,
  strideA: array<vec4u, 2>,
  strideB: array<vec4u, 2>,
  strideC: array<vec4u, 2>,
}
@group(0) @binding(0) var<uniform> params: Params;

// Where the operands' entries for element i of the result lie.
fn placesOf(i: u32) -> vec3u {
  var rest = params.start + i;
  var at = vec3u(0u);
  for (var r = params.rank; r > 1u; r--) {
    let d = r - 1u;
    let size = params.shape[d / 4u][d % 4u];
    let next = rest / size;
    let index = rest - next * size;
    rest = next;
    at += index * vec3u(params.strideA[d / 4u][d % 4u], params.strideB[d / 4u][d % 4u], params.strideC[d / 4u][d % 4u]);
  }
  // What is left is the outermost index: nothing to divide or look up, which is all there is beside a scalar.
  return at + rest * vec3u(params.strideA[0].x, params.strideB[0].x, params.strideC[0].x) - params.base.xyz;
}
