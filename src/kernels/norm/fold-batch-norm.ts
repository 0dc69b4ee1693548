import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { foldBatchNorm } from "../wgsl/fold-batch-norm.ts";

/** Weights [channels, k] and bias of a convolution with the batch norm behind it taken in; see the shader. */
export function foldBatchNormKernel(
  device: Device,
  io: {
    weight: Binding;
    bias: Binding | undefined;
    gamma: Binding;
    beta: Binding;
    mean: Binding;
    variance: Binding;
    foldedWeight: Binding;
    foldedBias: Binding;
  },
  { channels, k, eps }: { channels: number; k: number; eps: number },
): void {
  const n = channels * k;
  device.dispatch(
    { shader: foldBatchNorm },
    { ...io, bias: io.bias ?? io.beta },
    { n, k, eps, hasBias: io.bias ? 1 : 0 },
    linearGrid(n),
  );
}
