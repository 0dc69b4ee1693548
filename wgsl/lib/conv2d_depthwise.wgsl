// A convolution whose groups have one input channel, as a lane sees it: out[n, o, y, x] = bias[o] + sum over j < inPer, p, q of
//   in[n, o / outPer * inPer + j, y * S + top + p, x * S + left + q] * weight[o * inPer + j, p, q],
// the kernel turned round where FLIP is 1. A lane owns a tile of TY x TX outputs of one plane and loads the ROWS x COLS inputs
// that they meet once.
struct Params {
  items: u32,
  tilesX: u32,
  tilesY: u32,
  hasBias: u32,
  inC: u32,
  inH: u32,
  inW: u32,
  outC: u32,
  outH: u32,
  outW: u32,
  inPer: u32,
  outPer: u32,
  top: i32,
  left: i32,
  split: u32,
}
