// The gradients of 3x3 kernels [pieces, kernels, 9], G^T q G for their spectra q [pieces, 36, kernels]: an invocation a kernel of
// a piece. What it rounds is small beside the sum of all pieces.
import package::lib::conv2d_winograd::kernel3;

struct Params {
  kernels: u32,
  pieces: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<f32>;
@group(0) @binding(2) var<storage, read_write> weightGrad: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let item = id.y * grid.x * 64u + id.x;
  let count = params.kernels;
  if (item >= count * params.pieces) {
    return;
  }
  let at = item / count * 36u * count + item % count;
  // @for i 6, j 6: let q{i}{j} = q[at + ({i}u * 6u + {j}u) * count];
  // @for j 6: let t{j} = kernel3(q0{j}, q1{j}, q2{j}, q3{j}, q4{j}, q5{j});
  // @for p 3: let w{p} = kernel3(t0[{p}u], t1[{p}u], t2[{p}u], t3[{p}u], t4[{p}u], t5[{p}u]);
  // @for p 3, k 3: weightGrad[item * 9u + {p}u * 3u + {k}u] = w{p}[{k}u];
}
