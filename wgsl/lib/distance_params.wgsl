// Distances between the vectors x [batch, p, m] and y [batch, r, m], for cdist and its gradient.
struct Params {
  n: u32,
  p: u32,
  r: u32,
  m: u32,
  power: f32,
  // Steps of i and j in a [p, r] table: of the gradient of y the other way round.
  stepI: u32,
  stepJ: u32,
}
@group(0) @binding(0) var<uniform> params: Params;

// 0: any power; 1 and 2; 3: the largest difference; 4: how many differ.
override KIND: u32 = 2u;
