// What the sums of a channel become before they are stored: with NORM batch norm by fixed statistics, (a - mean) / sqrt(variance +
// EPS) * gamma + beta, and then what text given at run time says.
@group(0) @binding(1) var<storage, read> mean: array<f32>;
@group(0) @binding(2) var<storage, read> variance: array<f32>;
@group(0) @binding(3) var<storage, read> gamma: array<f32>;
@group(0) @binding(4) var<storage, read> beta: array<f32>;

// 0: none, and none of the four is read; 1: without gamma and beta; 2: with them.
override NORM: u32 = 0u;
override EPS: f32 = 0.0;

// Mean, scale and shift of a channel.
fn normOf(channel: u32) -> vec3f {
  let scale = 1.0 / sqrt(variance[channel] + EPS);
  if (NORM == 1u) {
    return vec3f(mean[channel], scale, 0.0);
  }
  return vec3f(mean[channel], scale * gamma[channel], beta[channel]);
}

fn normed(a: vec4f, norm: vec3f) -> vec4f {
  return (a - norm.x) * norm.y + norm.z;
}

fn act(a: f32) -> f32 {
  return a; // @expr act
}
