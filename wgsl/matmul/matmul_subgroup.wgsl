// The product of matrices in registers: a lane owns C columns of RB x SI rows. Each value of x is loaded once, a row a lane,
// and broadcast; each value of w is loaded once for all rows.
import package::lib::matmul::{params, x, w, shareOf, put};

enable subgroups;

// One subgroup, so a multiple of SG: larger ones hold the same rows several times.
override WG: u32 = 8u;
const SG: u32 = 8u; // @tile
const RB: u32 = 1u; // @tile
// Rows of a block that are wanted, at most SG.
const SI: u32 = 8u; // @tile
const C: u32 = 2u; // @tile

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) invocation: u32,
) {
  let share = shareOf(group.z);
  let lane = invocation % SG;
  let n0 = group.x * WG * C + local;
  let m0 = group.y * RB * SI;
  let nextX = params.xK;
  let nextW = params.wK;
  // Rows and columns beyond the edge read the last one and are not stored.
  // @for b RB: var row{b} = share.x + min(m0 + {b}u * SI + min(lane, SI - 1u), params.m - 1u) * params.xM + share.kFrom * nextX;
  // @for c C: var column{c} = share.w + min(n0 + {c}u * WG, params.n - 1u) * params.wN + share.kFrom * nextW;
  // @for b RB, i SI, c C: var sum{b}_{i}_{c} = 0.0;
  for (var k = share.kFrom; k < share.kTo; k++) {
    // @for b RB: let a{b} = x[row{b}];
    // @for c C: let w{c} = w[column{c}];
    // @for b RB, i SI, c C: sum{b}_{i}_{c} = fma(subgroupBroadcast(a{b}, {i}u), w{c}, sum{b}_{i}_{c});
    // @for b RB: row{b} += nextX;
    // @for c C: column{c} += nextW;
  }
  // @for b RB, i SI, c C: put(share.y, m0 + {b}u * SI + {i}u, n0 + {c}u * WG, sum{b}_{i}_{c});
}
