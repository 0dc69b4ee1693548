// Three neighbouring axes a, b, c of sizes a, b, c, padded to out_a, out_b, out_c; `inner` elements lie behind them.
struct Params {
  rows: u32, // of what is made: outer * a * b, or outer * out_a * out_b
  each: u32,
  a: u32,
  b: u32,
  c: u32,
  out_a: u32,
  out_b: u32,
  out_c: u32,
  before_a: u32,
  before_b: u32,
  before_c: u32,
  inner: u32,
}
