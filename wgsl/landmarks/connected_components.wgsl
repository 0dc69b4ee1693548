// labels [maps, h * w]: 0 where x is not above `threshold`, else the number of the pixel's component, 1, 2, ... in the order of
// their first pixels, row by row. A workgroup a map.
import package::lib::union_find::{none, markRow, joinPixel, firstOf};

struct Params {
  maps: u32,
  h: u32,
  w: u32,
  threshold: f32,
  diagonal: u32, // 1: pixels touch at their corners too
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> parents: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> labels: array<i32>;

var<workgroup> counts: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let map = group.y * groups.x + group.x;
  let h = select(0u, params.h, map < params.maps);
  let size = h * params.w;
  let base = map * params.h * params.w;
  for (var row = lane; row < h; row += 64u) {
    markRow(base, row, params.w, params.threshold);
  }
  storageBarrier();
  for (var i = lane; i < size; i += 64u) {
    joinPixel(base, i, params.w, size, params.diagonal == 1u);
  }
  storageBarrier();
  // First pixels are numbered in order: each lane counts those of its stretch, then starts behind the stretches before.
  let stretch = (size + 63u) / 64u;
  let start = min(lane * stretch, size);
  let end = min(start + stretch, size);
  var found = 0u;
  for (var i = start; i < end; i++) {
    found += select(0u, 1u, atomicLoad(&parents[base + i]) == i);
  }
  counts[lane] = found;
  workgroupBarrier();
  var number = 0u;
  for (var k = 0u; k < lane; k++) {
    number += counts[k];
  }
  for (var i = start; i < end; i++) {
    if (atomicLoad(&parents[base + i]) == i) {
      number += 1u;
      labels[base + i] = i32(number);
    }
  }
  storageBarrier();
  for (var i = lane; i < size; i += 64u) {
    let parent = atomicLoad(&parents[base + i]);
    if (parent == none) {
      labels[base + i] = 0;
    } else if (parent != i) {
      labels[base + i] = labels[base + firstOf(base, parent, size)];
    }
  }
}
