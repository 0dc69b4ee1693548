// The gradients of weight and bias where each entry of a row has its own: sums over `outer` of g [outer, columns] and of g
// times the normalized x, for chunk c of rows c, c + chunks, ...: [chunks, columns]. A lane owns four columns, 64 apart.
struct Params {
  outer: u32,
  groups: u32,
  per: u32, // entries a row; columns = groups * per
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read> stats: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> weightGrad: array<f32>;
@group(0) @binding(5) var<storage, read_write> biasGrad: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let columns = params.groups * params.per;
  let first = group.x * 256u + lane;
  let chunk = group.z * groups.y + group.y;
  if (first >= columns || chunk >= params.chunks) {
    return;
  }
  // Columns behind the last are read as the last, and not written.
  let at = min(vec4u(first) + vec4u(0u, 64u, 128u, 192u), vec4u(columns - 1u));
  let part = at / params.per;
  var slopes = vec4f(0.0);
  var levels = vec4f(0.0);
  for (var n = chunk; n < params.outer; n += params.chunks) {
    let row = n * params.groups + part;
    let base = n * columns;
    var stat = stats[row.x];
    var origin = vec4f(x[row.x * params.per]);
    var shift = vec4f(stat.x);
    var invstd = vec4f(stat.y);
    if (params.groups > 1u) {
      for (var k = 1u; k < 4u; k++) {
        stat = stats[row[k]];
        origin[k] = x[row[k] * params.per];
        shift[k] = stat.x;
        invstd[k] = stat.y;
      }
    }
    let v = vec4f(g[base + at.x], g[base + at.y], g[base + at.z], g[base + at.w]);
    let d = vec4f(x[base + at.x], x[base + at.y], x[base + at.z], x[base + at.w]) - origin - shift;
    levels += v;
    slopes += v * d * invstd;
  }
  let out = chunk * columns + first;
  for (var k = 0u; k < 4u; k++) {
    if (first + 64u * k < columns) {
      weightGrad[out + 64u * k] = slopes[k];
      biasGrad[out + 64u * k] = levels[k];
    }
  }
}
