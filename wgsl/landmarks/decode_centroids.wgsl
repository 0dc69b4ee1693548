// points [maps, 4] of (column, row, peak, area): the mean place of the largest component of the pixels above a share of the
// map's peak, the first of equals, and how many pixels it has; NaN and 0 where no pixel is above. A workgroup a map. With
// `adaptive` the share is half the peak, and rises by `step` while there are several components and it stays below `end`.
import package::lib::math::isNan;
import package::lib::union_find::{none, isOn, markRow, joinPixel, firstOf};

struct Params {
  maps: u32,
  h: u32,
  w: u32,
  share: f32,
  step: f32,
  end: f32,
  diagonal: u32, // 1: pixels touch at their corners too
  adaptive: u32,
  weighted: u32, // 1: each pixel counts by its value
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> parents: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> areas: array<atomic<u32>>;
@group(0) @binding(4) var<storage, read_write> points: array<f32>;

var<workgroup> peaks: array<f32, 64>;
var<workgroup> sizes: array<u32, 64>;
var<workgroup> places: array<u32, 64>;
var<workgroup> sums: array<vec3f, 64>;
var<workgroup> again: u32;

fn larger(a: f32, b: f32) -> f32 {
  return select(select(max(a, b), b, isNan(b)), a, isNan(a));
}

// What the lanes found is put together by every lane in turn, lane after lane: one barrier, where a tree has six, each of
// which costs a software adapter seconds of compiling.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let map = group.y * groups.x + group.x;
  let h = select(0u, params.h, map < params.maps);
  let size = h * params.w;
  let base = map * params.h * params.w;
  var peak = -3.4028234e38;
  for (var i = lane; i < size; i += 64u) {
    peak = larger(peak, x[base + i]);
  }
  peaks[lane] = peak;
  workgroupBarrier();
  for (var k = 0u; k < 64u; k++) {
    peak = larger(peak, peaks[k]);
  }
  let fromShare = select(params.share, 0.5 * peak, params.adaptive == 1u);
  for (var turn = 0u; turn < 128u; turn++) {
    let share = fromShare + f32(turn) * params.step;
    let threshold = share * peak;
    for (var row = lane; row < h; row += 64u) {
      markRow(base, row, params.w, threshold);
    }
    storageBarrier();
    for (var i = lane; i < size; i += 64u) {
      joinPixel(base, i, params.w, size, params.diagonal == 1u);
    }
    storageBarrier();
    var found = 0u;
    for (var i = lane; i < size; i += 64u) {
      found += select(0u, 1u, atomicLoad(&parents[base + i]) == i);
    }
    sizes[lane] = found;
    workgroupBarrier();
    if (lane == 0u) {
      for (var k = 1u; k < 64u; k++) {
        found += sizes[k];
      }
      again = select(0u, 1u, params.adaptive == 1u && found > 1u && share + params.step < params.end);
    }
    if (workgroupUniformLoad(&again) == 0u) {
      break;
    }
  }
  for (var i = lane; i < size; i += 64u) {
    atomicStore(&areas[base + i], 0u);
  }
  storageBarrier();
  for (var i = lane; i < size; i += 64u) {
    if (isOn(base + i)) {
      let first = firstOf(base, i, size);
      atomicStore(&parents[base + i], first);
      atomicAdd(&areas[base + first], 1u);
    }
  }
  storageBarrier();
  var area = 0u;
  var first = none;
  for (var i = lane; i < size; i += 64u) {
    let own = atomicLoad(&areas[base + i]);
    if (own > area) {
      area = own;
      first = i;
    }
  }
  sizes[lane] = area;
  places[lane] = first;
  workgroupBarrier();
  for (var k = 0u; k < 64u; k++) {
    if (sizes[k] > area || (sizes[k] == area && places[k] < first)) {
      area = sizes[k];
      first = places[k];
    }
  }
  let middle = vec2f(f32(first % params.w), f32(first / params.w)); // sums stay small beside it
  var sum = vec3f(0.0);
  if (first != none) {
    for (var i = lane; i < size; i += 64u) {
      if (atomicLoad(&parents[base + i]) == first) {
        let weight = select(1.0, x[base + i], params.weighted == 1u);
        sum += weight * vec3f(vec2f(f32(i % params.w), f32(i / params.w)) - middle, 1.0);
      }
    }
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane == 0u && size > 0u) {
    for (var k = 1u; k < 64u; k++) {
      sum += sums[k];
    }
    let nothing = isNan(peak) || first == none;
    let nan = bitcast<f32>(0x7fc00000u + min(params.maps, 0u));
    let place = middle + sum.xy / sum.z;
    points[map * 4u] = select(place.x, nan, nothing);
    points[map * 4u + 1u] = select(place.y, nan, nothing);
    points[map * 4u + 2u] = peak;
    points[map * 4u + 3u] = select(f32(area), 0.0, nothing);
  }
}
