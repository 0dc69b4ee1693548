// The outputs A^T m A of a convolution from the products of spectra: an invocation takes one channel of one tile.
import package::lib::conv2d_winograd_tiles::params;
import package::lib::conv2d_winograd::output4;
import package::lib::channel_end::{NORM, normOf, normed, act};

@group(0) @binding(5) var<storage, read> m: array<f32>;
@group(0) @binding(6) var<storage, read> bias: array<f32>;
@group(0) @binding(7) var<storage, read_write> y: array<f32>;

fn ended(a: f32, norm: vec3f) -> f32 {
  if (NORM > 0u) {
    return act(normed(vec4f(a), norm).x);
  }
  return act(a);
}

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
  let step = params.channels * params.row;
  let at = channel * params.row + item % count;
  // @for i 6, j 6: let m{i}{j} = m[at + ({i}u * 6u + {j}u) * step];
  var shift = 0.0;
  if (params.hasBias == 1u) {
    shift = bias[channel];
  }
  // @for j 6: let t{j} = output4(m0{j}, m1{j}, m2{j}, m3{j}, m4{j}, m5{j});
  var norm = vec3f();
  if (NORM > 0u) {
    norm = normOf(channel);
  }
  // @for r 4: let y{r} = output4(t0[{r}u], t1[{r}u], t2[{r}u], t3[{r}u], t4[{r}u], t5[{r}u]);
  // @for r 4: let line{r} = (plane + oy + {r}u) * width + ox;
  // What lies beyond the plane's end becomes the tile's first output once more: a condition on a store costs as much as it does.
  // @for r 4, k 4: let in{r}_{k} = oy + {r}u < height && ox + {k}u < width;
  // @for r 4, k 4: y[select(line0, line{r} + {k}u, in{r}_{k})] = ended(select(y0[0u], y{r}[{k}u], in{r}_{k}) + shift, norm);
}
