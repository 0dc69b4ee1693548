// @expects x, parents

// Connected pixels of a map of h x w by union-find: a pixel points to itself or to an earlier pixel of its component, so that
// in the end all point to the first. Which lane joins what first changes the way there and not the end.
const none: u32 = 0xffffffffu; // a pixel of the background

fn isOn(pixel: u32) -> bool {
  return atomicLoad(&parents[pixel]) != none;
}

// Each run of a row points to its first pixel.
fn markRow(base: u32, row: u32, w: u32, threshold: f32) {
  var start = none;
  for (var column = 0u; column < w; column++) {
    let pixel = row * w + column;
    let on = x[base + pixel] > threshold;
    start = select(none, select(start, pixel, start == none), on);
    atomicStore(&parents[base + pixel], start);
  }
}

fn unite(base: u32, one: u32, other: u32, size: u32) {
  var a = max(one, other);
  var b = min(one, other);
  for (var k = 0u; k < 2u * size; k++) { // each turn lowers the larger of the two
    let before = atomicMin(&parents[base + a], b);
    if (before == a || before == b) {
      break;
    }
    a = max(before, b); // what a belonged to belongs together with b
    b = min(before, b);
  }
}

// Joins a pixel with the runs of the row above that touch it: by an edge, or with `diagonal` by a corner too. What the pixel to
// the left joins already is left to it.
fn joinPixel(base: u32, pixel: u32, w: u32, size: u32, diagonal: bool) {
  if (pixel < w || !isOn(base + pixel)) {
    return;
  }
  let column = pixel % w;
  let above = pixel - w;
  let left = column > 0u && isOn(base + pixel - 1u);
  let aboveLeft = column > 0u && isOn(base + max(above, 1u) - 1u);
  if (isOn(base + above)) {
    if (!(left && aboveLeft)) {
      unite(base, pixel, above, size);
    }
  } else if (diagonal) {
    if (aboveLeft && !left) {
      unite(base, pixel, above - 1u, size);
    }
    if (column + 1u < w && isOn(base + above + 1u)) {
      unite(base, pixel, above + 1u, size);
    }
  }
}

fn firstOf(base: u32, pixel: u32, size: u32) -> u32 {
  var at = pixel;
  for (var k = 0u; k < size; k++) { // a way has no more steps than there are pixels
    let next = atomicLoad(&parents[base + at]);
    if (next == at) {
      break;
    }
    at = next;
  }
  return at;
}
