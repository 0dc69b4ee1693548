import package::lib::math::isNan;
// @expects params

// Where a point of a grid falls along an axis of `size` pixels: -1 and 1 are the middles of the outer pixels where
// params.corners is 1, else their outer edges. params.padding 0: outside are zeros; 1: held at the border; 2: reflected
// there. (Params, not overrides: twelve pipelines of each kernel would take longer to compile than they save.)
struct Place {
  at: f32, // in pixels
  slope: f32, // of `at` over the point's coordinate
  lost: bool, // no finite number, and no padding to catch it
}
fn finite(a: f32) -> bool {
  return (bitcast<u32>(a) & 0x7f800000u) != 0x7f800000u;
}
fn placeOf(c: f32, size: i32) -> Place {
  let n = f32(size);
  let corners = params.corners == 1u;
  let raw = select(((c + 1.0) * n - 1.0) * 0.5, (c + 1.0) * 0.5 * (n - 1.0), corners);
  var slope = 0.5 * select(n, n - 1.0, corners);
  if (params.padding == 0u) {
    return Place(select(-2.0, clamp(raw, -2.0, n + 1.0), finite(raw)), slope, !finite(raw));
  }
  if (isNan(raw) || (params.padding == 2u && !finite(raw))) {
    return Place(0.0, 0.0, false); // as PyTorch: the first pixel
  }
  var at = raw;
  if (params.padding == 2u) {
    let low = select(-0.5, 0.0, corners);
    let span = select(n, n - 1.0, corners);
    if (span == 0.0) {
      return Place(0.0, 0.0, false);
    }
    let far = abs(raw - low);
    let flips = floor(far / span);
    let odd = flips - 2.0 * floor(flips * 0.5) == 1.0;
    let extra = far - flips * span;
    at = low + select(extra, span - extra, odd);
    slope *= select(1.0, -1.0, odd != (raw < low));
  }
  if (at <= 0.0) {
    return Place(0.0, 0.0, false);
  }
  if (at >= n - 1.0) {
    return Place(n - 1.0, 0.0, false);
  }
  return Place(at, slope, false);
}
