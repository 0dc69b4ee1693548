// The spectra A g A^T of the gradients of a convolution's outputs, for the gradient of its weights: an invocation takes one
// channel of one tile.
import package::lib::conv2d_winograd_tiles::params;
import package::lib::conv2d_winograd::grad6;

@group(0) @binding(1) var<storage, read> g: array<f32>;
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
  let left = tile % params.tilesX * 4u;
  let n = strip / params.tilesY;
  let top = strip % params.tilesY * 4u;
  let height = params.height;
  let width = params.width;
  let plane = (n * params.channels + channel) * height;
  // @for r 4: let r{r} = top + {r}u; let in{r} = r{r} < height; let line{r} = (plane + min(r{r}, height - 1u)) * width;
  // @for k 4: let k{k} = left + {k}u; let col{k} = min(k{k}, width - 1u); let ok{k} = k{k} < width;
  // @for r 4, k 4: let d{r}{k} = select(0.0, g[line{r} + col{k}], in{r} && ok{k});
  // @for k 4: let t{k} = grad6(vec4f(d0{k}, d1{k}, d2{k}, d3{k}));
  let step = params.channels * params.row;
  let at = channel * params.row + item % count;
  // @for i 6: let v{i} = grad6(vec4f(t0[{i}u], t1[{i}u], t2[{i}u], t3[{i}u]));
  // @for i 6, j 6: v[at + ({i}u * 6u + {j}u) * step] = v{i}[{j}u];
}
