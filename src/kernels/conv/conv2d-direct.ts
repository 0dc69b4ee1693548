import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { conv2dDirect } from "../wgsl/conv2d-direct.ts";
import { conv2dDirectInputGrad } from "../wgsl/conv2d-direct-input-grad.ts";
import { conv2dDirectWeightGrad } from "../wgsl/conv2d-direct-weight-grad.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import { evenPieces, piecesOfSums } from "./conv2d-pieces.ts";

/** One output a thread, any configuration. */
export function directForward(
  device: Device,
  { x, w, bias, y }: { x: Binding; w: Binding; bias?: Binding; y: Binding },
  dims: Conv2dDims,
  exprs: { act?: string } = {},
): void {
  const outputs = dims.n * dims.o * dims.outH * dims.outW;
  device.dispatch(
    { shader: conv2dDirect, overrides: { HAS_BIAS: bias ? 1 : 0 }, exprs },
    { x, weight: w, bias: bias ?? w, y },
    { ...dims, split: 1, spacing: 1 },
    linearGrid(outputs),
  );
}

/** One element of inputGrad a thread, any configuration. */
export function directInputGrad(
  device: Device,
  { g, w, inputGrad }: { g: Binding; w: Binding; inputGrad: Binding },
  dims: Conv2dDims,
): void {
  const inputs = dims.n * dims.c * dims.h * dims.w;
  device.dispatch(
    { shader: conv2dDirectInputGrad },
    { g, weight: w, inputGrad },
    { ...dims, split: 1, spacing: 1 },
    linearGrid(inputs),
  );
}

/** One weight a thread and piece of the rows, any configuration. */
export function directWeightGrad(
  device: Device,
  { x, g, weightGrad }: { x: Binding; g: Binding; weightGrad: Binding },
  dims: Conv2dDims,
): void {
  const weights = dims.o * (dims.c / dims.groups) * dims.kh * dims.kw;
  // Enough threads to fill a device, and short sums, which round less.
  const rows = dims.n * dims.outH;
  const enough = Math.min(256, Math.ceil(65536 / Math.max(1, weights)));
  const split = evenPieces(rows, Math.max(enough, piecesOfSums(rows * dims.outW, weights)));
  const run = (into: Binding) =>
    device.dispatch(
      { shader: conv2dDirectWeightGrad },
      { x, g, weightGrad: into },
      { ...dims, split, spacing: 1 },
      linearGrid(weights * split),
    );
  if (split === 1) run(weightGrad);
  else
    withFloats(device, weights * split, "conv2d's partial weight gradients", (parts) => {
      run(parts);
      reduceAxis(device, "sum", { x: parts, y: weightGrad }, { outer: 1, length: split, inner: weights });
    });
}
