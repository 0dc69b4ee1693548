// x [n, c, d, inner] and its planes u [n, outD, c, kd, inner]: each output depth holds the kd planes it looks at.
struct Params {
  rows: u32, // of what is made
  each: u32,
  c: u32,
  d: u32,
  kd: u32,
  outD: u32,
  stride: u32,
  pad: u32,
  dilation: u32,
  inner: u32,
}
