// Sizes of a 2-D convolution: x [n, c, h, w], weights [o, c / groups, kh, kw], y and its gradient [n, o, outH, outW].
// `split` is how many pieces the sums of a weight gradient are cut into; `spacing` how far apart the outputs lie that a lane
// takes together (1 where nothing is taken together).
struct Params {
  n: u32,
  c: u32,
  h: u32,
  w: u32,
  o: u32,
  kh: u32,
  kw: u32,
  strideH: u32,
  strideW: u32,
  padTop: u32,
  padLeft: u32,
  dilationH: u32,
  dilationW: u32,
  groups: u32,
  outH: u32,
  outW: u32,
  split: u32,
  spacing: u32,
}
