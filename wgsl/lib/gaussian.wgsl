// How wide and how high the Gaussian of a map is: steepness = 1 / (2 sigma^2), and its peak. With LEARNED sigma [sigmas] comes
// from memory, one for each landmark or one for all; with NORMAL the peak is gamma / (2 pi sigma^2), else 1.
override LEARNED: u32 = 0u;
override NORMAL: u32 = 0u;
struct Gaussian {
  steepness: f32,
  peak: f32,
}
fn gaussianOf(sigma: f32, amplitude: f32) -> Gaussian {
  let inverse = 1.0 / (sigma * sigma);
  return Gaussian(0.5 * inverse, select(1.0, amplitude * inverse, NORMAL == 1u));
}
