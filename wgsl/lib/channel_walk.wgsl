// @expects params

// The entries of a channel of x [n, c, s], cut in parts. LANES invocations walk `each` entries, LANES apart, of the channel's
// n * s, from one image to the next without a division; s is at least LANES. With COLUMNS, for smaller s, an invocation owns
// one of the c * s places of an image and walks `each` images.
override LANES: u32 = 64u;
override COLUMNS: u32 = 0u;

struct Walk {
  at: u32, // of the first entry
  place: u32, // of it within its plane
  count: u32,
  part: u32,
}

// `across` and `down` number the workgroups; without COLUMNS one down is a channel.
fn walkOf(across: u32, down: u32, lane: u32) -> Walk {
  let place = params.c * params.s;
  if (COLUMNS == 1u) {
    let column = down * LANES + lane;
    let first = across * params.each;
    let count = select(0u, min(params.n - first, params.each), column < place);
    let channel = column / params.s;
    let own = column % params.s;
    return Walk(first * place + column, own, count, channel * params.parts + across * params.s + own);
  }
  let length = params.n * params.s;
  let first = across * params.each * LANES + lane;
  let part = down * params.parts + across * LANES + lane;
  if (first >= length) {
    return Walk(0u, 0u, 0u, part);
  }
  let count = min((length - first + LANES - 1u) / LANES, params.each);
  let image = first / params.s;
  let own = first - image * params.s;
  return Walk((image * params.c + down) * params.s + own, own, count, part);
}

// The walk's next entry: LANES further in the channel, or the same place of the next image.
fn nextOf(walk: Walk) -> Walk {
  if (COLUMNS == 1u) {
    return Walk(walk.at + params.c * params.s, walk.place, walk.count - 1u, walk.part);
  }
  let over = walk.place + LANES >= params.s;
  let place = walk.place + LANES - select(0u, params.s, over);
  return Walk(walk.at + LANES + select(0u, (params.c - 1u) * params.s, over), place, walk.count - 1u, walk.part);
}
