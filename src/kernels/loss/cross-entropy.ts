import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { chunksOf, type Rows } from "../reduce/softmax.ts";
import { crossEntropy } from "../wgsl/cross-entropy.ts";
import { crossEntropyInputGrad } from "../wgsl/cross-entropy-input-grad.ts";
import { crossEntropyStats } from "../wgsl/cross-entropy-stats.ts";

/** terms [outer, inner] over z and y [outer, length, inner]; stats [outer, inner, 4] are for the gradient. */
export function crossEntropyTerms(
  device: Device,
  { z, y, stats, terms }: { z: Binding; y: Binding; stats: Binding; terms: Binding },
  { outer, length, inner }: Rows,
): void {
  const count = outer * inner;
  // With rows enough for any adapter each is one invocation's; else they are shared, but never by more than 64.
  const chunks = count >= 8192 ? 1 : Math.min(64, chunksOf({ outer, length, inner }));
  withFloats(device, count * chunks * 4, "crossEntropy's partial sums", (parts) => {
    device.dispatch(
      { shader: crossEntropyStats },
      { z, y, parts },
      { outer, length, inner, chunks },
      linearGrid(count * chunks),
    );
    device.dispatch({ shader: crossEntropy }, { parts, stats, terms }, { outer, inner, chunks }, linearGrid(count));
  });
}

/** loss [1] = scale * the sum of `count` terms. */
export const sumTerms = (device: Device, terms: Binding, loss: Binding, count: number, scale: number): void =>
  reduceAxis(device, "sum", { x: terms, y: loss }, { outer: 1, length: count, inner: 1, scale });

/** inputGrad [outer, length, inner] from what the forward pass left; g one number, or one for each row. */
export function crossEntropyGrad(
  device: Device,
  io: { z: Binding; y: Binding; stats: Binding; g: Binding; inputGrad: Binding },
  { outer, length, inner }: Rows,
  { each, scale }: { each: boolean; scale: number },
): void {
  const n = outer * length * inner;
  device.dispatch(
    { shader: crossEntropyInputGrad, overrides: { EACH: each ? 1 : 0 } },
    io,
    { n, length, inner, scale },
    linearGrid(n, 4),
  );
}
