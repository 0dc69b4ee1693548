// Threefry-2x32 with 20 rounds, bit for bit as src/random.ts: the words of counter c under key k.
fn threefryRounds(v: vec2u, r: vec4u) -> vec2u {
  var x = v;
  for (var i = 0u; i < 4u; i++) {
    x.x += x.y;
    x.y = ((x.y << r[i]) | (x.y >> (32u - r[i]))) ^ x.x;
  }
  return x;
}
fn threefry(k: vec2u, c: vec2u) -> vec2u {
  let k2 = 0x1bd11bdau ^ k.x ^ k.y;
  let even = vec4u(13u, 15u, 26u, 6u);
  let odd = vec4u(17u, 29u, 16u, 24u);
  var x = threefryRounds(c + k, even) + vec2u(k.y, k2 + 1u);
  x = threefryRounds(x, odd) + vec2u(k2, k.x + 2u);
  x = threefryRounds(x, even) + vec2u(k.x, k.y + 3u);
  x = threefryRounds(x, odd) + vec2u(k.y, k2 + 4u);
  return threefryRounds(x, even) + vec2u(k2, k.x + 5u);
}
