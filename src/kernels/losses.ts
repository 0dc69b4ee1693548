import type { Binding, Device } from "../device/index.ts";
import { linearGrid } from "./grid.ts";
import { shareMaps } from "./maps.ts";
import { reduceAxis } from "./reduce.ts";
import { chunksOf, withFloats } from "./softmax.ts";
import { lossesGrad } from "./wgsl/losses-grad.ts";
import { lossesSum } from "./wgsl/losses-sum.ts";
import { spatialSoftmaxCe } from "./wgsl/spatial-softmax-ce.ts";
import { spatialSoftmaxCeDx } from "./wgsl/spatial-softmax-ce-dx.ts";
import { spatialSoftmaxCeJoin } from "./wgsl/spatial-softmax-ce-join.ts";
import { spatialSoftmaxCeStats } from "./wgsl/spatial-softmax-ce-stats.ts";

/** loss [1] = scale * the sum of expression(a, b, p0) over `n` entries, at least one; in a fixed order. */
export function lossSum(
  device: Device,
  expression: string,
  { a, b, loss }: { a: Binding; b: Binding; loss: Binding },
  { n, p0, scale }: { n: number; p0: number; scale: number },
): void {
  const chunks = chunksOf({ outer: 1, length: n, inner: 1 });
  withFloats(device, chunks, "a loss's partial sums", (parts) => {
    device.dispatch(
      { shader: lossesSum, exprs: { f: expression } },
      { a, b, parts },
      { n, chunks, p0 },
      linearGrid(chunks),
    );
    reduceAxis(device, "sum", { x: parts, y: loss }, { outer: 1, length: chunks, inner: 1, scale });
  });
}

/** y [n] = expression(a, b, p0) * g[0] * scale. */
export function lossGrad(
  device: Device,
  expression: string,
  io: { a: Binding; b: Binding; g: Binding; y: Binding },
  params: { n: number; p0: number; scale: number },
): void {
  device.dispatch({ shader: lossesGrad, exprs: { f: expression } }, io, params, linearGrid(Math.ceil(params.n / 4)));
}

/** Joins parts [maps, length] to stats [maps], at most 64 at a time. */
function join(device: Device, parts: Binding, stats: Binding, maps: number, length: number): void {
  const chunks = Math.ceil(length / 64);
  const run = (to: Binding) =>
    device.dispatch(
      { shader: spatialSoftmaxCeJoin },
      { parts, stats: to },
      { maps, length, chunks },
      linearGrid(maps * chunks),
    );
  if (chunks === 1) run(stats);
  else
    withFloats(device, maps * chunks * 4, "spatial_softmax_ce's partial sums", (some) => {
      run(some);
      join(device, some, stats, maps, chunks);
    });
}

/** loss [1] over `maps` maps of `size` pixels; stats [maps, 4] and share [1] are for the gradient. */
export function spatialCrossEntropy(
  device: Device,
  { z, y, stats, loss, share }: { z: Binding; y: Binding; stats: Binding; loss: Binding; share: Binding },
  { maps, size }: { maps: number; size: number },
): void {
  const { chunks } = shareMaps({ maps, h: 1, w: size });
  withFloats(device, maps * chunks * 4, "spatial_softmax_ce's partial sums", (parts) => {
    device.dispatch(
      { shader: spatialSoftmaxCeStats },
      { z, y, parts },
      { maps, size, chunks },
      linearGrid(maps * chunks),
    );
    join(device, parts, stats, maps, chunks);
  });
  device.dispatch({ shader: spatialSoftmaxCe }, { stats, loss, share }, { maps }, [1, 1, 1]);
}

/** dz from what the forward pass left. */
export function spatialCrossEntropyGrad(
  device: Device,
  io: { z: Binding; y: Binding; stats: Binding; share: Binding; g: Binding; dz: Binding },
  { maps, size }: { maps: number; size: number },
): void {
  const { chunks } = shareMaps({ maps, h: 1, w: size });
  device.dispatch({ shader: spatialSoftmaxCeDx }, io, { maps, size, chunks }, linearGrid(maps * chunks));
}
