// The spectra B^T d B of a convolution's inputs: an invocation takes one channel of one tile.
import package::lib::conv2d_winograd_tiles::params;
import package::lib::conv2d_winograd::input6;

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> v: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  // No early return, after which software adapters would test for each load who is still there: invocations beyond the last
  // repeat it.
  let count = params.count;
  let item = min(id.y * grid.x * 64u + id.x, params.channels * count - 1u);
  let channel = item / count;
  let tile = item % count + params.first;
  let strip = tile / params.tilesX;
  let ox = tile % params.tilesX * 4u;
  let n = strip / params.tilesY;
  let oy = strip % params.tilesY * 4u;
  let height = params.height;
  let width = params.width;
  let plane = (n * params.channels + channel) * height;
  let top = i32(oy) + params.top;
  let left = i32(ox) + params.left;
  // @for r 6: let r{r} = u32(top + {r}); let in{r} = r{r} < height; let line{r} = (plane + min(r{r}, height - 1u)) * width;
  // @for k 6: let k{k} = u32(left + {k}); let col{k} = min(k{k}, width - 1u); let ok{k} = k{k} < width;
  // @for r 6, k 6: let d{r}{k} = select(0.0, x[line{r} + col{k}], in{r} && ok{k});
  // @for k 6: let t{k} = input6(d0{k}, d1{k}, d2{k}, d3{k}, d4{k}, d5{k});
  let step = params.channels * params.row;
  let at = channel * params.row + item % count;
  // @for i 6: let v{i} = input6(t0[{i}u], t1[{i}u], t2[{i}u], t3[{i}u], t4[{i}u], t5[{i}u]);
  // @for i 6, j 6: v[at + ({i}u * 6u + {j}u) * step] = v{i}[{j}u];
}
