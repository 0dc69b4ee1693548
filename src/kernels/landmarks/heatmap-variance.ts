import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { groupPerMap, type MapDims } from "../common/maps.ts";
import { heatmapVariance } from "../wgsl/heatmap-variance.ts";
import { heatmapVarianceInputGrad } from "../wgsl/heatmap-variance-input-grad.ts";

/** y [maps, 2] from p [maps, h, w]; stats [maps, 4] are for the gradient. */
export function varianceForward(
  device: Device,
  io: { p: Binding; y: Binding; stats: Binding },
  { maps, h, w }: MapDims,
): void {
  device.dispatch({ shader: heatmapVariance }, io, { maps, size: h * w, w }, groupPerMap(maps));
}

/** inputGrad [maps, h, w] from what the forward pass left and g [maps, 2]. */
export function varianceGrad(
  device: Device,
  io: { stats: Binding; y: Binding; g: Binding; inputGrad: Binding },
  { maps, h, w }: MapDims,
): void {
  const n = maps * h * w;
  device.dispatch({ shader: heatmapVarianceInputGrad }, io, { n, size: h * w, w }, linearGrid(n, 4));
}
