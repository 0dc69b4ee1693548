// y = conv3d(x, weight) + bias: an invocation makes four outputs beside each other in a row, for TO output channels.
import package::lib::conv3d_params::Params;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

override HAS_BIAS: u32 = 0u;

const TO: u32 = 4u; // @tile

// @param channel of the group, @param all of the output, @param at of the first of the row's four.
fn store(channel: u32, all: u32, at: u32, ox: u32, sum: vec4f) {
  if (channel >= params.o / params.groups) {
    return;
  }
  var value = sum;
  if (HAS_BIAS == 1u) {
    value += vec4f(bias[all]);
  }
  for (var j = 0u; j < min(4u, params.outW - ox); j++) {
    y[at + j] = value[j];
  }
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) wg: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (wg.y * grid.x + wg.x) * 64u + local;
  if (item >= params.n * params.outD * params.outH * params.tilesX) {
    return;
  }
  let ox = item % params.tilesX * 4u;
  let oy = item / params.tilesX % params.outH;
  let oz = item / (params.tilesX * params.outH) % params.outD;
  let n = item / (params.tilesX * params.outH * params.outD);
  let cg = params.c / params.groups;
  let og = params.o / params.groups;
  let blocks = (og + TO - 1u) / (TO);
  let group = wg.z / blocks;
  let o = wg.z % blocks * (TO);
  let taps = params.kd * params.kh * params.kw;
  let volume = params.d * params.h * params.w;
  let first = (n * params.c + group * cg) * volume;
  let front = i32(oz * params.strideD) - i32(params.padFront);
  let top = i32(oy * params.strideH) - i32(params.padTop);
  let left = i32(ox * params.strideW) - i32(params.padLeft);
  // @for i TO: let w{i} = (group * og + min(o + {i}u, og - 1u)) * cg * taps;
  // @for i TO: var acc{i} = vec4f();
  // Uniforms are read here, as a compiler may not move the reads out of the loops.
  let depth = params.d;
  let height = params.h;
  let width = params.w;
  let step = params.strideW;
  let dilationD = params.dilationD;
  let dilationH = params.dilationH;
  let dilationW = params.dilationW;
  let kh = params.kh;
  let kw = params.kw;
  var p = 0u;
  var q = 0u;
  var r = 0u;
  for (var tap = 0u; tap < taps; tap++) {
    // Places before the volume wrap to numbers far beyond it.
    let iz = u32(front + i32(p * dilationD));
    let iy = u32(top + i32(q * dilationH));
    let ix = u32(left + i32(r * dilationW));
    let inside = iz < depth && iy < height;
    let row = first + (min(iz, depth - 1u) * height + min(iy, height - 1u)) * width;
    // @for j 4: let x{j} = ix + {j}u * step; let in{j} = inside && x{j} < width; var at{j} = row + min(x{j}, width - 1u);
    var wat = tap;
    for (var c = 0u; c < cg; c++) {
      let v = vec4f(select(0.0, x[at0], in0), select(0.0, x[at1], in1), select(0.0, x[at2], in2), select(0.0, x[at3], in3));
      // @for i TO: acc{i} = fma(vec4f(weight[w{i} + wat]), v, acc{i});
      // @for j 4: at{j} += volume;
      wat += taps;
    }
    r++;
    if (r == kw) {
      r = 0u;
      q++;
      if (q == kh) {
        q = 0u;
        p++;
      }
    }
  }
  let area = params.outD * params.outH * params.outW;
  let all = group * og + o;
  let at = (n * params.o + all) * area + (oz * params.outH + oy) * params.outW + ox;
  // @for i TO: store(o + {i}u, all + {i}u, at + {i}u * area, ox, acc{i});
}
