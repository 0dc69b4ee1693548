// Copies rows of neighboring elements between two places: y[oy + j py + k ry + i] = x[ox + j px + k rx + i] for i < n, the row
// (j, k) taken from the grid. No division for an element, and neighbors read neighbors: what concat and slice mostly are. All
// lengths and places count what is moved at a time.
struct Params {
  n: u32,
  offsetX: u32,
  offsetY: u32,
  xJ: u32,
  xK: u32,
  yJ: u32,
  yK: u32,
}
// What is moved at a time: the bits of a number, or of four.
alias number = u32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<number>;
@group(0) @binding(2) var<storage, read_write> y: array<number>;

override LANES: u32 = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let fromRow = params.offsetX + group.y * params.xJ + group.z * params.xK;
  let toRow = params.offsetY + group.y * params.yJ + group.z * params.yK;
  for (var k = 0u; k < 8u; k++) {
    let i = (group.x * 8u + k) * LANES + lane;
    if (i < params.n) {
      y[toRow + i] = x[fromRow + i];
    }
  }
}
