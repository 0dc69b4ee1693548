import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { shareMaps } from "../common/maps.ts";
import { withFloats } from "../common/scratch.ts";
import { spatialSoftmaxCe } from "../wgsl/spatial-softmax-ce.ts";
import { spatialSoftmaxCeInputGrad } from "../wgsl/spatial-softmax-ce-input-grad.ts";
import { spatialSoftmaxCeJoin } from "../wgsl/spatial-softmax-ce-join.ts";
import { spatialSoftmaxCeStats } from "../wgsl/spatial-softmax-ce-stats.ts";

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
    withFloats(device, maps * chunks * 4, "spatialSoftmaxCrossEntropy's partial sums", (some) => {
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
  withFloats(device, maps * chunks * 4, "spatialSoftmaxCrossEntropy's partial sums", (parts) => {
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

/** inputGrad from what the forward pass left. */
export function spatialCrossEntropyGrad(
  device: Device,
  io: { z: Binding; y: Binding; stats: Binding; share: Binding; g: Binding; inputGrad: Binding },
  { maps, size }: { maps: number; size: number },
): void {
  const { chunks } = shareMaps({ maps, h: 1, w: size });
  device.dispatch({ shader: spatialSoftmaxCeInputGrad }, io, { maps, size, chunks }, linearGrid(maps * chunks));
}
