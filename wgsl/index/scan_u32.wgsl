// table [n] of counts becomes that of the sums of all before: one workgroup, each invocation a piece of its own.
struct Params {
  n: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> table: array<u32>;

var<workgroup> sums: array<u32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_id) id: vec3u) {
  let piece = (params.n + 255u) / 256u;
  let fromI = min(id.x * piece, params.n);
  let toI = min(fromI + piece, params.n);
  var sum = 0u;
  for (var i = fromI; i < toI; i++) {
    sum += table[i];
  }
  sums[id.x] = sum;
  workgroupBarrier();
  var before = 0u;
  for (var i = 0u; i < id.x; i++) {
    before += sums[i];
  }
  for (var i = fromI; i < toI; i++) {
    let count = table[i];
    table[i] = before;
    before += count;
  }
}
