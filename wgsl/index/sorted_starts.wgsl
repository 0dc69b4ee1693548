// starts [keys]: for each key from 0 on, the first place in `sorted` [n] that holds it or a larger one.
struct Params {
  keys: u32,
  n: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> sorted: array<u32>;
@group(0) @binding(2) var<storage, read_write> starts: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let key = id.y * groups.x * 64u + id.x;
  if (key >= params.keys) {
    return;
  }
  var low = 0u;
  var high = params.n;
  for (var step = 0u; step < 32u && low < high; step++) {
    let middle = (low + high) / 2u;
    if (sorted[middle] < key) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  starts[key] = low;
}
