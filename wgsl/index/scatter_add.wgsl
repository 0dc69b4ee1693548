// y [outer, size, inner] = base (BASE: of the same shape; else 0) plus the entries of src [outer, length, inner] that name it, in
// ascending order, by the lists of scatter_lists.wgsl; SHARED: one line of lists for all. A line with an index outside is NaN.
struct Params {
  n: u32,
  length: u32,
  inner: u32,
  size: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> base: array<f32>;
@group(0) @binding(2) var<storage, read> src: array<f32>;
@group(0) @binding(3) var<storage, read> head: array<u32>;
@group(0) @binding(4) var<storage, read> next: array<u32>;
@group(0) @binding(5) var<storage, read_write> y: array<u32>;

override BASE: u32 = 0u;
override SHARED: u32 = 0u;

// Starting a work-group is dear on software adapters: each invocation takes four elements, 64 apart.
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * 256u + lane;
  for (var k = 0u; k < 4u; k++) {
    let i = first + 64u * k;
    if (i < params.n) {
      let column = i % params.inner;
      let line = i / params.inner;
      let slot = line % params.size;
      let row = line / params.size;
      let source = row * params.length * params.inner + column;
      let targets = row * (params.size + 1u) * params.inner + column;
      var place = 0u;
      var outside = 0u;
      if (SHARED == 1u) {
        place = head[slot];
        outside = head[params.size];
      } else {
        place = head[targets + slot * params.inner];
        outside = head[targets + params.size * params.inner];
      }
      var total = 0.0;
      if (BASE == 1u) {
        total = base[i];
      }
      for (var count = 0u; count < params.length && place > 0u; count++) {
        let here = place - 1u;
        total += src[source + here * params.inner];
        if (SHARED == 1u) {
          place = next[here];
        } else {
          place = next[source + here * params.inner];
        }
      }
      y[i] = select(bitcast<u32>(total), 0x7fc00000u, outside > 0u);
    }
  }
}
