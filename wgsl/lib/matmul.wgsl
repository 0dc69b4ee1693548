// y[b, m, n] = sum over k of x[b, m, k] w[b, k, n], added to what y holds with ADD. Every operand has a
// stride for each index, so that transposed sides and broadcast batches need no copy. The sum may be cut in `splits` parts
// of `kStep` products each; part s goes to y at s * yPart.
struct Params {
  m: u32,
  n: u32,
  k: u32,
  xM: u32,
  xK: u32,
  wK: u32,
  wN: u32,
  yM: u32,
  yN: u32,
  xOffset: u32,
  wOffset: u32,
  yOffset: u32,
  batchRank: u32,
  splits: u32,
  kStep: u32,
  yPart: u32,
  batchShape: array<vec4u, 2>,
  batchX: array<vec4u, 2>,
  batchW: array<vec4u, 2>,
  batchY: array<vec4u, 2>,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

// Where the matrices of a workgroup begin, and which products it sums.
struct Share {
  x: u32,
  w: u32,
  y: u32,
  kFrom: u32,
  kTo: u32,
}

fn shareOf(z: u32) -> Share {
  let part = z % params.splits;
  var rest = z / params.splits;
  var share = Share(params.xOffset, params.wOffset, params.yOffset + part * params.yPart, part * params.kStep, 0u);
  share.kTo = min(params.k, share.kFrom + params.kStep);
  for (var i = params.batchRank; i > 0u; i--) {
    let d = i - 1u;
    let size = params.batchShape[d / 4u][d % 4u];
    let index = rest % size;
    rest /= size;
    share.x += index * params.batchX[d / 4u][d % 4u];
    share.w += index * params.batchW[d / 4u][d % 4u];
    share.y += index * params.batchY[d / 4u][d % 4u];
  }
  return share;
}

override ADD: u32 = 0u;

fn put(base: u32, m: u32, n: u32, value: f32) {
  if (m < params.m && n < params.n) {
    let at = base + m * params.yM + n * params.yN;
    if (ADD == 1u) {
      y[at] += value;
    } else {
      y[at] = value;
    }
  }
}
