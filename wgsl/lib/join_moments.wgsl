// (count, mean, sum of squared deviations) of two sets taken together: Chan, Golub, LeVeque 1983.
fn joinMoments(a: vec3f, b: vec3f) -> vec3f {
  let n = a.x + b.x;
  let share = select(b.x / max(n, 1.0), 0.0, b.x == 0.0);
  let d = b.y - a.y;
  return vec3f(n, a.y + d * share, a.z + b.z + d * d * a.x * share);
}
// The middle one of three entries: sums of squares are measured from it, so that one entry far from all others spoils none.
fn middleOf(a: f32, b: f32, c: f32) -> f32 {
  return max(min(a, b), min(max(a, b), c));
}
