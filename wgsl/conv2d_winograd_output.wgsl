// The outputs A^T m A of a convolution from the products of spectra: an invocation takes one channel of one tile.
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
@group(0) @binding(1) var<storage, read> m: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

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

// What the convolution is followed by.
fn act(a: f32) -> f32 {
  return a; // @expr act
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  // No early return, after which software adapters would test for each load who is still there: invocations beyond the last
  // repeat it.
  let count = params.count;
  let item = min(id.y * grid.x * 64u + id.x, params.channels * count - 1u);
  let channel = item / count;
  let tile = item % count + params.first;
  let strip = tile / params.tilesX;
  let ox = tile % params.tilesX * 4u;
  let n = strip / params.tilesY;
  let oy = strip % params.tilesY * 4u;
  let height = params.height;
  let width = params.width;
  let plane = (n * params.channels + channel) * height;
  let step = params.channels * params.row;
  let at = channel * params.row + item % count;
  // @for i 6, j 6: let m{i}{j} = m[at + ({i}u * 6u + {j}u) * step];
  let m00 = m[at + (0u * 6u + 0u) * step];
  let m01 = m[at + (0u * 6u + 1u) * step];
  let m02 = m[at + (0u * 6u + 2u) * step];
  let m03 = m[at + (0u * 6u + 3u) * step];
  let m04 = m[at + (0u * 6u + 4u) * step];
  let m05 = m[at + (0u * 6u + 5u) * step];
  let m10 = m[at + (1u * 6u + 0u) * step];
  let m11 = m[at + (1u * 6u + 1u) * step];
  let m12 = m[at + (1u * 6u + 2u) * step];
  let m13 = m[at + (1u * 6u + 3u) * step];
  let m14 = m[at + (1u * 6u + 4u) * step];
  let m15 = m[at + (1u * 6u + 5u) * step];
  let m20 = m[at + (2u * 6u + 0u) * step];
  let m21 = m[at + (2u * 6u + 1u) * step];
  let m22 = m[at + (2u * 6u + 2u) * step];
  let m23 = m[at + (2u * 6u + 3u) * step];
  let m24 = m[at + (2u * 6u + 4u) * step];
  let m25 = m[at + (2u * 6u + 5u) * step];
  let m30 = m[at + (3u * 6u + 0u) * step];
  let m31 = m[at + (3u * 6u + 1u) * step];
  let m32 = m[at + (3u * 6u + 2u) * step];
  let m33 = m[at + (3u * 6u + 3u) * step];
  let m34 = m[at + (3u * 6u + 4u) * step];
  let m35 = m[at + (3u * 6u + 5u) * step];
  let m40 = m[at + (4u * 6u + 0u) * step];
  let m41 = m[at + (4u * 6u + 1u) * step];
  let m42 = m[at + (4u * 6u + 2u) * step];
  let m43 = m[at + (4u * 6u + 3u) * step];
  let m44 = m[at + (4u * 6u + 4u) * step];
  let m45 = m[at + (4u * 6u + 5u) * step];
  let m50 = m[at + (5u * 6u + 0u) * step];
  let m51 = m[at + (5u * 6u + 1u) * step];
  let m52 = m[at + (5u * 6u + 2u) * step];
  let m53 = m[at + (5u * 6u + 3u) * step];
  let m54 = m[at + (5u * 6u + 4u) * step];
  let m55 = m[at + (5u * 6u + 5u) * step];
  // @end
  var shift = 0.0;
  if (params.hasBias == 1u) {
    shift = bias[channel];
  }
  // @for j 6: let t{j} = output4(m0{j}, m1{j}, m2{j}, m3{j}, m4{j}, m5{j});
  let t0 = output4(m00, m10, m20, m30, m40, m50);
  let t1 = output4(m01, m11, m21, m31, m41, m51);
  let t2 = output4(m02, m12, m22, m32, m42, m52);
  let t3 = output4(m03, m13, m23, m33, m43, m53);
  let t4 = output4(m04, m14, m24, m34, m44, m54);
  let t5 = output4(m05, m15, m25, m35, m45, m55);
  // @end
  // @for r 4: let y{r} = output4(t0[{r}u], t1[{r}u], t2[{r}u], t3[{r}u], t4[{r}u], t5[{r}u]);
  let y0 = output4(t0[0u], t1[0u], t2[0u], t3[0u], t4[0u], t5[0u]);
  let y1 = output4(t0[1u], t1[1u], t2[1u], t3[1u], t4[1u], t5[1u]);
  let y2 = output4(t0[2u], t1[2u], t2[2u], t3[2u], t4[2u], t5[2u]);
  let y3 = output4(t0[3u], t1[3u], t2[3u], t3[3u], t4[3u], t5[3u]);
  // @end
  // @for r 4: let line{r} = (plane + oy + {r}u) * width + ox;
  let line0 = (plane + oy + 0u) * width + ox;
  let line1 = (plane + oy + 1u) * width + ox;
  let line2 = (plane + oy + 2u) * width + ox;
  let line3 = (plane + oy + 3u) * width + ox;
  // @end
  // What lies beyond the plane's end becomes the tile's first output once more: a condition on a store costs as much as it does.
  // @for r 4, k 4: let in{r}_{k} = oy + {r}u < height && ox + {k}u < width;
  let in0_0 = oy + 0u < height && ox + 0u < width;
  let in0_1 = oy + 0u < height && ox + 1u < width;
  let in0_2 = oy + 0u < height && ox + 2u < width;
  let in0_3 = oy + 0u < height && ox + 3u < width;
  let in1_0 = oy + 1u < height && ox + 0u < width;
  let in1_1 = oy + 1u < height && ox + 1u < width;
  let in1_2 = oy + 1u < height && ox + 2u < width;
  let in1_3 = oy + 1u < height && ox + 3u < width;
  let in2_0 = oy + 2u < height && ox + 0u < width;
  let in2_1 = oy + 2u < height && ox + 1u < width;
  let in2_2 = oy + 2u < height && ox + 2u < width;
  let in2_3 = oy + 2u < height && ox + 3u < width;
  let in3_0 = oy + 3u < height && ox + 0u < width;
  let in3_1 = oy + 3u < height && ox + 1u < width;
  let in3_2 = oy + 3u < height && ox + 2u < width;
  let in3_3 = oy + 3u < height && ox + 3u < width;
  // @end
  // @for r 4, k 4: y[select(line0, line{r} + {k}u, in{r}_{k})] = act(select(y0[0u], y{r}[{k}u], in{r}_{k}) + shift);
  y[select(line0, line0 + 0u, in0_0)] = act(select(y0[0u], y0[0u], in0_0) + shift);
  y[select(line0, line0 + 1u, in0_1)] = act(select(y0[0u], y0[1u], in0_1) + shift);
  y[select(line0, line0 + 2u, in0_2)] = act(select(y0[0u], y0[2u], in0_2) + shift);
  y[select(line0, line0 + 3u, in0_3)] = act(select(y0[0u], y0[3u], in0_3) + shift);
  y[select(line0, line1 + 0u, in1_0)] = act(select(y0[0u], y1[0u], in1_0) + shift);
  y[select(line0, line1 + 1u, in1_1)] = act(select(y0[0u], y1[1u], in1_1) + shift);
  y[select(line0, line1 + 2u, in1_2)] = act(select(y0[0u], y1[2u], in1_2) + shift);
  y[select(line0, line1 + 3u, in1_3)] = act(select(y0[0u], y1[3u], in1_3) + shift);
  y[select(line0, line2 + 0u, in2_0)] = act(select(y0[0u], y2[0u], in2_0) + shift);
  y[select(line0, line2 + 1u, in2_1)] = act(select(y0[0u], y2[1u], in2_1) + shift);
  y[select(line0, line2 + 2u, in2_2)] = act(select(y0[0u], y2[2u], in2_2) + shift);
  y[select(line0, line2 + 3u, in2_3)] = act(select(y0[0u], y2[3u], in2_3) + shift);
  y[select(line0, line3 + 0u, in3_0)] = act(select(y0[0u], y3[0u], in3_0) + shift);
  y[select(line0, line3 + 1u, in3_1)] = act(select(y0[0u], y3[1u], in3_1) + shift);
  y[select(line0, line3 + 2u, in3_2)] = act(select(y0[0u], y3[2u], in3_2) + shift);
  y[select(line0, line3 + 3u, in3_3)] = act(select(y0[0u], y3[3u], in3_3) + shift);
  // @end
}
