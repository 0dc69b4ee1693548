// The product of matrices in register tiles of TM x TN outputs a thread; threads of a work-group lie along n, so that they
// read w side by side.
import package::lib::matmul::{params, x, w, shareOf, put};

const TM: u32 = 4u; // @tile
const TN: u32 = 2u; // @tile
override LANES: u32 = 16;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_id) lane: vec3u, @builtin(workgroup_id) group: vec3u) {
  let n0 = group.x * LANES * TN + lane.x;
  let m0 = group.y * TM;
  let share = shareOf(group.z);
  // Rows and columns beyond the edge read the last one and are not stored.
  // @for i TM: let row{i} = share.x + min(m0 + {i}u, params.m - 1u) * params.xM;
  // @for j TN: let column{j} = share.w + min(n0 + {j}u * LANES, params.n - 1u) * params.wN;
  // @for i TM, j TN: var sum{i}_{j} = 0.0;
  for (var k = share.kFrom; k < share.kTo; k++) {
    let xk = k * params.xK;
    let wk = k * params.wK;
    // @for i TM: let a{i} = x[row{i} + xk];
    // @for j TN: let b{j} = w[column{j} + wk];
    // @for i TM, j TN: sum{i}_{j} = fma(a{i}, b{j}, sum{i}_{j});
  }
  // @for i TM, j TN: put(share.y, m0 + {i}u, n0 + {j}u * LANES, sum{i}_{j});
}
