// The spectra G w G^T [36, out, in] of 3x3 kernels, an invocation a kernel. Where they lie: lib/conv2d_gather.wgsl; output
// channels count through all groups, input channels within one.
import package::lib::conv2d_winograd::weight6;

struct Params {
  outChannels: u32,
  outGroup: u32,
  inGroup: u32,
  wFirst: i32,
  wGroup: i32,
  wOut: i32,
  wIn: i32,
  wP: i32,
  wQ: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read_write> u: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let item = min(id.y * grid.x * 64u + id.x, params.outChannels * params.inGroup - 1u);
  let o = item / params.inGroup;
  let c = item % params.inGroup;
  let base =
    params.wFirst + i32(o / params.outGroup) * params.wGroup + i32(o % params.outGroup) * params.wOut + i32(c) * params.wIn;
  // @for p 3, q 3: let w{p}{q} = weight[u32(base + {p} * params.wP + {q} * params.wQ)];
  // @for q 3: let t{q} = weight6(w0{q}, w1{q}, w2{q});
  let step = params.outChannels * params.inGroup;
  // @for i 6: let u{i} = weight6(t0[{i}u], t1[{i}u], t2[{i}u]);
  // @for i 6, j 6: u[item + ({i}u * 6u + {j}u) * step] = u{i}[{j}u];
}
