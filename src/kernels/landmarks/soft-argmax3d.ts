import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { chunksOf } from "../reduce/softmax.ts";
import { softArgmax3dInputGrad as inputGradShader } from "../wgsl/soft-argmax3d-input-grad.ts";
import { softArgmax3dJoin } from "../wgsl/soft-argmax3d-join.ts";
import { softArgmax3dPoints } from "../wgsl/soft-argmax3d-points.ts";
import { softArgmax3dStats } from "../wgsl/soft-argmax3d-stats.ts";
import type { SoftArgmaxGrid } from "./soft-argmax2d.ts";

/** `maps` = N * K volumes of d x h x w voxels. */
export interface SoftArgmax3dDims {
  readonly maps: number;
  readonly d: number;
  readonly h: number;
  readonly w: number;
}

/** Floats of what is known of one volume (lib/volumes.wgsl). */
export const cloudFloats = 5;

const share = ({ maps, d, h, w }: SoftArgmax3dDims) => {
  const size = d * h * w;
  const chunks = chunksOf({ outer: maps, length: size, inner: 1 });
  const lines = Math.floor(chunks / w);
  return { maps, size, w, h, chunks, stepX: chunks % w, stepY: lines % h, stepZ: Math.floor(lines / h) };
};

/** Joins parts [maps, length] to stats [maps], at most 64 at a time. */
function join(device: Device, parts: Binding, stats: Binding, maps: number, length: number): void {
  const chunks = Math.ceil(length / 64);
  const run = (to: Binding) =>
    device.dispatch(
      { shader: softArgmax3dJoin },
      { parts, stats: to },
      { maps, length, chunks },
      linearGrid(maps * chunks),
    );
  if (chunks === 1) run(stats);
  else
    withFloats(device, maps * chunks * cloudFloats, "softArgmax3d's partial sums", (some) => {
      run(some);
      join(device, some, stats, maps, chunks);
    });
}

/** points [maps, 3] = (column, row, slice) under softmax(beta * x), and stats [maps, 5] for the gradient, from x [maps, d, h, w]. */
export function softArgmax3dForward(
  device: Device,
  { x, stats, points }: { x: Binding; stats: Binding; points: Binding },
  dims: SoftArgmax3dDims,
  { beta, grid }: { beta: number; grid: SoftArgmaxGrid },
): void {
  const shared = share(dims);
  const count = shared.maps * shared.chunks;
  withFloats(device, count * cloudFloats, "softArgmax3d's partial sums", (parts) => {
    device.dispatch({ shader: softArgmax3dStats }, { x, parts }, { ...shared, beta }, linearGrid(count));
    join(device, parts, stats, shared.maps, shared.chunks);
  });
  const { maps } = dims;
  const params = { maps, scale: [...grid.scale, 0], shift: [...grid.shift, 0] };
  device.dispatch({ shader: softArgmax3dPoints }, { stats, points }, params, linearGrid(maps));
}

/** inputGrad [maps, d, h, w] from x, the stats of the forward pass and g [maps, 3]. */
export function softArgmax3dInputGrad(
  device: Device,
  io: { x: Binding; stats: Binding; g: Binding; inputGrad: Binding },
  dims: SoftArgmax3dDims,
  { beta, grid }: { beta: number; grid: SoftArgmaxGrid },
): void {
  const shared = share(dims);
  const params = { ...shared, beta, scale: [...grid.scale, 0] };
  device.dispatch({ shader: inputGradShader }, io, params, linearGrid(shared.maps * shared.chunks));
}
