// inputGrad, the gradient of the input of a conv3d, from g, the gradient of the output. An invocation makes four elements of a
// row a stride apart, which all meet the same taps, for TC input channels, and gathers every output they went into.
import package::lib::conv3d_params::Params;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read_write> inputGrad: array<f32>;

const TC: u32 = 4u; // @tile

// First tap that meets the padded place `at`, or `kernel` where none does; the others follow every `period` taps.
fn firstTap(at: u32, kernel: u32, stride: u32, dilation: u32, period: u32) -> u32 {
  for (var k = 0u; k < min(period, kernel); k++) {
    if ((i32(at) - i32(k * dilation)) % i32(stride) == 0) {
      return k;
    }
  }
  return kernel;
}

fn store(channel: u32, at: u32, ix: u32, value: vec4f) {
  if (channel >= params.c / params.groups) {
    return;
  }
  for (var j = 0u; j < 4u; j++) {
    if (ix + j * params.strideW < params.w) {
      inputGrad[at + j * params.strideW] = value[j];
    }
  }
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) wg: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (wg.y * grid.x + wg.x) * 64u + local;
  if (item >= params.n * params.d * params.h * params.tilesX) {
    return;
  }
  // Neighboring invocations take the same residue of the stride, and so the same taps.
  let each = params.tilesX / params.strideW;
  let tile = item % params.tilesX;
  let ix = tile / each + tile % each * 4u * params.strideW;
  let iy = item / params.tilesX % params.h;
  let iz = item / (params.tilesX * params.h) % params.d;
  let n = item / (params.tilesX * params.h * params.d);
  if (ix >= params.w) {
    return;
  }
  let cg = params.c / params.groups;
  let og = params.o / params.groups;
  let blocks = (cg + TC - 1u) / (TC);
  let group = wg.z / blocks;
  let c = wg.z % blocks * (TC);
  let taps = params.kd * params.kh * params.kw;
  let area = params.outD * params.outH * params.outW;
  let first = (n * params.o + group * og) * area;
  // @for i TC: let w{i} = (group * og * cg + min(c + {i}u, cg - 1u)) * taps;
  // @for i TC: var acc{i} = vec4f();
  let z = iz + params.padFront;
  let y = iy + params.padTop;
  let left = ix + params.padLeft;
  let p0 = firstTap(z, params.kd, params.strideD, params.dilationD, params.periodD);
  let q0 = firstTap(y, params.kh, params.strideH, params.dilationH, params.periodH);
  let r0 = firstTap(left, params.kw, params.strideW, params.dilationW, params.periodW);
  let outD = params.outD;
  let outH = params.outH;
  let outW = params.outW;
  let nextOut = cg * taps;
  for (var p = p0; p < params.kd; p += params.periodD) {
    let oz = u32((i32(z) - i32(p * params.dilationD)) / i32(params.strideD));
    for (var q = q0; q < params.kh; q += params.periodH) {
      let oy = u32((i32(y) - i32(q * params.dilationH)) / i32(params.strideH));
      let inside = oz < outD && oy < outH;
      let row = first + (min(oz, outD - 1u) * outH + min(oy, outH - 1u)) * outW;
      for (var r = r0; r < params.kw; r += params.periodW) {
        let ox = u32((i32(left) - i32(r * params.dilationW)) / i32(params.strideW));
        // @for j 4: let x{j} = ox + {j}u; let in{j} = inside && x{j} < outW; var at{j} = row + min(x{j}, outW - 1u);
        var wat = (p * params.kh + q) * params.kw + r;
        for (var o = 0u; o < og; o++) {
          let v = vec4f(select(0.0, g[at0], in0), select(0.0, g[at1], in1), select(0.0, g[at2], in2), select(0.0, g[at3], in3));
          // @for i TC: acc{i} = fma(vec4f(weight[w{i} + wat]), v, acc{i});
          // @for j 4: at{j} += area;
          wat += nextOut;
        }
      }
    }
  }
  let volume = params.d * params.h * params.w;
  let at = (n * params.c + group * cg + c) * volume + (iz * params.h + iy) * params.w + ix;
  // @for i TC: store(c + {i}u, at + {i}u * volume, ix, acc{i});
}
