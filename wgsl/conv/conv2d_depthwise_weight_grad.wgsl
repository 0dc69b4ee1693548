// Partial gradients of depthwise weights [split, o, kh, kw], without dilation: a lane owns all taps of one output channel and
// every split-th tile of g; reduce adds the pieces.
import package::lib::conv2d_depthwise::Params;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> weightGrad: array<f32>;

const KH: u32 = 3u; // @tile
const KW: u32 = 3u; // @tile
const S: u32 = 1u; // @tile
const TY: u32 = 4u; // @tile
const TX: u32 = 4u; // @tile
const ROWS: u32 = 6u; // @tile
const COLS: u32 = 6u; // @tile

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let item = id.y * grid.x * 64u + id.x;
  if (item >= params.outC * params.split) {
    return;
  }
  // Neighbors take neighboring tiles: lanes a plane apart would share one place of a cache.
  let o = item / params.split;
  let piece = item % params.split;
  let tiles = params.items / params.outC; // of one channel over the batch
  let height = params.inH;
  let width = params.inW;
  let outH = params.outH;
  let outW = params.outW;
  let tilesX = params.tilesX;
  let tilesY = params.tilesY;
  let channel = o / params.outPer;
  var acc: array<f32, KH * KW>;
  for (var tile = piece; tile < tiles; tile += params.split) {
    let ox = tile % tilesX * TX;
    let row = tile / tilesX;
    let oy = row % tilesY * TY;
    let n = row / tilesY;
    let top = i32(oy * S) + params.top;
    let left = i32(ox * S) + params.left;
    let base = (n * params.inC + channel) * height;
    let out = (n * params.outC + o) * outH;
    // @for k COLS: let k{k} = u32(left + {k});
    // @for k COLS: let at{k} = min(k{k}, width - 1u);
    // @for r ROWS: let r{r} = u32(top + {r}); let line{r} = (base + min(r{r}, height - 1u)) * width;
    var v: array<f32, ROWS * COLS>;
    // @for r ROWS, k COLS: v[{r}u * COLS + {k}u] = select(0.0, x[line{r} + at{k}], r{r} < height && k{k} < width);
    // @for a TY: let g{a} = (out + min(oy + {a}u, outH - 1u)) * outW;
    // @for a TY, b TX: let g{a}_{b} = select(0.0, g[g{a} + min(ox + {b}u, outW - 1u)], oy + {a}u < outH && ox + {b}u < outW);
    // @for a TY, b TX, p KH, q KW: acc[{p}u * KW + {q}u] = fma(g{a}_{b}, v[({a}u * S + {p}u) * COLS + {b}u * S + {q}u], acc[{p}u * KW + {q}u]);
  }
  let at = (piece * params.outC + o) * KH * KW;
  // @for p KH, q KW: weightGrad[at + {p}u * KW + {q}u] = acc[{p}u * KW + {q}u];
}
