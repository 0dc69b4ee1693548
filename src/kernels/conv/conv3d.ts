import type { Device, Trial } from "../../device/index.ts";
import { decide, magnitude } from "../common/variants.ts";
import {
  type ConvPass,
  type ConvVariant,
  convTrial,
  type ForwardIo,
  type InputGradIo,
  type WeightGradIo,
} from "./conv-variant.ts";
import type { Conv3dDims } from "./conv3d-dims.ts";
import { direct3d } from "./conv3d-direct.ts";
import { planes } from "./conv3d-planes.ts";

export type { Conv3dDims } from "./conv3d-dims.ts";

/** Every way to run a 3-D convolution. A new one is a file and a place here. */
export const conv3dVariants = [planes, direct3d] as const;

export type Conv3dVariant = (typeof conv3dVariants)[number]["name"];

const classOf = (d: Conv3dDims): string =>
  `${d.c / d.groups}>${d.o / d.groups} g${d.groups} ${d.kd}x${d.kh}x${d.kw} s${d.strideD}x${d.strideH}x${d.strideW} d${d.dilationD}x${d.dilationH}x${d.dilationW} ${magnitude(d.n * d.outD)}x${magnitude(d.outH)}x${magnitude(d.outW)}`;

function trialOf(pass: ConvPass, device: Device, d: Conv3dDims): Trial {
  const taps = d.kd * d.kh * d.kw;
  const places = d.n * d.outD * d.outH * d.outW;
  const sizes = {
    x: d.n * d.c * d.d * d.h * d.w,
    w: d.o * (d.c / d.groups) * taps,
    y: d.o * places,
    terms: { forward: (d.c / d.groups) * taps, inputGrad: (d.o / d.groups) * taps, weightGrad: places },
  };
  return convTrial(device, { variants: conv3dVariants, pass, dims: d }, sizes);
}

const variantOf = (
  pass: ConvPass,
  device: Device,
  dims: Conv3dDims,
  wanted: Conv3dVariant | undefined,
): ConvVariant<Conv3dDims> =>
  decide<Conv3dDims, ConvPass, ConvVariant<Conv3dDims>>(device, {
    family: "conv3d",
    variants: conv3dVariants,
    pass,
    dims,
    wanted,
    shapeClass: classOf,
    trial: () => trialOf(pass, device, dims),
  });

/** y [n, o, outD, outH, outW] = conv3d(x [n, c, d, h, w], w [o, c / groups, kd, kh, kw]) + bias [o]. */
export const conv3dForward = (device: Device, io: ForwardIo, dims: Conv3dDims, variant?: Conv3dVariant): void =>
  variantOf("forward", device, dims, variant).forward(device, io, dims);

/** inputGrad [n, c, d, h, w] from g [n, o, outD, outH, outW] and the weights w. */
export const conv3dInputGrad = (device: Device, io: InputGradIo, dims: Conv3dDims, variant?: Conv3dVariant): void =>
  variantOf("inputGrad", device, dims, variant).inputGrad(device, io, dims);

/** weightGrad [o, c / groups, kd, kh, kw] from the input x and g [n, o, outD, outH, outW]. */
export const conv3dWeightGrad = (device: Device, io: WeightGradIo, dims: Conv3dDims, variant?: Conv3dVariant): void =>
  variantOf("weightGrad", device, dims, variant).weightGrad(device, io, dims);
