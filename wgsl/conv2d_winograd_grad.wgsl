// The spectra A g A^T of the gradients of a convolution's outputs, for the gradient of its weights: an invocation takes one
// channel of one tile.
// @include lib/conv2d_winograd_tiles.wgsl
// Planes [n, channels, height, width] cut into tiles of 4 x 4 outputs, tilesY x tilesX a plane; `first` is the first of `count`
// tiles, numbered through all n, that are taken at a time. Their spectra lie as
// [36, channels, row] with the first `count` of each row in use.
struct Params {
  first: u32,
  count: u32,
  row: u32,
  tilesX: u32,
  tilesY: u32,
  channels: u32,
  height: u32,
  width: u32,
  top: i32,
  left: i32,
  hasBias: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
// @end
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> v: array<f32>;

// @include lib/conv2d_winograd.wgsl
// Winograd's way for a 3x3 kernel and stride 1, F(4x4, 3x3): with B, G and A below, the outputs of a tile are
// A^T ((G w G^T) * (B^T d B)) A for its 6 x 6 inputs d: 36 products where the sums themselves take 144. The polynomials are
// taken at 0, a, -a, b, -b and infinity for a = 1 / sqrt(2), b = sqrt(2): float32 loses a quarter of the accuracy there that it
// loses at the usual 1 and 2.
const a: f32 = 0.70710678;
const b: f32 = 1.41421356;

// B^T d
fn input6(d0: f32, d1: f32, d2: f32, d3: f32, d4: f32, d5: f32) -> array<f32, 6> {
  let near = fma(-2.0, d2, d4);
  let nearOdd = a * fma(-2.0, d1, d3);
  let far = fma(-0.5, d2, d4);
  let farOdd = b * fma(-0.5, d1, d3);
  return array<f32, 6>(
    fma(-2.5, d2, d0 + d4),
    near + nearOdd,
    near - nearOdd,
    far + farOdd,
    far - farOdd,
    fma(-2.5, d3, d1 + d5),
  );
}

// G w
fn weight6(w0: f32, w1: f32, w2: f32) -> array<f32, 6> {
  let near = fma(0.5, w2, w0) / -1.5;
  let nearOdd = a * w1 / -1.5;
  let far = fma(2.0, w2, w0) / 6.0;
  let farOdd = b * w1 / 6.0;
  return array<f32, 6>(w0, near + nearOdd, near - nearOdd, far + farOdd, far - farOdd, w2);
}

// A^T m
fn output4(m0: f32, m1: f32, m2: f32, m3: f32, m4: f32, m5: f32) -> vec4f {
  let near = m1 + m2;
  let nearOdd = a * (m1 - m2);
  let far = m3 + m4;
  let farOdd = b * (m3 - m4);
  return vec4f(m0 + near + far, nearOdd + farOdd, fma(0.5, near, 2.0 * far), fma(0.5, nearOdd, fma(2.0, farOdd, m5)));
}

// A g: what a gradient of the outputs becomes.
fn grad6(g: vec4f) -> array<f32, 6> {
  let near = fma(0.5, g.z, g.x);
  let nearOdd = a * fma(0.5, g.w, g.y);
  let far = fma(2.0, g.z, g.x);
  let farOdd = b * fma(2.0, g.w, g.y);
  return array<f32, 6>(g.x, near + nearOdd, near - nearOdd, far + farOdd, far - farOdd, g.w);
}

// G^T q: back to the gradient of the kernel.
fn kernel3(q0: f32, q1: f32, q2: f32, q3: f32, q4: f32, q5: f32) -> vec3f {
  let near = (q1 + q2) / -1.5;
  let nearOdd = a * (q1 - q2) / -1.5;
  let far = (q3 + q4) / 6.0;
  let farOdd = b * (q3 - q4) / 6.0;
  return vec3f(q0 + near + far, nearOdd + farOdd, fma(0.5, near, fma(2.0, far, q5)));
}
// @end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  // No early return, after which software adapters would test for each load who is still there: invocations beyond the last
  // repeat it.
  let count = params.count;
  let item = min(id.y * grid.x * 64u + id.x, params.channels * count - 1u);
  let channel = item / count;
  let tile = item % count + params.first;
  let strip = tile / params.tilesX;
  let left = tile % params.tilesX * 4u;
  let n = strip / params.tilesY;
  let top = strip % params.tilesY * 4u;
  let height = params.height;
  let width = params.width;
  let plane = (n * params.channels + channel) * height;
  // @for r 4: let r{r} = top + {r}u; let in{r} = r{r} < height; let line{r} = (plane + min(r{r}, height - 1u)) * width;
  let r0 = top + 0u; let in0 = r0 < height; let line0 = (plane + min(r0, height - 1u)) * width;
  let r1 = top + 1u; let in1 = r1 < height; let line1 = (plane + min(r1, height - 1u)) * width;
  let r2 = top + 2u; let in2 = r2 < height; let line2 = (plane + min(r2, height - 1u)) * width;
  let r3 = top + 3u; let in3 = r3 < height; let line3 = (plane + min(r3, height - 1u)) * width;
  // @end
  // @for k 4: let k{k} = left + {k}u; let col{k} = min(k{k}, width - 1u); let ok{k} = k{k} < width;
  let k0 = left + 0u; let col0 = min(k0, width - 1u); let ok0 = k0 < width;
  let k1 = left + 1u; let col1 = min(k1, width - 1u); let ok1 = k1 < width;
  let k2 = left + 2u; let col2 = min(k2, width - 1u); let ok2 = k2 < width;
  let k3 = left + 3u; let col3 = min(k3, width - 1u); let ok3 = k3 < width;
  // @end
  // @for r 4, k 4: let d{r}{k} = select(0.0, g[line{r} + col{k}], in{r} && ok{k});
  let d00 = select(0.0, g[line0 + col0], in0 && ok0);
  let d01 = select(0.0, g[line0 + col1], in0 && ok1);
  let d02 = select(0.0, g[line0 + col2], in0 && ok2);
  let d03 = select(0.0, g[line0 + col3], in0 && ok3);
  let d10 = select(0.0, g[line1 + col0], in1 && ok0);
  let d11 = select(0.0, g[line1 + col1], in1 && ok1);
  let d12 = select(0.0, g[line1 + col2], in1 && ok2);
  let d13 = select(0.0, g[line1 + col3], in1 && ok3);
  let d20 = select(0.0, g[line2 + col0], in2 && ok0);
  let d21 = select(0.0, g[line2 + col1], in2 && ok1);
  let d22 = select(0.0, g[line2 + col2], in2 && ok2);
  let d23 = select(0.0, g[line2 + col3], in2 && ok3);
  let d30 = select(0.0, g[line3 + col0], in3 && ok0);
  let d31 = select(0.0, g[line3 + col1], in3 && ok1);
  let d32 = select(0.0, g[line3 + col2], in3 && ok2);
  let d33 = select(0.0, g[line3 + col3], in3 && ok3);
  // @end
  // @for k 4: let t{k} = grad6(vec4f(d0{k}, d1{k}, d2{k}, d3{k}));
  let t0 = grad6(vec4f(d00, d10, d20, d30));
  let t1 = grad6(vec4f(d01, d11, d21, d31));
  let t2 = grad6(vec4f(d02, d12, d22, d32));
  let t3 = grad6(vec4f(d03, d13, d23, d33));
  // @end
  let step = params.channels * params.row;
  let at = channel * params.row + item % count;
  // @for i 6: let v{i} = grad6(vec4f(t0[{i}u], t1[{i}u], t2[{i}u], t3[{i}u]));
  let v0 = grad6(vec4f(t0[0u], t1[0u], t2[0u], t3[0u]));
  let v1 = grad6(vec4f(t0[1u], t1[1u], t2[1u], t3[1u]));
  let v2 = grad6(vec4f(t0[2u], t1[2u], t2[2u], t3[2u]));
  let v3 = grad6(vec4f(t0[3u], t1[3u], t2[3u], t3[3u]));
  let v4 = grad6(vec4f(t0[4u], t1[4u], t2[4u], t3[4u]));
  let v5 = grad6(vec4f(t0[5u], t1[5u], t2[5u], t3[5u]));
  // @end
  // @for i 6, j 6: v[at + ({i}u * 6u + {j}u) * step] = v{i}[{j}u];
  v[at + (0u * 6u + 0u) * step] = v0[0u];
  v[at + (0u * 6u + 1u) * step] = v0[1u];
  v[at + (0u * 6u + 2u) * step] = v0[2u];
  v[at + (0u * 6u + 3u) * step] = v0[3u];
  v[at + (0u * 6u + 4u) * step] = v0[4u];
  v[at + (0u * 6u + 5u) * step] = v0[5u];
  v[at + (1u * 6u + 0u) * step] = v1[0u];
  v[at + (1u * 6u + 1u) * step] = v1[1u];
  v[at + (1u * 6u + 2u) * step] = v1[2u];
  v[at + (1u * 6u + 3u) * step] = v1[3u];
  v[at + (1u * 6u + 4u) * step] = v1[4u];
  v[at + (1u * 6u + 5u) * step] = v1[5u];
  v[at + (2u * 6u + 0u) * step] = v2[0u];
  v[at + (2u * 6u + 1u) * step] = v2[1u];
  v[at + (2u * 6u + 2u) * step] = v2[2u];
  v[at + (2u * 6u + 3u) * step] = v2[3u];
  v[at + (2u * 6u + 4u) * step] = v2[4u];
  v[at + (2u * 6u + 5u) * step] = v2[5u];
  v[at + (3u * 6u + 0u) * step] = v3[0u];
  v[at + (3u * 6u + 1u) * step] = v3[1u];
  v[at + (3u * 6u + 2u) * step] = v3[2u];
  v[at + (3u * 6u + 3u) * step] = v3[3u];
  v[at + (3u * 6u + 4u) * step] = v3[4u];
  v[at + (3u * 6u + 5u) * step] = v3[5u];
  v[at + (4u * 6u + 0u) * step] = v4[0u];
  v[at + (4u * 6u + 1u) * step] = v4[1u];
  v[at + (4u * 6u + 2u) * step] = v4[2u];
  v[at + (4u * 6u + 3u) * step] = v4[3u];
  v[at + (4u * 6u + 4u) * step] = v4[4u];
  v[at + (4u * 6u + 5u) * step] = v4[5u];
  v[at + (5u * 6u + 0u) * step] = v5[0u];
  v[at + (5u * 6u + 1u) * step] = v5[1u];
  v[at + (5u * 6u + 2u) * step] = v5[2u];
  v[at + (5u * 6u + 3u) * step] = v5[3u];
  v[at + (5u * 6u + 4u) * step] = v5[4u];
  v[at + (5u * 6u + 5u) * step] = v5[5u];
  // @end
}
