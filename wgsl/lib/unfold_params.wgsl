// Images [n, c, h, w] and their windows as columns [n, c * KH * KW, out_h * out_w].
struct Params {
  rows: u32, // of what is made
  each: u32,
  h: u32,
  w: u32,
  out_h: u32,
  out_w: u32,
  top: u32,
  left: u32,
}
