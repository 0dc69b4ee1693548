// The norm of all gradients from the partial sums of their squares, and what the update kernels need of it, in one
// workgroup and without the host: 0 the gradients' factor (clipping), 1 the norm, 2 whether all is finite. For the host,
// later: 3 how many steps were not finite, 4 and 5 the first such step and the place of its first bad partial sum.
struct Params {
  count: u32,
  step: u32,
  maxNorm: f32, // 0: no clipping
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read_write> control: array<u32>;

const none = 0xffffffffu;
var<workgroup> sums: array<f32, 64>;
var<workgroup> bad: array<u32, 64>;

fn isFinite(a: f32) -> bool {
  return (bitcast<u32>(a) & 0x7f800000u) != 0x7f800000u;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  var total = 0.0;
  var firstBad = none;
  for (var i = lane; i < params.count; i += 64u) {
    let part = partials[i];
    if (isFinite(part)) {
      total += part;
    } else {
      firstBad = min(firstBad, i);
    }
  }
  sums[lane] = total;
  bad[lane] = firstBad;
  workgroupBarrier();
  if (lane == 0u) {
    for (var k = 1u; k < 64u; k++) {
      total += sums[k];
      firstBad = min(firstBad, bad[k]);
    }
    let norm = sqrt(total);
    let fine = firstBad == none && isFinite(total);
    var factor = 1.0;
    if (params.maxNorm > 0.0) {
      factor = min(1.0, params.maxNorm / (norm + 1e-6));
    }
    control[0] = bitcast<u32>(factor);
    control[1] = select(0x7fc00000u, bitcast<u32>(norm), fine);
    control[2] = select(0u, 1u, fine);
    if (!fine) {
      if (control[3] == 0u) {
        control[4] = params.step;
        control[5] = firstBad;
      }
      control[3] += 1u;
    }
  }
}
