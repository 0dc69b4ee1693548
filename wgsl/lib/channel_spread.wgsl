// @expects params

// How the entries of x [n, c, s] are spread where each is read and written once: WX lanes along s, WY planes (n, c) beside each
// other, `each` entries a lane. With COLUMNS, for small s, a lane owns one of the c * s places of an image and walks `each`
// images.
override WX: u32 = 64u;
override WY: u32 = 1u;
override COLUMNS: u32 = 0u;

struct Run {
  channel: u32,
  at: u32, // of the first entry
  step: u32,
  end: u32,
}

fn runOf(group: vec3u, groups: vec3u, lane: vec3u) -> Run {
  let down = group.z * groups.y + group.y;
  if (COLUMNS == 1u) {
    let places = params.c * params.s;
    let column = group.x * WX + lane.x;
    let first = down * params.each;
    let last = select(first, min(first + params.each, params.n), column < places);
    return Run(min(column / params.s, params.c - 1u), first * places + column, places, last * places + column);
  }
  let plane = down * WY + lane.y;
  let first = group.x * params.each * WX + lane.x;
  let last = select(0u, min(params.s, first + params.each * WX), plane < params.n * params.c);
  return Run(plane % params.c, plane * params.s + first, WX, plane * params.s + last);
}
