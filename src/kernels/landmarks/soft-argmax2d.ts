import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { groupPerMap, type MapDims, shareMaps } from "../common/maps.ts";
import { withFloats } from "../common/scratch.ts";
import { softArgmax2dInputGrad } from "../wgsl/soft-argmax2d-input-grad.ts";
import { softArgmax2dJoin } from "../wgsl/soft-argmax2d-join.ts";
import { softArgmax2dMoments } from "../wgsl/soft-argmax2d-moments.ts";
import { softArgmax2dMomentsInputGrad } from "../wgsl/soft-argmax2d-moments-input-grad.ts";
import { softArgmax2dPoints } from "../wgsl/soft-argmax2d-points.ts";
import { softArgmax2dStats } from "../wgsl/soft-argmax2d-stats.ts";

/** Joins parts [maps, length] to stats [maps], at most 64 at a time. */
function join(device: Device, parts: Binding, stats: Binding, maps: number, length: number): void {
  const chunks = Math.ceil(length / 64);
  const run = (to: Binding) =>
    device.dispatch(
      { shader: softArgmax2dJoin },
      { parts, stats: to },
      { maps, length, chunks },
      linearGrid(maps * chunks),
    );
  if (chunks === 1) run(stats);
  else
    withFloats(device, maps * chunks * 4, "softArgmax2d's partial sums", (some) => {
      run(some);
      join(device, some, stats, maps, chunks);
    });
}

/** How a coordinate is told, for each axis from the last (columns) on: scale * pixel + shift. */
export interface SoftArgmaxGrid {
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

const scales = ({ scale: [x, y = 0] }: SoftArgmaxGrid) => ({ scaleX: x, scaleY: y });
const shifts = ({ shift: [x, y = 0] }: SoftArgmaxGrid) => ({ shiftX: x, shiftY: y });

/**
 * points [maps, 2] = (column, row) under softmax(beta * h), and stats [maps, 4] for the gradient, from h [maps, h, w]; [maps, 1]
 * where the grid has one axis.
 */
export function softArgmaxForward(
  device: Device,
  io: { h: Binding; stats: Binding; points: Binding },
  dims: MapDims,
  { beta, grid }: { beta: number; grid: SoftArgmaxGrid },
): void {
  const share = shareMaps(dims);
  const { h, stats, points } = io;
  const count = share.maps * share.chunks;
  withFloats(device, count * 4, "softArgmax2d's partial sums", (parts) => {
    device.dispatch({ shader: softArgmax2dStats }, { h, parts }, { ...share, beta }, linearGrid(count));
    join(device, parts, stats, share.maps, share.chunks);
  });
  device.dispatch(
    { shader: softArgmax2dPoints, overrides: { AXES: grid.scale.length } },
    { stats, points },
    { maps: dims.maps, ...scales(grid), ...shifts(grid) },
    linearGrid(dims.maps),
  );
}

/** inputGrad [maps, h, w] from h, the stats of the forward pass and g [maps, axes]. */
export function softArgmaxInputGrad(
  device: Device,
  io: { h: Binding; stats: Binding; g: Binding; inputGrad: Binding },
  dims: MapDims,
  { beta, grid }: { beta: number; grid: SoftArgmaxGrid },
): void {
  const share = shareMaps(dims);
  device.dispatch(
    { shader: softArgmax2dInputGrad, overrides: { AXES: grid.scale.length } },
    io,
    { ...share, beta, ...scales(grid) },
    linearGrid(share.maps * share.chunks),
  );
}

/**
 * moments [maps, 6] = column, row, largest probability, variances of column and row, covariance; stats [maps, 8] for the
 * gradient.
 */
export function softArgmaxMoments(
  device: Device,
  io: { h: Binding; moments: Binding; stats: Binding },
  { maps, h, w }: MapDims,
  { beta, grid }: { beta: number; grid: SoftArgmaxGrid },
): void {
  const params = { maps, size: h * w, w, stepX: 64 % w, stepY: Math.floor(64 / w), beta };
  device.dispatch(
    { shader: softArgmax2dMoments },
    io,
    { ...params, ...scales(grid), ...shifts(grid) },
    groupPerMap(maps),
  );
}

/** inputGrad [maps, h, w] from h, the stats of softArgmaxMoments and g [maps, 6]. */
export function softArgmaxMomentsGrad(
  device: Device,
  io: { h: Binding; stats: Binding; g: Binding; inputGrad: Binding },
  dims: MapDims,
  { beta, grid }: { beta: number; grid: SoftArgmaxGrid },
): void {
  const share = shareMaps(dims);
  device.dispatch(
    { shader: softArgmax2dMomentsInputGrad },
    io,
    { ...share, beta, ...scales(grid) },
    linearGrid(share.maps * share.chunks),
  );
}
