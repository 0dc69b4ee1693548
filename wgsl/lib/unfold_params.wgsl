// Images [n, c, h, w] and their windows as columns [n, c * KH * KW, outH * outW].
struct Params {
  rows: u32, // of what is made
  each: u32,
  h: u32,
  w: u32,
  outH: u32,
  outW: u32,
  top: u32,
  left: u32,
}
