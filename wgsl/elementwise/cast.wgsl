// y[i] = f(x[i]) for i in [0, n), both as bits: from one dtype to another.
struct Params {
  n: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

const least: u32 = 0x80000000u;

// Towards zero; NaN and what i32 cannot hold become its least number.
fn toI32(bits: u32) -> u32 {
  let v = bitcast<f32>(bits);
  let fits = (bits & 0x7fffffffu) < 0x4f000000u; // |v| < 2^31
  return select(least, bitcast<u32>(i32(select(0.0, v, fits))), fits);
}
// Towards zero; NaN and what u32 cannot hold become its largest number.
fn toU32(bits: u32) -> u32 {
  let v = bitcast<f32>(bits);
  let fits = bits < 0x4f800000u || (bits >= least && bits < 0xbf800000u); // -1 < v < 2^32
  return select(0xffffffffu, u32(max(select(0.0, v, fits), 0.0)), fits);
}
fn fromI32(bits: u32) -> u32 {
  return bitcast<u32>(f32(bitcast<i32>(bits)));
}
fn fromU32(bits: u32) -> u32 {
  return bitcast<u32>(f32(bits));
}

// The nearest number that float16 holds, of two the even one, beyond 65504 infinity: a store that only converts is then exact,
// where WGSL would leave the direction to the driver.
fn toF16(bits: u32) -> u32 {
  let size = bits & 0x7fffffffu;
  let below = 113u - min(size >> 23u, 113u); // how many powers of two under 2^-14, where halves lie 2^-24 apart
  let drop = min(13u + below, 23u);
  let rounded = ((size + (1u << (drop - 1u)) - 1u + ((size >> drop) & 1u)) >> drop) << drop;
  let least = select(0u, 0x33800000u, size > 0x33000000u); // 2^-24 beyond the middle of 0 and it
  let small = select(rounded, least, below > 10u);
  let fits = select(small, 0x7f800000u, rounded >= 0x47800000u);
  return (bits & 0x80000000u) | select(fits, 0x7fc00000u, size > 0x7f800000u);
}

fn f(v: u32) -> u32 {
  return v; // @expr f
}

// Starting a work-group is dear on software adapters: each invocation takes four elements, 64 apart.
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * 256u + lane;
  for (var k = 0u; k < 4u; k++) {
    let i = first + 64u * k;
    if (i < params.n) {
      y[i] = f(x[i]);
    }
  }
}
