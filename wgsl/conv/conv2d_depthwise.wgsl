// Depthwise convolution in registers, without dilation: the forward pass, and the gradient of the input where the stride is 1.
import package::lib::conv2d_depthwise::Params;
import package::lib::channel_end::{NORM, normOf, normed, act};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read> x: array<f32>;
@group(0) @binding(6) var<storage, read> weight: array<f32>;
@group(0) @binding(7) var<storage, read> bias: array<f32>;
@group(0) @binding(8) var<storage, read_write> y: array<f32>;

override FLIP: u32 = 0u;
const KH: u32 = 3u; // @tile
const KW: u32 = 3u; // @tile
const S: u32 = 1u; // @tile
// inPer; a constant, so that the loop over one input is none.
const PER: u32 = 1u; // @tile
const TY: u32 = 4u; // @tile
const TX: u32 = 4u; // @tile
const ROWS: u32 = 6u; // @tile
const COLS: u32 = 6u; // @tile

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  // No early return, no runtime loop and no condition on a store: under any of them software adapters ask for each load and store
  // which invocations take part. Those beyond the last repeat it.
  let item = min(id.y * grid.x * 64u + id.x, params.items - 1u);
  let ox = item % params.tilesX * TX;
  let row = item / params.tilesX;
  let oy = row % params.tilesY * TY;
  let plane = row / params.tilesY;
  let o = plane % params.outC;
  let n = plane / params.outC;
  let height = params.inH;
  let width = params.inW;
  let top = i32(oy * S) + params.top;
  let left = i32(ox * S) + params.left;
  // @for k COLS: let k{k} = u32(left + {k});
  // @for k COLS: let at{k} = min(k{k}, width - 1u);
  var acc: array<f32, TY * TX>;
  if (params.hasBias == 1u) {
    let first = bias[o];
    // @for a TY, b TX: acc[{a}u * TX + {b}u] = first;
  }
  for (var j = 0u; j < PER; j++) {
    let channel = o / params.outPer * PER + j;
    let base = (n * params.inC + channel) * height;
    let taps = (o * PER + j) * KH * KW;
    var v: array<f32, ROWS * COLS>;
    // @for r ROWS: let r{r} = u32(top + {r}); let line{r} = (base + min(r{r}, height - 1u)) * width;
    // @for r ROWS, k COLS: v[{r}u * COLS + {k}u] = select(0.0, x[line{r} + at{k}], r{r} < height && k{k} < width);
    // @for p KH, q KW: let w{p}_{q} = weight[taps + select({p}u * KW + {q}u, (KH - 1u - {p}u) * KW + KW - 1u - {q}u, FLIP == 1u)];
    // @for p KH, q KW, a TY, b TX: acc[{a}u * TX + {b}u] = fma(w{p}_{q}, v[({a}u * S + {p}u) * COLS + {b}u * S + {q}u], acc[{a}u * TX + {b}u]);
  }
  if (NORM > 0u) {
    let norm = normOf(o);
    // @for a TY, b TX: acc[{a}u * TX + {b}u] = normed(vec4f(acc[{a}u * TX + {b}u]), norm).x;
  }
  let out = (plane * params.outH + oy) * params.outW + ox;
  let outH = params.outH;
  let outW = params.outW;
  // What lies beyond the plane's end becomes the tile's first output once more.
  // @for a TY, b TX: let in{a}_{b} = oy + {a}u < outH && ox + {b}u < outW;
  // @for a TY, b TX: y[out + select(0u, {a}u * outW + {b}u, in{a}_{b})] = act(select(acc[0u], acc[{a}u * TX + {b}u], in{a}_{b}));
}
