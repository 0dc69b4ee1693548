// Maps of `size` = h * w pixels, each shared by `chunks` invocations: number i walks the pixels chunk, chunk + chunks, ...
// of map i / chunks; from one to the next the column grows by step_x, the row by step_y (and one more at the right edge).
struct Pixel {
  x: u32,
  y: u32,
}
fn next_pixel(p: Pixel, step_x: u32, step_y: u32, w: u32) -> Pixel {
  let x = p.x + step_x;
  let over = x >= w;
  return Pixel(select(x, x - w, over), p.y + step_y + select(0u, 1u, over));
}
