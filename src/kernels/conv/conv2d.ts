import type { Binding, Device, Trial } from "../../device/index.ts";
import { decide, magnitude } from "../common/variants.ts";
import { type ConvPass, convTrial } from "./conv-trial.ts";
import { type ConvVariant, chooseConvVariant, convVariants } from "./conv2d-choose.ts";
import { depthwiseForward, depthwiseInputGrad, depthwiseWeightGrad } from "./conv2d-depthwise.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import { directForward, directInputGrad, directWeightGrad } from "./conv2d-direct.ts";
import { fastGather, fastWeightGrad } from "./conv2d-fast.ts";
import { forwardGather, type Gather, inputGradGathers } from "./conv2d-gather.ts";
import { pointwiseGather, pointwiseWeightGrad } from "./conv2d-pointwise.ts";
import { winogradGather, winogradWeightGrad } from "./conv2d-winograd.ts";
import { workgroupGather, workgroupWeightGrad } from "./conv2d-workgroup.ts";

export type { Conv2dDims } from "./conv2d-dims.ts";

/** What may follow a convolution in the same kernel; NaN goes through. */
export type Activation = "relu";

/** The store's expression of each. @internal */
export const activations: Readonly<Record<Activation, string>> = {
  relu: "select(max(a, 0.0), a, (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u)",
};

export interface Conv2dOptions {
  /** Insists on one variant; by default the tuner's choice, else `chooseConvVariant`'s. ConfigError when it cannot run here. */
  readonly variant?: ConvVariant;
}

const classOf = (d: Conv2dDims): string => {
  const kernel = `${d.kh}x${d.kw} s${d.strideH}x${d.strideW} d${d.dilationH}x${d.dilationW}`;
  return `${d.c / d.groups}>${d.o / d.groups} g${d.groups} ${kernel} ${magnitude(d.n * d.outH)}x${magnitude(d.outW)}`;
};

type Pass = (device: Device, a: Binding, b: Binding, out: Binding, dims: Conv2dDims, variant: ConvVariant) => void;

const passes: Readonly<Record<ConvPass, Pass>> = {
  forward: (device, x, w, y, dims, variant) => conv2dForward(device, { x, w, y }, dims, { variant }),
  inputGrad: (device, g, w, inputGrad, dims, variant) =>
    conv2dInputGrad(device, { g, w, inputGrad }, dims, { variant }),
  weightGrad: (device, x, g, weightGrad, dims, variant) =>
    conv2dWeightGrad(device, { x, g, weightGrad }, dims, { variant }),
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
  return convTrial(pass, sizes, (variant, a, b, out) => passes[pass](device, a, b, out, d, variant as ConvVariant));
}

const variantOf = (pass: ConvPass, device: Device, dims: Conv2dDims, wanted: ConvVariant | undefined): ConvVariant =>
  decide(device, {
    family: "conv2d",
    pass,
    wanted,
    able: () => convVariants(pass, dims, device),
    choose: () => chooseConvVariant(pass, dims, device),
    shapeClass: () => classOf(dims),
    trial: () => trialOf(pass, device, dims),
  });

function gathered(
  device: Device,
  io: { x: Binding; w: Binding; bias?: Binding; y: Binding },
  gather: Gather,
  variant: Exclude<ConvVariant, "direct" | "depthwise">,
  exprs: { act?: string } = {},
): void {
  if (variant === "winograd") winogradGather(device, io, gather, exprs);
  else if (variant === "pointwise") pointwiseGather(device, io, gather, exprs);
  else if (variant === "workgroup") workgroupGather(device, io, gather, exprs);
  else fastGather(device, io, gather, variant, exprs);
}

/** y [n, o, outH, outW] = conv2d(x [n, c, h, w], w [o, c / groups, kh, kw]) + bias [o], through an activation. */
export function conv2dForward(
  device: Device,
  io: { x: Binding; w: Binding; bias?: Binding; y: Binding },
  dims: Conv2dDims,
  options: Conv2dOptions & { readonly activation?: Activation } = {},
): void {
  const variant = variantOf("forward", device, dims, options.variant);
  const exprs = options.activation ? { act: activations[options.activation] } : {};
  if (variant === "direct") directForward(device, io, dims, exprs);
  else if (variant === "depthwise") depthwiseForward(device, io, dims, exprs);
  else gathered(device, io, forwardGather(dims), variant, exprs);
}

/** inputGrad [n, c, h, w], the gradient of the input, from g [n, o, outH, outW] and the weights w. */
export function conv2dInputGrad(
  device: Device,
  io: { g: Binding; w: Binding; inputGrad: Binding },
  dims: Conv2dDims,
  options: Conv2dOptions = {},
): void {
  const variant = variantOf("inputGrad", device, dims, options.variant);
  if (variant === "direct") directInputGrad(device, io, dims);
  else if (variant === "depthwise") depthwiseInputGrad(device, io, dims);
  else
    for (const gather of inputGradGathers(dims))
      gathered(device, { x: io.g, w: io.w, y: io.inputGrad }, gather, variant);
}

/** weightGrad [o, c / groups, kh, kw], the gradient of the weights, from the input x and g [n, o, outH, outW]. */
export function conv2dWeightGrad(
  device: Device,
  io: { x: Binding; g: Binding; weightGrad: Binding },
  dims: Conv2dDims,
  options: Conv2dOptions = {},
): void {
  const variant = variantOf("weightGrad", device, dims, options.variant);
  if (variant === "direct") directWeightGrad(device, io, dims);
  else if (variant === "depthwise") depthwiseWeightGrad(device, io, dims);
  else if (variant === "winograd") winogradWeightGrad(device, io, dims);
  else if (variant === "pointwise") pointwiseWeightGrad(device, io, dims);
  else if (variant === "workgroup") workgroupWeightGrad(device, io, dims);
  else fastWeightGrad(device, io, dims, variant);
}
