// Maps of `size` = h * w pixels, each shared by `chunks` invocations: number i walks the pixels chunk, chunk + chunks, ...
// of map i / chunks; from one to the next the column grows by stepX, the row by stepY (and one more at the right edge).
struct Pixel {
  x: u32,
  y: u32,
}
fn nextPixel(p: Pixel, stepX: u32, stepY: u32, w: u32) -> Pixel {
  let x = p.x + stepX;
  let over = x >= w;
  return Pixel(select(x, x - w, over), p.y + stepY + select(0u, 1u, over));
}
