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
