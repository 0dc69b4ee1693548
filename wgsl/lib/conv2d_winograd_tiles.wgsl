// Planes [n, channels, height, width] cut into tiles of 4 x 4 outputs, tilesY x tilesX a plane; `first` is the first of `count`
// tiles, numbered through all n, that are taken at a time. Their spectra lie as
// [36, channels, row] with the first `count` of each row in use.
struct Params {
  first: u32,
  count: u32,
  row: u32,
  tilesX: u32,
  tilesY: u32,
  channels: u32,
  height: u32,
  width: u32,
  top: i32,
  left: i32,
  hasBias: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
