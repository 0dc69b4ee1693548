import type { Binding, Device } from "../../device/index.ts";
import { groupPerMap, type MapDims } from "../common/maps.ts";
import { decodeHeatmaps } from "../wgsl/decode-heatmaps.ts";

/** points [maps, 3] = column, row and value of the largest pixel of x [maps, h, w]; `parabola` refines the place. */
export function decodeKernel(
  device: Device,
  io: { x: Binding; points: Binding },
  dims: MapDims,
  parabola: boolean,
): void {
  const { maps, h, w } = dims;
  device.dispatch(
    { shader: decodeHeatmaps, overrides: { PARABOLA: parabola ? 1 : 0 } },
    io,
    { maps, h, w },
    groupPerMap(maps),
  );
}
