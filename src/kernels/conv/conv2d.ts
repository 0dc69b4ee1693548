import type { Device, Trial } from "../../device/index.ts";
import type { ChannelNorm } from "../common/channel-end.ts";
import { decide, magnitude } from "../common/variants.ts";
import {
  type ConvPass,
  type ConvVariant,
  convTrial,
  type ForwardIo,
  type InputGradIo,
  type WeightGradIo,
} from "./conv-variant.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import { type Conv2dVariant, conv2dVariants } from "./conv2d-variants.ts";

export type { Conv2dDims } from "./conv2d-dims.ts";

/** What may follow a convolution in the same kernel; NaN goes through. */
export type Activation = "relu";

/** The store's expression of each. @internal */
export const activations: Readonly<Record<Activation, string>> = {
  relu: "select(max(a, 0.0), a, (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u)",
};

export interface Conv2dKernelOptions {
  /** Insists on one variant; by default the tuner's choice, else the cheapest. ConfigError when it cannot run here. */
  readonly variant?: Conv2dVariant;
}

const classOf = (d: Conv2dDims): string => {
  const kernel = `${d.kh}x${d.kw} s${d.strideH}x${d.strideW} d${d.dilationH}x${d.dilationW}`;
  return `${d.c / d.groups}>${d.o / d.groups} g${d.groups} ${kernel} ${magnitude(d.n * d.outH)}x${magnitude(d.outW)}`;
};

function trialOf(pass: ConvPass, device: Device, d: Conv2dDims): Trial {
  const taps = d.kh * d.kw;
  const sizes = {
    x: d.n * d.c * d.h * d.w,
    w: d.o * (d.c / d.groups) * taps,
    y: d.n * d.o * d.outH * d.outW,
    terms: {
      forward: (d.c / d.groups) * taps,
      inputGrad: (d.o / d.groups) * taps,
      weightGrad: d.n * d.outH * d.outW,
    },
  };
  return convTrial(device, { variants: conv2dVariants, pass, dims: d }, sizes);
}

const variantOf = (
  pass: ConvPass,
  device: Device,
  dims: Conv2dDims,
  wanted: Conv2dVariant | undefined,
): ConvVariant<Conv2dDims> =>
  decide<Conv2dDims, ConvPass, ConvVariant<Conv2dDims>>(device, {
    family: "conv2d",
    variants: conv2dVariants,
    pass,
    dims,
    wanted,
    shapeClass: classOf,
    trial: () => trialOf(pass, device, dims),
  });

/** y [n, o, outH, outW] = conv2d(x [n, c, h, w], w [o, c / groups, kh, kw]) + bias [o], through a norm and an activation. */
export function conv2dForward(
  device: Device,
  io: ForwardIo,
  dims: Conv2dDims,
  options: Conv2dKernelOptions & { readonly norm?: ChannelNorm; readonly activation?: Activation } = {},
): void {
  const { norm, activation } = options;
  const end = { norm, act: activation && activations[activation] };
  variantOf("forward", device, dims, options.variant).forward(device, io, dims, end);
}

/** inputGrad [n, c, h, w] from g [n, o, outH, outW] and the weights w. */
export function conv2dInputGrad(
  device: Device,
  io: InputGradIo,
  dims: Conv2dDims,
  options: Conv2dKernelOptions = {},
): void {
  variantOf("inputGrad", device, dims, options.variant).inputGrad(device, io, dims);
}

/** weightGrad [o, c / groups, kh, kw] from the input x and g [n, o, outH, outW]. */
export function conv2dWeightGrad(
  device: Device,
  io: WeightGradIo,
  dims: Conv2dDims,
  options: Conv2dKernelOptions = {},
): void {
  variantOf("weightGrad", device, dims, options.variant).weightGrad(device, io, dims);
}
