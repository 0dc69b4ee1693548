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
  let x_m = params.x_m;
  let x_k = params.x_k;
  let w_k = params.w_k;
  let w_n = params.w_n;
  let m = params.m;
  let n = params.n;
  // Neighbouring threads load what lies side by side in memory.
  let x_across = x_k <= x_m;
  let w_across = w_n <= w_k;
  // @for i 4, j 4: var sum_{i}_{j} = 0.0;
  for (var k0 = share.k_from; k0 < share.k_to; k0 += 16u) {
    for (var part = 0u; part < 4u; part++) {
      let at = part * 256u + local;
      let x_row = select(at % 64u, at / 16u, x_across);
      let x_depth = select(at / 64u, at % 16u, x_across);
      let x_in = m0 + x_row < m && k0 + x_depth < share.k_to;
      let x_at = share.x + min(m0 + x_row, m - 1u) * x_m + min(k0 + x_depth, share.k_to - 1u) * x_k;
      xs[x_depth * 65u + x_row] = select(0.0, x[x_at], x_in);
      let w_column = select(at / 16u, at % 64u, w_across);
      let w_depth = select(at % 16u, at / 64u, w_across);
      let w_in = n0 + w_column < n && k0 + w_depth < share.k_to;
      let w_at = share.w + min(n0 + w_column, n - 1u) * w_n + min(k0 + w_depth, share.k_to - 1u) * w_k;
      ws[w_depth * 65u + w_column] = select(0.0, w[w_at], w_in);
    }
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) {
      // @for i 4: let a_{i} = xs[k * 65u + down * 4u + {i}u];
      // @for j 4: let b_{j} = ws[k * 65u + across + {j}u * 16u];
      // @for i 4, j 4: sum_{i}_{j} = fma(a_{i}, b_{j}, sum_{i}_{j});
    }
    workgroupBarrier();
  }
  // @for i 4, j 4: put(share.y, m0 + down * 4u + {i}u, n0 + across + {j}u * 16u, sum_{i}_{j});
}
