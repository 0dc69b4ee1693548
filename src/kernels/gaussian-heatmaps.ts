import type { Binding, Device } from "../device/index.ts";
import { linearGrid } from "./grid.ts";
import { type MapDims, shareMaps } from "./maps.ts";
import { reduceAxis } from "./reduce.ts";
import { rowGrid } from "./rows.ts";
import { withFloats } from "./softmax.ts";
import { gaussianHeatmaps } from "./wgsl/gaussian-heatmaps.ts";
import { gaussianHeatmapsDx } from "./wgsl/gaussian-heatmaps-dx.ts";

/** y [maps, h, w] = exp(-r^2 / (2 sigma^2)) around points [maps, 2] = (column, row). */
export function gaussianForward(
  device: Device,
  io: { points: Binding; y: Binding },
  { maps, h, w }: MapDims,
  sigma: number,
): void {
  const rows = maps * h;
  const { overrides, each, groups } = rowGrid(w, rows);
  device.dispatch(
    { shader: gaussianHeatmaps, overrides },
    io,
    { rows, each, h, w, steepness: 0.5 / sigma ** 2 },
    groups,
  );
}

/** The gradient of the points [maps, 2] from g [maps, h, w]. */
export function gaussianPointsGrad(
  device: Device,
  { points, g, dpoints }: { points: Binding; g: Binding; dpoints: Binding },
  dims: MapDims,
  sigma: number,
): void {
  const share = shareMaps(dims);
  const { maps, chunks } = share;
  withFloats(device, maps * chunks * 2, "gaussian_heatmaps' partial sums", (parts) => {
    const params = { ...share, steepness: 0.5 / sigma ** 2 };
    device.dispatch({ shader: gaussianHeatmapsDx }, { points, g, parts }, params, linearGrid(maps * chunks));
    reduceAxis(device, "sum", { x: parts, y: dpoints }, { outer: maps, length: chunks, inner: 2 });
  });
}
