import type { Device } from "../../device/index.ts";
import type { ChannelEnd } from "../common/channel-end.ts";
import { most } from "../common/grid.ts";
import type { ConvPass, ConvVariant, ForwardIo } from "./conv-variant.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import { forwardGather, type Gather, inputGradGathers, inputGradPieces } from "./conv2d-gather.ts";

/** Forward and input gradient of a variant that runs a convolution in its gathered form. */
export const byGathers = (
  run: (device: Device, io: ForwardIo, gather: Gather, end?: ChannelEnd) => void,
): Pick<ConvVariant<Conv2dDims>, "forward" | "inputGrad"> => ({
  forward: (device, io, dims, end) => run(device, io, forwardGather(dims), end),
  inputGrad(device, { g, w, inputGrad }, dims) {
    for (const gather of inputGradGathers(dims)) run(device, { x: g, w, y: inputGrad }, gather);
  },
});

/**
 * Whether the pass is few dispatches, as in an input gradient each residue of the stride is one of its own, and its workgroups
 * fit a grid for the smallest tile, of four channels: groups and channels lie along one side, taps of a weight along another.
 */
export const fewGathers = (d: Conv2dDims, pass: ConvPass): boolean => {
  const { outer } = channelsOf(d, pass);
  if (d.groups * Math.ceil(outer / 4) > most) return false;
  if (pass === "weightGrad") return Math.ceil(((d.c / d.groups) * d.kh * d.kw) / 4) <= most;
  return pass !== "inputGrad" || inputGradPieces(d) <= 64;
};

/** Channels of a group that a pass sums over, and that it makes. */
export const channelsOf = (d: Conv2dDims, pass: ConvPass): { inner: number; outer: number } => {
  const [inputs, outputs] = [d.c / d.groups, d.o / d.groups];
  return pass === "inputGrad" ? { inner: outputs, outer: inputs } : { inner: inputs, outer: outputs };
};
