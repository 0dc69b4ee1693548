import type { Binding, Device, Trial } from "../../device/index.ts";
import { decide, magnitude } from "../common/variants.ts";
import { type ConvPass, convTrial } from "./conv-trial.ts";
import type { Conv3dDims } from "./conv3d-dims.ts";
import { directForward3d, directInputGrad3d, directWeightGrad3d } from "./conv3d-direct.ts";
import { planesForward, planesInputGrad, planesScratch, planesWeightGrad } from "./conv3d-planes.ts";

export type { Conv3dDims } from "./conv3d-dims.ts";

/**
 * "planes": gathers the planes each output depth looks at and runs conv2d's kernels on them, two to three times as fast on
 * lavapipe; takes kd times the memory of x for a while. "direct": kernels of its own, in place.
 */
export const conv3dVariantNames = ["planes", "direct"] as const;
export type Conv3dVariant = (typeof conv3dVariantNames)[number];

/** Scratch memory that is too much to ask for. */
const mostScratch = 256 * 2 ** 20;

export const chooseConv3dVariant = (dims: Conv3dDims, bindingLimit: number): Conv3dVariant =>
  planesScratch(dims) <= Math.min(bindingLimit, mostScratch) ? "planes" : "direct";

const variantsOf = (dims: Conv3dDims, bindingLimit: number): readonly Conv3dVariant[] =>
  planesScratch(dims) <= bindingLimit ? ["planes", "direct"] : ["direct"];

const classOf = (d: Conv3dDims): string =>
  `${d.c / d.groups}>${d.o / d.groups} g${d.groups} ${d.kd}x${d.kh}x${d.kw} s${d.strideD}x${d.strideH}x${d.strideW} d${d.dilationD}x${d.dilationH}x${d.dilationW} ${magnitude(d.n * d.outD)}x${magnitude(d.outH)}x${magnitude(d.outW)}`;

type Pass = (device: Device, a: Binding, b: Binding, out: Binding, dims: Conv3dDims, variant: Conv3dVariant) => void;

const passes: Readonly<Record<ConvPass, Pass>> = {
  forward: (device, x, w, y, dims, variant) => conv3dForward(device, { x, w, y }, dims, variant),
  inputGrad: (device, g, w, inputGrad, dims, variant) => conv3dInputGrad(device, { g, w, inputGrad }, dims, variant),
  weightGrad: (device, x, g, weightGrad, dims, variant) =>
    conv3dWeightGrad(device, { x, g, weightGrad }, dims, variant),
};

function trialOf(pass: ConvPass, device: Device, d: Conv3dDims): Trial {
  const taps = d.kd * d.kh * d.kw;
  const places = d.n * d.outD * d.outH * d.outW;
  const sizes = {
    x: d.n * d.c * d.d * d.h * d.w,
    w: d.o * (d.c / d.groups) * taps,
    y: d.o * places,
    terms: { forward: (d.c / d.groups) * taps, inputGrad: (d.o / d.groups) * taps, weightGrad: places },
  };
  return convTrial(pass, sizes, (variant, a, b, out) => passes[pass](device, a, b, out, d, variant as Conv3dVariant));
}

const variantOf = (
  pass: ConvPass,
  device: Device,
  dims: Conv3dDims,
  wanted: Conv3dVariant | undefined,
): Conv3dVariant =>
  decide(device, {
    family: "conv3d",
    pass,
    wanted,
    able: () => variantsOf(dims, device.limits.maxStorageBufferBindingSize),
    choose: () => chooseConv3dVariant(dims, device.limits.maxStorageBufferBindingSize),
    shapeClass: () => classOf(dims),
    trial: () => trialOf(pass, device, dims),
  });

/** y [n, o, outD, outH, outW] = conv3d(x [n, c, d, h, w], w [o, c / groups, kd, kh, kw]) + bias [o]. */
export const conv3dForward = (
  device: Device,
  io: { x: Binding; w: Binding; bias?: Binding; y: Binding },
  dims: Conv3dDims,
  variant?: Conv3dVariant,
): void =>
  (variantOf("forward", device, dims, variant) === "planes" ? planesForward : directForward3d)(device, io, dims);

/** inputGrad [n, c, d, h, w], the gradient of the input, from g [n, o, outD, outH, outW] and the weights w. */
export const conv3dInputGrad = (
  device: Device,
  io: { g: Binding; w: Binding; inputGrad: Binding },
  dims: Conv3dDims,
  variant?: Conv3dVariant,
): void =>
  (variantOf("inputGrad", device, dims, variant) === "planes" ? planesInputGrad : directInputGrad3d)(device, io, dims);

/** weightGrad [o, c / groups, kd, kh, kw], the gradient of the weights, from the input x and g [n, o, outD, outH, outW]. */
export const conv3dWeightGrad = (
  device: Device,
  io: { x: Binding; g: Binding; weightGrad: Binding },
  dims: Conv3dDims,
  variant?: Conv3dVariant,
): void =>
  (variantOf("weightGrad", device, dims, variant) === "planes" ? planesWeightGrad : directWeightGrad3d)(
    device,
    io,
    dims,
  );
