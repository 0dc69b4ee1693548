// y [n, c * KH * KW, out_h * out_w]: column l holds the entries of window l, zero where it reaches into the padding.
// @include lib/unfold_params.wgsl
// Images [n, c, h, w] and their windows as columns [n, c * KH * KW, out_h * out_w].
struct Params {
  rows: u32, // of what is made
  each: u32,
  h: u32,
  w: u32,
  out_h: u32,
  out_w: u32,
  top: u32,
  left: u32,
}
// @end
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

override KH: u32 = 3u;
override KW: u32 = 3u;
override SH: u32 = 1u;
override SW: u32 = 1u;
override DH: u32 = 1u;
override DW: u32 = 1u;

// @include lib/rows.wgsl
// Images as rows of columns: WX lanes along the columns, WY invocations beside each other along the rows, and
// params.each rows one after the other in an invocation (starting a workgroup costs as much as dozens of loads).
override WX: u32 = 64u;
override WY: u32 = 1u;
// @end

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  let columns = params.out_h * params.out_w;
  if (id.x >= columns || first >= params.rows) {
    return;
  }
  // Places before the image wrap to numbers far beyond it.
  let top = id.x / params.out_w * SH - params.top;
  let left = id.x % params.out_w * SW - params.left;
  var kx = first % KW;
  var ky = first / KW % KH;
  var plane = first / (KW * KH);
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    let iy = top + ky * DH;
    let ix = left + kx * DW;
    let at = (plane * params.h + min(iy, params.h - 1u)) * params.w + min(ix, params.w - 1u);
    y[row * columns + id.x] = select(0.0, x[at], iy < params.h && ix < params.w);
    kx++;
    if (kx == KW) {
      kx = 0u;
      ky++;
      if (ky == KH) {
        ky = 0u;
        plane++;
      }
    }
  }
}
