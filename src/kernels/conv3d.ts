import type { Binding, Device } from "../device/index.ts";
import type { Conv3dDims } from "./conv3d-dims.ts";
import { directForward3d, directInputGrad3d, directWeightGrad3d } from "./conv3d-direct.ts";
import { planesForward, planesInputGrad, planesScratch, planesWeightGrad } from "./conv3d-planes.ts";

export type { Conv3dDims } from "./conv3d-dims.ts";

/**
 * "planes": gathers the planes each output depth looks at and runs conv2d's kernels on them, two to three times as fast on
 * lavapipe; takes kd times the memory of x for a while. "direct": kernels of its own, in place.
 */
export type Conv3dVariant = "planes" | "direct";

/** Scratch memory that is too much to ask for. */
const mostScratch = 256 * 2 ** 20;

export const chooseConv3dVariant = (dims: Conv3dDims, bindingLimit: number): Conv3dVariant =>
  planesScratch(dims) <= Math.min(bindingLimit, mostScratch) ? "planes" : "direct";

const variantOf = (device: Device, dims: Conv3dDims, wanted: Conv3dVariant | undefined): Conv3dVariant =>
  wanted ??
  (device.variants.get("conv3d") as Conv3dVariant | undefined) ??
  chooseConv3dVariant(dims, device.limits.maxStorageBufferBindingSize);

/** y [n, o, outD, outH, outW] = conv3d(x [n, c, d, h, w], w [o, c / groups, kd, kh, kw]) + bias [o]. */
export const conv3dForward = (
  device: Device,
  io: { x: Binding; w: Binding; bias?: Binding; y: Binding },
  dims: Conv3dDims,
  variant?: Conv3dVariant,
): void => (variantOf(device, dims, variant) === "planes" ? planesForward : directForward3d)(device, io, dims);

/** dx [n, c, d, h, w], the gradient of the input, from g [n, o, outD, outH, outW] and the weights w. */
export const conv3dInputGrad = (
  device: Device,
  io: { g: Binding; w: Binding; dx: Binding },
  dims: Conv3dDims,
  variant?: Conv3dVariant,
): void => (variantOf(device, dims, variant) === "planes" ? planesInputGrad : directInputGrad3d)(device, io, dims);

/** dw [o, c / groups, kd, kh, kw], the gradient of the weights, from the input x and g [n, o, outD, outH, outW]. */
export const conv3dWeightGrad = (
  device: Device,
  io: { x: Binding; g: Binding; dw: Binding },
  dims: Conv3dDims,
  variant?: Conv3dVariant,
): void => (variantOf(device, dims, variant) === "planes" ? planesWeightGrad : directWeightGrad3d)(device, io, dims);
