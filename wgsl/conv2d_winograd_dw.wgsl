// The gradients of 3x3 kernels [pieces, kernels, 9], G^T q G for their spectra q [pieces, 36, kernels]: an invocation a kernel of a
// piece. What it rounds is small beside the sum of all pieces.
struct Params {
  kernels: u32,
  pieces: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<f32>;
@group(0) @binding(2) var<storage, read_write> dw: array<f32>;

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
  let item = id.y * grid.x * 64u + id.x;
  let count = params.kernels;
  if (item >= count * params.pieces) {
    return;
  }
  let at = item / count * 36u * count + item % count;
  // @for i 6, j 6: let q{i}{j} = q[at + ({i}u * 6u + {j}u) * count];
  let q00 = q[at + (0u * 6u + 0u) * count];
  let q01 = q[at + (0u * 6u + 1u) * count];
  let q02 = q[at + (0u * 6u + 2u) * count];
  let q03 = q[at + (0u * 6u + 3u) * count];
  let q04 = q[at + (0u * 6u + 4u) * count];
  let q05 = q[at + (0u * 6u + 5u) * count];
  let q10 = q[at + (1u * 6u + 0u) * count];
  let q11 = q[at + (1u * 6u + 1u) * count];
  let q12 = q[at + (1u * 6u + 2u) * count];
  let q13 = q[at + (1u * 6u + 3u) * count];
  let q14 = q[at + (1u * 6u + 4u) * count];
  let q15 = q[at + (1u * 6u + 5u) * count];
  let q20 = q[at + (2u * 6u + 0u) * count];
  let q21 = q[at + (2u * 6u + 1u) * count];
  let q22 = q[at + (2u * 6u + 2u) * count];
  let q23 = q[at + (2u * 6u + 3u) * count];
  let q24 = q[at + (2u * 6u + 4u) * count];
  let q25 = q[at + (2u * 6u + 5u) * count];
  let q30 = q[at + (3u * 6u + 0u) * count];
  let q31 = q[at + (3u * 6u + 1u) * count];
  let q32 = q[at + (3u * 6u + 2u) * count];
  let q33 = q[at + (3u * 6u + 3u) * count];
  let q34 = q[at + (3u * 6u + 4u) * count];
  let q35 = q[at + (3u * 6u + 5u) * count];
  let q40 = q[at + (4u * 6u + 0u) * count];
  let q41 = q[at + (4u * 6u + 1u) * count];
  let q42 = q[at + (4u * 6u + 2u) * count];
  let q43 = q[at + (4u * 6u + 3u) * count];
  let q44 = q[at + (4u * 6u + 4u) * count];
  let q45 = q[at + (4u * 6u + 5u) * count];
  let q50 = q[at + (5u * 6u + 0u) * count];
  let q51 = q[at + (5u * 6u + 1u) * count];
  let q52 = q[at + (5u * 6u + 2u) * count];
  let q53 = q[at + (5u * 6u + 3u) * count];
  let q54 = q[at + (5u * 6u + 4u) * count];
  let q55 = q[at + (5u * 6u + 5u) * count];
  // @end
  // @for j 6: let t{j} = kernel3(q0{j}, q1{j}, q2{j}, q3{j}, q4{j}, q5{j});
  let t0 = kernel3(q00, q10, q20, q30, q40, q50);
  let t1 = kernel3(q01, q11, q21, q31, q41, q51);
  let t2 = kernel3(q02, q12, q22, q32, q42, q52);
  let t3 = kernel3(q03, q13, q23, q33, q43, q53);
  let t4 = kernel3(q04, q14, q24, q34, q44, q54);
  let t5 = kernel3(q05, q15, q25, q35, q45, q55);
  // @end
  // @for p 3: let w{p} = kernel3(t0[{p}u], t1[{p}u], t2[{p}u], t3[{p}u], t4[{p}u], t5[{p}u]);
  let w0 = kernel3(t0[0u], t1[0u], t2[0u], t3[0u], t4[0u], t5[0u]);
  let w1 = kernel3(t0[1u], t1[1u], t2[1u], t3[1u], t4[1u], t5[1u]);
  let w2 = kernel3(t0[2u], t1[2u], t2[2u], t3[2u], t4[2u], t5[2u]);
  // @end
  // @for p 3, k 3: dw[item * 9u + {p}u * 3u + {k}u] = w{p}[{k}u];
  dw[item * 9u + 0u * 3u + 0u] = w0[0u];
  dw[item * 9u + 0u * 3u + 1u] = w0[1u];
  dw[item * 9u + 0u * 3u + 2u] = w0[2u];
  dw[item * 9u + 1u * 3u + 0u] = w1[0u];
  dw[item * 9u + 1u * 3u + 1u] = w1[1u];
  dw[item * 9u + 1u * 3u + 2u] = w1[2u];
  dw[item * 9u + 2u * 3u + 0u] = w2[0u];
  dw[item * 9u + 2u * 3u + 1u] = w2[1u];
  dw[item * 9u + 2u * 3u + 2u] = w2[2u];
  // @end
}
