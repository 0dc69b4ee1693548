// The spectra G w G^T [36, out, in] of 3x3 kernels, an invocation a kernel. Where they lie: lib/conv2d_gather.wgsl; output
// channels count through all groups, input channels within one.
struct Params {
  outChannels: u32,
  outGroup: u32,
  inGroup: u32,
  wFirst: i32,
  wGroup: i32,
  wOut: i32,
  wIn: i32,
  wP: i32,
  wQ: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read_write> u: array<f32>;

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
  let item = min(id.y * grid.x * 64u + id.x, params.outChannels * params.inGroup - 1u);
  let o = item / params.inGroup;
  let c = item % params.inGroup;
  let base =
    params.wFirst + i32(o / params.outGroup) * params.wGroup + i32(o % params.outGroup) * params.wOut + i32(c) * params.wIn;
  // @for p 3, q 3: let w{p}{q} = weight[u32(base + {p} * params.wP + {q} * params.wQ)];
  let w00 = weight[u32(base + 0 * params.wP + 0 * params.wQ)];
  let w01 = weight[u32(base + 0 * params.wP + 1 * params.wQ)];
  let w02 = weight[u32(base + 0 * params.wP + 2 * params.wQ)];
  let w10 = weight[u32(base + 1 * params.wP + 0 * params.wQ)];
  let w11 = weight[u32(base + 1 * params.wP + 1 * params.wQ)];
  let w12 = weight[u32(base + 1 * params.wP + 2 * params.wQ)];
  let w20 = weight[u32(base + 2 * params.wP + 0 * params.wQ)];
  let w21 = weight[u32(base + 2 * params.wP + 1 * params.wQ)];
  let w22 = weight[u32(base + 2 * params.wP + 2 * params.wQ)];
  // @end
  // @for q 3: let t{q} = weight6(w0{q}, w1{q}, w2{q});
  let t0 = weight6(w00, w10, w20);
  let t1 = weight6(w01, w11, w21);
  let t2 = weight6(w02, w12, w22);
  // @end
  let step = params.outChannels * params.inGroup;
  // @for i 6: let u{i} = weight6(t0[{i}u], t1[{i}u], t2[{i}u]);
  let u0 = weight6(t0[0u], t1[0u], t2[0u]);
  let u1 = weight6(t0[1u], t1[1u], t2[1u]);
  let u2 = weight6(t0[2u], t1[2u], t2[2u]);
  let u3 = weight6(t0[3u], t1[3u], t2[3u]);
  let u4 = weight6(t0[4u], t1[4u], t2[4u]);
  let u5 = weight6(t0[5u], t1[5u], t2[5u]);
  // @end
  // @for i 6, j 6: u[item + ({i}u * 6u + {j}u) * step] = u{i}[{j}u];
  u[item + (0u * 6u + 0u) * step] = u0[0u];
  u[item + (0u * 6u + 1u) * step] = u0[1u];
  u[item + (0u * 6u + 2u) * step] = u0[2u];
  u[item + (0u * 6u + 3u) * step] = u0[3u];
  u[item + (0u * 6u + 4u) * step] = u0[4u];
  u[item + (0u * 6u + 5u) * step] = u0[5u];
  u[item + (1u * 6u + 0u) * step] = u1[0u];
  u[item + (1u * 6u + 1u) * step] = u1[1u];
  u[item + (1u * 6u + 2u) * step] = u1[2u];
  u[item + (1u * 6u + 3u) * step] = u1[3u];
  u[item + (1u * 6u + 4u) * step] = u1[4u];
  u[item + (1u * 6u + 5u) * step] = u1[5u];
  u[item + (2u * 6u + 0u) * step] = u2[0u];
  u[item + (2u * 6u + 1u) * step] = u2[1u];
  u[item + (2u * 6u + 2u) * step] = u2[2u];
  u[item + (2u * 6u + 3u) * step] = u2[3u];
  u[item + (2u * 6u + 4u) * step] = u2[4u];
  u[item + (2u * 6u + 5u) * step] = u2[5u];
  u[item + (3u * 6u + 0u) * step] = u3[0u];
  u[item + (3u * 6u + 1u) * step] = u3[1u];
  u[item + (3u * 6u + 2u) * step] = u3[2u];
  u[item + (3u * 6u + 3u) * step] = u3[3u];
  u[item + (3u * 6u + 4u) * step] = u3[4u];
  u[item + (3u * 6u + 5u) * step] = u3[5u];
  u[item + (4u * 6u + 0u) * step] = u4[0u];
  u[item + (4u * 6u + 1u) * step] = u4[1u];
  u[item + (4u * 6u + 2u) * step] = u4[2u];
  u[item + (4u * 6u + 3u) * step] = u4[3u];
  u[item + (4u * 6u + 4u) * step] = u4[4u];
  u[item + (4u * 6u + 5u) * step] = u4[5u];
  u[item + (5u * 6u + 0u) * step] = u5[0u];
  u[item + (5u * 6u + 1u) * step] = u5[1u];
  u[item + (5u * 6u + 2u) * step] = u5[2u];
  u[item + (5u * 6u + 3u) * step] = u5[3u];
  u[item + (5u * 6u + 4u) * step] = u5[4u];
  u[item + (5u * 6u + 5u) * step] = u5[5u];
  // @end
}
