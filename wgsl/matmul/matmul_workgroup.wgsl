// The product of matrices through workgroup memory, as GPUs want it: 256 threads make 64 x 64 outputs, 4 x 4 each, from
// tiles of 64 x 16 and 16 x 64 that all of them load together.
import package::lib::matmul::{params, x, w, shareOf, put};

// A line of each has 65 places, so that threads which fill it across do not meet in one bank.
var<workgroup> xs: array<f32, 1040>;
var<workgroup> ws: array<f32, 1040>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) group: vec3u) {
  let share = shareOf(group.z);
  let m0 = group.y * 64u;
  let n0 = group.x * 64u;
  let across = local % 16u;
  let down = local / 16u;
  let xM = params.xM;
  let xK = params.xK;
  let wK = params.wK;
  let wN = params.wN;
  let m = params.m;
  let n = params.n;
  // Neighboring threads load what lies side by side in memory.
  let xAcross = xK <= xM;
  let wAcross = wN <= wK;
  // @for i 4, j 4: var sum{i}_{j} = 0.0;
  for (var k0 = share.kFrom; k0 < share.kTo; k0 += 16u) {
    for (var part = 0u; part < 4u; part++) {
      let at = part * 256u + local;
      let xRow = select(at % 64u, at / 16u, xAcross);
      let xDepth = select(at / 64u, at % 16u, xAcross);
      let xIn = m0 + xRow < m && k0 + xDepth < share.kTo;
      let xAt = share.x + min(m0 + xRow, m - 1u) * xM + min(k0 + xDepth, share.kTo - 1u) * xK;
      xs[xDepth * 65u + xRow] = select(0.0, x[xAt], xIn);
      let wColumn = select(at / 16u, at % 64u, wAcross);
      let wDepth = select(at % 16u, at / 64u, wAcross);
      let wIn = n0 + wColumn < n && k0 + wDepth < share.kTo;
      let wAt = share.w + min(n0 + wColumn, n - 1u) * wN + min(k0 + wDepth, share.kTo - 1u) * wK;
      ws[wDepth * 65u + wColumn] = select(0.0, w[wAt], wIn);
    }
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) {
      // @for i 4: let a{i} = xs[k * 65u + down * 4u + {i}u];
      // @for j 4: let b{j} = ws[k * 65u + across + {j}u * 16u];
      // @for i 4, j 4: sum{i}_{j} = fma(a{i}, b{j}, sum{i}_{j});
    }
    workgroupBarrier();
  }
  // @for i 4, j 4: put(share.y, m0 + down * 4u + {i}u, n0 + across + {j}u * 16u, sum{i}_{j});
}
